// Inside of TlsContext: OpenSSL's objects with owners. For net/tls_*.cc only.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <openssl/ssl.h>

#include "base/hash.h"
#include "net/host_rules.h"
#include "net/tls_context.h"

namespace weir::net {

template <auto release>
struct Free {
    template <typename T>
    void operator()(T* object) const noexcept {
        release(object);
    }
};

inline void free_chain(STACK_OF(X509) * chain) noexcept {
    sk_X509_pop_free(chain, X509_free);
}

/// A certificate of the client's own and the hosts that may see it.
struct ClientIdentity {
    std::unique_ptr<X509, Free<X509_free>> certificate;
    std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>> key;
    std::unique_ptr<STACK_OF(X509), Free<free_chain>> chain;
    std::vector<HostPattern> domains;

    [[nodiscard]] bool is_for(std::string_view host) const noexcept;
};

struct TlsContext::State {
    std::unique_ptr<SSL_CTX, Free<SSL_CTX_free>> context;
    std::unique_ptr<BIO_METHOD, Free<BIO_meth_free>> carrier_method{make_carrier_method()};
    std::vector<ClientIdentity> identities;
    base::TextMap<std::unique_ptr<SSL_SESSION, Free<SSL_SESSION_free>>> sessions;  // by host:port
    bool resume = false;

    static BIO_METHOD* make_carrier_method();
    static int on_new_session(SSL* ssl, SSL_SESSION* session);
};

/// The first reason in this thread's error queue, or nothing; empties the queue.
[[nodiscard]] std::string openssl_reason();

}  // namespace weir::net
