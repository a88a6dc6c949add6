// TlsServer: for tests: certificates made on the spot and the server's side of TLS over a stream.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "base/assert.h"
#include "net/stream.h"
#include "net/tls_state.h"

namespace weir::net::testing {

struct Certificate {
    std::unique_ptr<X509, Free<X509_free>> x509{};
    std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>> key{};

    [[nodiscard]] std::string pem() const;
    [[nodiscard]] std::string key_pem(std::string_view password = {}) const;
};

struct CertificateWish {
    std::string names = "DNS:localhost,IP:127.0.0.1";
    long valid_from = -3600;  // seconds from now
    long valid_to = 3600;
    const Certificate* issuer = nullptr;  // null: signed by itself
    bool authority = false;
};

inline std::string text_of(BIO* bio) {
    char* data = nullptr;
    const long length = BIO_ctrl(bio, BIO_CTRL_INFO, 0, &data);
    std::string text(data, static_cast<std::size_t>(length));
    BIO_free(bio);
    return text;
}

inline std::string Certificate::pem() const {
    BIO* const bio = BIO_new(BIO_s_mem());
    CHECK(PEM_write_bio_X509(bio, x509.get()) == 1);
    return text_of(bio);
}

inline std::string Certificate::key_pem(std::string_view password) const {
    BIO* const bio = BIO_new(BIO_s_mem());
    std::vector<unsigned char> secret(password.begin(), password.end());
    CHECK(PEM_write_bio_PrivateKey(bio, key.get(), secret.empty() ? nullptr : EVP_aes_128_cbc(),
                                   secret.data(), static_cast<int>(secret.size()), nullptr,
                                   nullptr) == 1);
    return text_of(bio);
}

inline Certificate make_certificate(const CertificateWish& wish = {}) {
    static long serial = 1;
    Certificate made;
    made.key.reset(EVP_EC_gen("P-256"));
    made.x509.reset(X509_new());
    X509* const x509 = made.x509.get();
    X509_set_version(x509, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(x509), serial++);
    X509_gmtime_adj(X509_getm_notBefore(x509), wish.valid_from);
    X509_gmtime_adj(X509_getm_notAfter(x509), wish.valid_to);
    X509_set_pubkey(x509, made.key.get());
    const std::string name = wish.authority ? "test authority" : "test " + std::to_string(serial);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(x509), "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(name.data()),
                               static_cast<int>(name.size()), -1, 0);
    const Certificate& issuer = wish.issuer == nullptr ? made : *wish.issuer;
    X509_set_issuer_name(x509, X509_get_subject_name(issuer.x509.get()));
    const auto extend = [&](int kind, const std::string& value) {
        X509_EXTENSION* const extension =
            X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str());
        CHECK(extension != nullptr && X509_add_ext(x509, extension, -1) == 1);
        X509_EXTENSION_free(extension);
    };
    extend(NID_basic_constraints, wish.authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
    if (!wish.names.empty()) extend(NID_subject_alt_name, wish.names);
    CHECK(X509_sign(x509, issuer.key.get(), EVP_sha256()) > 0);
    return made;
}

struct TlsServerSettings {
    const Certificate* certificate = nullptr;
    const Certificate* accepted_clients =
        nullptr;  // an authority: a client certificate is required
    int newest = TLS1_3_VERSION;
    bool close_notify = true;
};

class TlsServer {
public:
    explicit TlsServer(const TlsServerSettings& settings)
        : context_(SSL_CTX_new(TLS_server_method())), close_notify_(settings.close_notify) {
        SSL_CTX* const context = context_.get();
        CHECK(SSL_CTX_use_certificate(context, settings.certificate->x509.get()) == 1);
        CHECK(SSL_CTX_use_PrivateKey(context, settings.certificate->key.get()) == 1);
        SSL_CTX_set_max_proto_version(context, settings.newest);
        SSL_CTX_set_alpn_select_cb(context, &TlsServer::choose_http, nullptr);
        const std::array<unsigned char, 4> id{'t', 'e', 's', 't'};
        SSL_CTX_set_session_id_context(context, id.data(), id.size());
        if (settings.accepted_clients == nullptr) return;
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
        X509_STORE_add_cert(SSL_CTX_get_cert_store(context), settings.accepted_clients->x509.get());
    }

