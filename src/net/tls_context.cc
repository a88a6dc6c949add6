#include "net/tls_context.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/format.h"
#include "net/address.h"
#include "net/tls_state.h"

namespace weir::net {
namespace {

using base::Code;
using base::Error;
using base::Result;

/// Where distributions keep their roots, for a library that was built to look elsewhere.
constexpr std::array<const char*, 3> other_roots{
    "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"};

int protocol_number(TlsVersion version) noexcept {
    constexpr std::array<int, 4> numbers{TLS1_VERSION, TLS1_1_VERSION, TLS1_2_VERSION,
                                         TLS1_3_VERSION};
    return numbers[static_cast<std::size_t>(version)];
}

Error cannot(std::string_view doing) {
    const std::string why = openssl_reason();
    return {Code::invalid, base::format("{}: {}", doing, why.empty() ? "not possible" : why)};
}

/// A directory of roots by hash, as c_rehash leaves it: read one by one when one is needed.
bool has_hashed_roots() {
    const char* const chosen = std::getenv(X509_get_default_cert_dir_env());
    std::error_code none;
    const char* const directory = chosen != nullptr ? chosen : X509_get_default_cert_dir();
    for (const auto& entry : std::filesystem::directory_iterator(directory, none)) {
        if (entry.path().extension() == ".0") return true;
    }
    return false;
}

Result<void> load_roots(SSL_CTX* context, const TlsSettings& settings) {
    if (!settings.verify) return {};
    static_cast<void>(SSL_CTX_set_default_verify_dir(context));
    // The bundle of all roots takes 20 ms to read: only where it is asked for or all there is.
    const bool asked_for = std::getenv(X509_get_default_cert_file_env()) != nullptr;
    const bool hashed = has_hashed_roots();
    if (asked_for || !hashed) static_cast<void>(SSL_CTX_set_default_verify_file(context));
    if (!asked_for && !hashed && access(X509_get_default_cert_file(), R_OK) != 0) {
        for (const char* file : other_roots) {
            if (SSL_CTX_load_verify_file(context, file) == 1) break;
        }
    }
    ERR_clear_error();
    if (!settings.roots_file.empty() &&
        SSL_CTX_load_verify_file(context, settings.roots_file.c_str()) != 1) {
        return cannot(base::format("reading trusted roots from {}", settings.roots_file));
    }
    return {};
}

/// k6 and Go leave "_SHA256" off two names that IANA spells with it.
bool same_suite(std::string_view iana, std::string_view wanted) {
    return iana == wanted || (iana.find("CHACHA20_POLY1305") != std::string_view::npos &&
                              iana == std::string(wanted) + "_SHA256");
}

Result<void> choose_suites(SSL_CTX* context, const TlsSettings& settings) {
    // Level 1 is OpenSSL's own default; Debian's level 2 refuses keys that Go and browsers accept.
    // The versions before 1.2 sign with SHA-1, which only level 0 allows.
    const bool old = settings.oldest.value_or(TlsVersion::tls1_2) < TlsVersion::tls1_2 ||
                     settings.newest.value_or(TlsVersion::tls1_3) < TlsVersion::tls1_2;
    SSL_CTX_set_security_level(context, old ? 0 : 1);
    if (settings.cipher_suites.empty()) return {};

    CHECK(SSL_CTX_set_cipher_list(context, "ALL:COMPLEMENTOFALL") == 1);
    std::string up_to_1_2;
    std::string from_1_3;
    for (const auto& wanted : settings.cipher_suites) {
        const STACK_OF(SSL_CIPHER)* const all = SSL_CTX_get_ciphers(context);
        const SSL_CIPHER* found = nullptr;
        for (int i = 0; i < sk_SSL_CIPHER_num(all); ++i) {
            const SSL_CIPHER* const each = sk_SSL_CIPHER_value(all, i);
            const char* const name = SSL_CIPHER_standard_name(each);
            if (name != nullptr && same_suite(name, wanted)) found = each;
        }
        if (found == nullptr) {
            return Error{
                Code::invalid,
                base::format("tlsCipherSuites: '{}' is not known; write IANA names such as "
                             "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
                             wanted)};
        }
        const bool new_kind = std::string_view(SSL_CIPHER_get_version(found)) == "TLSv1.3";
        (new_kind ? from_1_3 : up_to_1_2) += std::string(SSL_CIPHER_get_name(found)) + ":";
    }
    if (!from_1_3.empty()) {
        from_1_3.pop_back();
        if (SSL_CTX_set_ciphersuites(context, from_1_3.c_str()) != 1)
            return cannot("tlsCipherSuites");
    }
    if (up_to_1_2.empty()) up_to_1_2 = "DEFAULT:";
    up_to_1_2.pop_back();
    if (SSL_CTX_set_cipher_list(context, up_to_1_2.c_str()) != 1) return cannot("tlsCipherSuites");
    return {};
}

Result<void> choose_versions(SSL_CTX* context, const TlsSettings& settings) {
    const auto oldest = settings.oldest.value_or(
        std::min(TlsVersion::tls1_2, settings.newest.value_or(TlsVersion::tls1_2)));
    const auto newest = settings.newest.value_or(TlsVersion::tls1_3);
    if (oldest > newest) {
        return Error{Code::invalid, "tlsVersion: min is newer than max; leave one of them out"};
    }
    if (SSL_CTX_set_min_proto_version(context, protocol_number(oldest)) != 1 ||
        SSL_CTX_set_max_proto_version(context, protocol_number(newest)) != 1) {
        return cannot("tlsVersion");
    }
    return {};
}

int give_password(char* into, int size, int /*writing*/, void* password) {
    const auto& text = *static_cast<const std::string*>(password);
    const auto length = std::min(text.size(), static_cast<std::size_t>(size));
    std::copy_n(text.begin(), length, into);
    return static_cast<int>(length);
}

Result<ClientIdentity> read_identity(const TlsClientCertificate& from) {
    ClientIdentity made;
    const std::unique_ptr<BIO, Free<BIO_free_all>> pem(
        BIO_new_mem_buf(from.certificate.data(), static_cast<int>(from.certificate.size())));
    made.certificate.reset(PEM_read_bio_X509(pem.get(), nullptr, nullptr, nullptr));
    if (!made.certificate) return cannot("tlsAuth: reading the certificate (PEM expected)");
    made.chain.reset(sk_X509_new_null());
    while (X509* next = PEM_read_bio_X509(pem.get(), nullptr, nullptr, nullptr)) {
        sk_X509_push(made.chain.get(), next);
    }
    ERR_clear_error();  // the end of the text is an error to OpenSSL
    const std::unique_ptr<BIO, Free<BIO_free_all>> key_pem(
        BIO_new_mem_buf(from.key.data(), static_cast<int>(from.key.size())));
    std::string password = from.password;
    made.key.reset(PEM_read_bio_PrivateKey(key_pem.get(), nullptr, &give_password, &password));
    if (!made.key) return cannot("tlsAuth: reading the key (PEM expected, or a wrong password)");
    if (X509_check_private_key(made.certificate.get(), made.key.get()) != 1) {
        return cannot("tlsAuth: the key does not belong to the certificate");
    }
    for (const auto& domain : from.domains) {
        TRY(auto pattern, HostPattern::parse(domain));
        made.domains.push_back(std::move(pattern));
    }
    return made;
}

/// RFC 7301 §3.1: length, name, length, name …
void offer_protocols(SSL_CTX* context, const std::vector<std::string>& protocols) {
    std::vector<unsigned char> wire;
    for (const auto& name : protocols) {
        CHECK(!name.empty() && name.size() < 256);
        wire.push_back(static_cast<unsigned char>(name.size()));
        wire.insert(wire.end(), name.begin(), name.end());
    }
    if (wire.empty()) return;
    CHECK(SSL_CTX_set_alpn_protos(context, wire.data(), static_cast<unsigned>(wire.size())) == 0);
}

}  // namespace

std::string openssl_reason() {
    std::string made;
    while (const unsigned long code = ERR_get_error()) {
        if (!made.empty())
            continue;  // the first says what went wrong, the rest where it was noticed
        const char* const reason = ERR_reason_error_string(code);
        made = reason != nullptr ? reason : base::format("error {:#x}", code);
    }
    return made;
}

Result<TlsVersion> parse_tls_version(std::string_view text) {
    if (text == "tls1.0") return TlsVersion::tls1_0;
    if (text == "tls1.1") return TlsVersion::tls1_1;
    if (text == "tls1.2") return TlsVersion::tls1_2;
    if (text == "tls1.3") return TlsVersion::tls1_3;
    return Error{Code::invalid,
                 base::format("tlsVersion: '{}' is not one of tls1.0, tls1.1, tls1.2, "
                              "tls1.3",
                              text)};
}

bool ClientIdentity::is_for(std::string_view host) const noexcept {
    return domains.empty() || std::any_of(domains.begin(), domains.end(),
                                          [host](const auto& each) { return each.matches(host); });
}

TlsContext::TlsContext(std::shared_ptr<State> state) : state_(std::move(state)) {}

TlsContext::~TlsContext() = default;

Result<std::unique_ptr<TlsContext>> TlsContext::make(const TlsSettings& settings) {
    auto state = std::make_shared<State>();
    SSL_CTX* const context = SSL_CTX_new(TLS_client_method());
    if (context == nullptr) return cannot("setting up TLS");
    state->context.reset(context);
    SSL_CTX_set_verify(context, settings.verify ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nullptr);
    // A certificate that the user put among the roots is trusted, even if it is not self-signed.
    X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(context), X509_V_FLAG_PARTIAL_CHAIN);
    // An idle connection holds no 16 KiB buffers; a record is read with one call, not two.
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_AUTO_RETRY);
    SSL_CTX_set_read_ahead(context, 1);
    // RFC 8446 §6.1 wants close_notify; sites do without, and browsers and Go put up with it.
    SSL_CTX_set_options(context, SSL_OP_IGNORE_UNEXPECTED_EOF | SSL_OP_NO_COMPRESSION);
    TRY_VOID(choose_versions(context, settings));
    TRY_VOID(choose_suites(context, settings));
    TRY_VOID(load_roots(context, settings));
    for (const auto& certificate : settings.client_certificates) {
        TRY(auto identity, read_identity(certificate));
        state->identities.push_back(std::move(identity));
    }
    offer_protocols(context, settings.alpn);
    if (settings.resume_sessions) {
        state->resume = true;
        SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
        SSL_CTX_sess_set_new_cb(context, &TlsContext::State::on_new_session);
    } else {
        SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    }
    return std::unique_ptr<TlsContext>(new TlsContext(std::move(state)));
}

}  // namespace weir::net
