// TlsContext: what a TLS client trusts, offers and remembers; makes TLS streams over other streams.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "net/fault.h"
#include "net/stream.h"

namespace weir::net {

enum class TlsVersion : std::uint8_t { tls1_0, tls1_1, tls1_2, tls1_3 };

/// k6's tlsAuth entries. PEM text; `password` only when the key is encrypted.
struct TlsClientCertificate {
    std::string certificate{};
    std::string key{};
    std::string password{};
    std::vector<std::string> domains{};  // names or "*.domain"; empty: every host
};

/// k6's options insecureSkipTLSVerify, tlsVersion, tlsCipherSuites and tlsAuth.
struct TlsSettings {
    bool verify = true;
    std::optional<TlsVersion> oldest{};        // default: TLS 1.2
    std::optional<TlsVersion> newest{};        // default: the newest there is
    std::vector<std::string> cipher_suites{};  // IANA or Go names; empty: the library's choice
    std::vector<TlsClientCertificate> client_certificates{};
    std::string roots_file{};  // PEM; added to the system's roots and SSL_CERT_FILE
    /// Off as in k6: a session of one virtual user would be resumed by another, which no visitor
    /// does.
    bool resume_sessions = false;
    std::vector<std::string> alpn{"http/1.1"};
};

/// "tls1.0" … "tls1.3" as k6 writes versions.
[[nodiscard]] base::Result<TlsVersion> parse_tls_version(std::string_view text);

/// One per run and worker. Not thread-safe.
class TlsContext {
public:
    /// The error names the certificate, key or suite that cannot be used.
    [[nodiscard]] static base::Result<std::unique_ptr<TlsContext>> make(
        const TlsSettings& settings);
    ~TlsContext();  // its streams may live on
    TlsContext(const TlsContext&) = delete;
    TlsContext& operator=(const TlsContext&) = delete;

    /// Shakes hands over `carrier` and takes it over. `host` is checked against the certificate
    /// and, unless an address literal, sent as SNI. Parks the calling fiber.
    [[nodiscard]] std::variant<std::unique_ptr<Stream>, Failure> secure(
        std::unique_ptr<Stream> carrier, std::string_view host, base::Instant deadline);

private:
    friend class TlsStream;
    struct State;
    explicit TlsContext(std::shared_ptr<State> state);
    std::shared_ptr<State> state_;
};

}  // namespace weir::net
