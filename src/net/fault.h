// Fault: why a connection could not be made or used. A failing target is data, not an Error.
#pragma once

#include <cstdint>
#include <string>

namespace weir::net {

enum class Fault : std::uint8_t {
    none,
    cancelled,        // our own fiber was asked to end
    dns_not_found,    // the name does not exist
    dns_failed,       // the resolver did not answer
    blocked_address,  // blacklistIPs
    blocked_host,     // blockHostnames
    dial_timed_out,
    connection_refused,
    dial_failed,        // any other failure to connect (text says which)
    no_local_resource,  // out of descriptors or local ports: the generator's fault, not the
                        // target's
    tls_handshake,      // protocol alert, version or cipher mismatch
    tls_untrusted,      // chain does not lead to a trusted root
    tls_wrong_host,     // certificate is for another name
    tls_expired,        // certificate is not valid now
    timed_out,          // deadline passed while sending or receiving
    closed,             // orderly end of stream where bytes were expected
    reset,              // connection reset or broken pipe
    proxy_refused,      // the proxy answered CONNECT with something other than 2xx
    io,                 // anything else; text says what
};

/// A fault and the words for people (errno text, OpenSSL reason, host and port).
struct Failure {
    Fault fault = Fault::none;
    std::string text;
    [[nodiscard]] bool failed() const noexcept { return fault != Fault::none; }
};

}  // namespace weir::net