    /// One connection. Its calls park the calling fiber; false once anything went wrong.
    class Session {
    public:
        Session(TlsServer& server, Stream& carrier)
            : carrier_(&carrier), ssl_(SSL_new(server.context_.get())), server_(&server) {
            SSL_set_bio(ssl_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
        }
        ~Session() {
            if (!server_->close_notify_ || SSL_is_init_finished(ssl_.get()) == 0) return;
            ERR_clear_error();
            SSL_shutdown(ssl_.get());
            static_cast<void>(send_out());
        }
        Session(const Session&) = delete;
        Session& operator=(const Session&) = delete;

        [[nodiscard]] bool accept() {
            const bool done = drive([this] { return SSL_accept(ssl_.get()); });
            const char* const name = SSL_get_servername(ssl_.get(), TLSEXT_NAMETYPE_host_name);
            server_->seen_name = name == nullptr ? "" : name;
            return done;
        }
        [[nodiscard]] std::string read(std::size_t count) {
            std::string text(count, '\0');
            std::size_t have = 0;
            const auto more = [&] {
                const auto room = static_cast<int>(count - have);
                const int got = SSL_read(ssl_.get(), text.data() + have, room);
                if (got > 0) have += static_cast<std::size_t>(got);
                return got;
            };
            while (have < count && drive(more)) {
            }
            text.resize(have);
            return text;
        }
        [[nodiscard]] bool write(std::string_view text) {
            return drive(
                [&] { return SSL_write(ssl_.get(), text.data(), static_cast<int>(text.size())); });
        }

    private:
        [[nodiscard]] bool send_out() {
            std::array<std::byte, 4096> buffer{};
            while (true) {
                const int count = BIO_read(SSL_get_wbio(ssl_.get()), buffer.data(), buffer.size());
                if (count <= 0) return true;
                const auto bytes = std::span(buffer).first(static_cast<std::size_t>(count));
                if (carrier_->write(bytes, base::never).fault != Fault::none) return false;
            }
        }
        template <typename Operation>
        [[nodiscard]] bool drive(const Operation& operation) {
            std::array<std::byte, 4096> buffer{};
            while (true) {
                ERR_clear_error();
                const int result = operation();
                const int error = SSL_get_error(ssl_.get(), result);
                if (!send_out()) return false;
                if (result > 0) return true;
                if (error != SSL_ERROR_WANT_READ) return false;
                const IoResult got = carrier_->read(buffer, base::never);
                if (got.fault != Fault::none) return false;
                BIO_write(SSL_get_rbio(ssl_.get()), buffer.data(), static_cast<int>(got.bytes));
            }
        }

        Stream* carrier_;
        std::unique_ptr<SSL, Free<SSL_free>> ssl_;
        TlsServer* server_;
    };

    std::string seen_name;  // SNI of the last handshake

private:
    static int choose_http(SSL*,
                           const unsigned char** out,
                           unsigned char* length,
                           const unsigned char* offered,
                           unsigned offered_length,
                           void*) {
        static constexpr std::array<unsigned char, 9> wanted{8,   'h', 't', 't', 'p',
                                                             '/', '1', '.', '1'};
        unsigned char* chosen = nullptr;
        if (SSL_select_next_proto(&chosen, length, wanted.data(), wanted.size(), offered,
                                  offered_length) != OPENSSL_NPN_NEGOTIATED) {
            return SSL_TLSEXT_ERR_NOACK;
        }
        *out = chosen;
        return SSL_TLSEXT_ERR_OK;
    }

    std::unique_ptr<SSL_CTX, Free<SSL_CTX_free>> context_;
    bool close_notify_;
};

}  // namespace weir::net::testing
