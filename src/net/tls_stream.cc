// TlsStream: TLS over another stream. OpenSSL never waits: it takes and leaves what is there, and
// the fiber parks between its calls, so that no fiber is parked with OpenSSL frames on its stack.
#include <algorithm>
#include <utility>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "base/assert.h"
#include "base/format.h"
#include "net/address.h"
#include "net/tls_state.h"

namespace weir::net {
namespace {

/// SSL_write turns all it gets into records; this much at once bounds what waits to be sent.
constexpr std::size_t write_chunk = 64UL * 1024;
/// An idle connection keeps no more than this of its sending buffer.
constexpr std::size_t kept_capacity = 4096;
constexpr base::Instant at_once = base::instant_min;

std::string_view version_name(int version) noexcept {
    switch (version) {
        case TLS1_VERSION:
            return "tls1.0";
        case TLS1_1_VERSION:
            return "tls1.1";
        case TLS1_2_VERSION:
            return "tls1.2";
        default:
            return "tls1.3";
    }
}

/// Go's and k6's names: IANA's, but for two suites of TLS 1.2 that they know without "_SHA256".
std::string suite_name(const SSL_CIPHER* cipher) {
    const char* const iana = cipher == nullptr ? nullptr : SSL_CIPHER_standard_name(cipher);
    std::string name = iana == nullptr ? "" : iana;
    constexpr std::string_view tail = "_WITH_CHACHA20_POLY1305_SHA256";
    if (name.ends_with(tail)) name.resize(name.size() - std::string_view("_SHA256").size());
    return name;
}

Fault verify_fault(long result) noexcept {
    switch (result) {
        case X509_V_ERR_CERT_HAS_EXPIRED:
        case X509_V_ERR_CERT_NOT_YET_VALID:
            return Fault::tls_expired;
        case X509_V_ERR_HOSTNAME_MISMATCH:
        case X509_V_ERR_IP_ADDRESS_MISMATCH:
            return Fault::tls_wrong_host;
        default:
            return Fault::tls_untrusted;
    }
}

}  // namespace

class TlsStream final : public Stream {
public:
    TlsStream(std::shared_ptr<TlsContext::State> context,
              std::unique_ptr<Stream> carrier,
              std::string_view host);
    ~TlsStream() override { close(); }
    TlsStream(const TlsStream&) = delete;
    TlsStream& operator=(const TlsStream&) = delete;

    [[nodiscard]] Failure handshake(std::string_view host, base::Instant deadline);

    [[nodiscard]] IoResult read(std::span<std::byte> into, base::Instant deadline) override;
    [[nodiscard]] IoResult write(std::span<const std::byte> from, base::Instant deadline) override;
    [[nodiscard]] bool reusable() override;
    void close() noexcept override;
    [[nodiscard]] Fault wait_readable(base::Instant deadline) override;
    [[nodiscard]] const PeerAddress& peer() const noexcept override { return carrier_->peer(); }
    [[nodiscard]] const TlsFacts* tls() const noexcept override { return &facts_; }
    [[nodiscard]] std::string_view fault_text() const noexcept override { return fault_text_; }

private:
    friend struct TlsContext::State;

    static int on_carrier_read(BIO* bio, char* into, int size);
    static int on_carrier_write(BIO* bio, const char* from, int size);
    static long on_carrier_control(BIO* bio, int command, long number, void* pointer);
    [[nodiscard]] static TlsStream& of(BIO* bio) {
        return *static_cast<TlsStream*>(BIO_get_data(bio));
    }

    void set_peer(std::string_view host);
    void learn_facts();
    [[nodiscard]] Fault flush(base::Instant deadline);
    [[nodiscard]] Fault settle(int result, base::Instant deadline);
    [[nodiscard]] Fault protocol_fault();
    [[nodiscard]] Failure handshake_failure(std::string_view host, Fault fault);

    std::shared_ptr<TlsContext::State> context_;
    std::unique_ptr<Stream> carrier_;
    std::unique_ptr<SSL, Free<SSL_free>> ssl_;
    std::vector<std::byte> outgoing_;  // records that the carrier has not taken yet
    Fault carrier_fault_ =
        Fault::none;  // what the carrier said last: OpenSSL knows only yes and no
    std::string session_key_;
    std::string fault_text_;
    TlsFacts facts_;
    bool open_ = false;  // hands were shaken and nothing went wrong since
    bool closed_ = false;
};

BIO_METHOD* TlsContext::State::make_carrier_method() {
    BIO_METHOD* const made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "carrier");
    CHECK(made != nullptr);
    BIO_meth_set_read(made, &TlsStream::on_carrier_read);
    BIO_meth_set_write(made, &TlsStream::on_carrier_write);
    BIO_meth_set_ctrl(made, &TlsStream::on_carrier_control);
    return made;
}

int TlsContext::State::on_new_session(SSL* ssl, SSL_SESSION* session) {
    auto& stream = *static_cast<TlsStream*>(SSL_get_ex_data(ssl, 0));
    stream.context_->sessions[stream.session_key_].reset(session);
    return 1;  // the session is ours now
}

int TlsStream::on_carrier_read(BIO* bio, char* into, int size) {
    TlsStream& self = of(bio);
    BIO_clear_retry_flags(bio);
    const auto room = std::as_writable_bytes(std::span(into, static_cast<std::size_t>(size)));
    const IoResult got = self.carrier_->read(room, at_once);
    if (got.bytes > 0) return static_cast<int>(got.bytes);
    if (got.fault == Fault::timed_out || got.fault == Fault::cancelled) {
        BIO_set_retry_read(bio);
        return -1;
    }
    self.carrier_fault_ = got.fault;
    return got.fault == Fault::closed ? 0 : -1;
}

int TlsStream::on_carrier_write(BIO* bio, const char* from, int size) {
    TlsStream& self = of(bio);
    BIO_clear_retry_flags(bio);
    const auto bytes = std::as_bytes(std::span(from, static_cast<std::size_t>(size)));
    self.outgoing_.insert(self.outgoing_.end(), bytes.begin(), bytes.end());
    return size;
}

long TlsStream::on_carrier_control(BIO* bio, int command, long /*number*/, void* /*pointer*/) {
    if (command == BIO_CTRL_EOF) return of(bio).carrier_fault_ == Fault::closed ? 1 : 0;
    return command == BIO_CTRL_FLUSH ? 1 : 0;  // flushing is done between OpenSSL's calls
}

TlsStream::TlsStream(std::shared_ptr<TlsContext::State> context,
                     std::unique_ptr<Stream> carrier,
                     std::string_view host)
    : context_(std::move(context)),
      carrier_(std::move(carrier)),
      ssl_(SSL_new(context_->context.get())) {
    BIO* const bio = BIO_new(context_->carrier_method.get());
    CHECK(ssl_ && bio != nullptr);
    BIO_set_data(bio, this);
    BIO_set_init(bio, 1);
    SSL_set_bio(ssl_.get(), bio, bio);
    SSL_set_ex_data(ssl_.get(), 0, this);
    SSL_set_connect_state(ssl_.get());
    set_peer(host);
    for (const ClientIdentity& identity : context_->identities) {
        if (!identity.is_for(host)) continue;
        // Checked to belong together when they were read.
        CHECK(SSL_use_cert_and_key(ssl_.get(), identity.certificate.get(), identity.key.get(),
                                   identity.chain.get(), 1) == 1);
        break;
    }
    if (!context_->resume) return;
    session_key_ = base::format("{}:{}", host, carrier_->peer().port);
    const auto known = context_->sessions.find(session_key_);
    if (known != context_->sessions.end()) SSL_set_session(ssl_.get(), known->second.get());
}

void TlsStream::set_peer(std::string_view host) {
    std::string name(host);
    X509_VERIFY_PARAM* const expected = SSL_get0_param(ssl_.get());
    if (IpAddress::parse(host)) {  // RFC 6066 §3: no literals in SNI
        CHECK(X509_VERIFY_PARAM_set1_ip_asc(expected, name.c_str()) == 1);
        return;
    }
    // Names in the subject are no longer looked at anywhere (RFC 9525 §6.3).
    X509_VERIFY_PARAM_set_hostflags(
        expected, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
    X509_VERIFY_PARAM_set1_host(expected, name.data(), name.size());
    SSL_ctrl(ssl_.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name.data());
}

Failure TlsStream::handshake(std::string_view host, base::Instant deadline) {
    while (true) {
        ERR_clear_error();
        const int result = SSL_do_handshake(ssl_.get());
        if (result == 1) break;
        const Fault fault = settle(result, deadline);
        if (fault != Fault::none) return handshake_failure(host, fault);
    }
    if (const Fault fault = flush(deadline); fault != Fault::none) {
        return handshake_failure(host, fault);
    }
    open_ = true;
    learn_facts();
    return {};
}

void TlsStream::learn_facts() {
    facts_.version = version_name(SSL_version(ssl_.get()));
    facts_.cipher = suite_name(SSL_get_current_cipher(ssl_.get()));
    const unsigned char* chosen = nullptr;
    unsigned length = 0;
    SSL_get0_alpn_selected(ssl_.get(), &chosen, &length);
    facts_.alpn.assign(reinterpret_cast<const char*>(chosen), length);
    facts_.resumed = SSL_session_reused(ssl_.get()) == 1;
}

Failure TlsStream::handshake_failure(std::string_view host, Fault fault) {
    std::string_view why = fault_text_;
    if (fault == Fault::closed) {
        why = "the server closed the connection";
        fault = Fault::tls_handshake;
    } else if (fault == Fault::timed_out) {
        why = "no answer in time";
    } else if (fault == Fault::cancelled) {
        why = "cancelled";
    }
    return {fault, base::format("TLS handshake with {}: {}", host, why)};
}

Fault TlsStream::flush(base::Instant deadline) {
    if (outgoing_.empty()) return Fault::none;
    const IoResult sent = carrier_->write(outgoing_, deadline);
    outgoing_.clear();
    if (outgoing_.capacity() > kept_capacity) outgoing_ = {};
    if (sent.fault == Fault::none) return Fault::none;
    open_ = false;  // a record may be cut in half: nothing can follow
    fault_text_ = carrier_->fault_text();
    return sent.fault;
}

/// After an OpenSSL call that did not succeed: none when it is to be called again.
Fault TlsStream::settle(int result, base::Instant deadline) {
    const int error = SSL_get_error(ssl_.get(), result);
    const Fault protocol = error == SSL_ERROR_SSL ? protocol_fault() : Fault::none;
    const Fault sent = flush(deadline);  // alerts and answers of the protocol's own
    if (protocol != Fault::none) return protocol;
    switch (error) {
        case SSL_ERROR_WANT_READ:
            return sent != Fault::none ? sent : carrier_->wait_readable(deadline);
        case SSL_ERROR_ZERO_RETURN:
            return Fault::closed;
        default:
            open_ = false;
            fault_text_ = carrier_->fault_text();
            return carrier_fault_ == Fault::none ? Fault::closed : carrier_fault_;
    }
}

Fault TlsStream::protocol_fault() {
    open_ = false;
    const int reason = ERR_GET_REASON(ERR_peek_error());
    fault_text_ = openssl_reason();
    if (reason == SSL_R_WRONG_VERSION_NUMBER || reason == SSL_R_HTTP_REQUEST) {
        fault_text_ += ": the answer is not TLS; use http:// if this port speaks plain HTTP";
    }
    if (reason != SSL_R_CERTIFICATE_VERIFY_FAILED) return Fault::tls_handshake;
    const long verified = SSL_get_verify_result(ssl_.get());
    fault_text_ =
        base::format("certificate not accepted: {}", X509_verify_cert_error_string(verified));
    return verify_fault(verified);
}

IoResult TlsStream::read(std::span<std::byte> into, base::Instant deadline) {
    if (closed_) return {0, Fault::closed};
    // Answers of the protocol's own (key updates) go out before the next read parks, never after a
    // read has filled `into`: what was read must not have to survive a park.
    if (!outgoing_.empty()) static_cast<void>(flush(deadline));
    while (true) {
        ERR_clear_error();
        std::size_t got = 0;
        const int result = SSL_read_ex(ssl_.get(), into.data(), into.size(), &got);
        if (result == 1) return {got, Fault::none};
        if (const Fault fault = settle(result, deadline); fault != Fault::none) return {0, fault};
    }
}

IoResult TlsStream::write(std::span<const std::byte> from, base::Instant deadline) {
    std::size_t sent = 0;
    while (sent < from.size()) {
        if (!open_) return {sent, Fault::closed};
        const auto chunk = from.subspan(sent, std::min(write_chunk, from.size() - sent));
        ERR_clear_error();
        std::size_t taken = 0;
        const int result = SSL_write_ex(ssl_.get(), chunk.data(), chunk.size(), &taken);
        const Fault fault = result == 1 ? flush(deadline) : settle(result, deadline);
        if (fault != Fault::none) return {sent, fault};
        sent += taken;
    }
    return {sent, Fault::none};
}

Fault TlsStream::wait_readable(base::Instant deadline) {
    if (closed_) return Fault::closed;
    if (SSL_has_pending(ssl_.get()) == 1) return Fault::none;
    return carrier_->wait_readable(deadline);
}

bool TlsStream::reusable() {
    if (!open_ || closed_) return false;
    if (SSL_has_pending(ssl_.get()) == 0 && carrier_->reusable()) return true;
    // Bytes are here. They may be the protocol's own (session tickets), which this takes in.
    ERR_clear_error();
    std::byte one{};
    std::size_t got = 0;
    const int result = SSL_peek_ex(ssl_.get(), &one, 1, &got);
    if (result == 1 || SSL_get_error(ssl_.get(), result) != SSL_ERROR_WANT_READ) return false;
    return carrier_->reusable();
}

void TlsStream::close() noexcept {
    if (std::exchange(closed_, true)) return;
    if (open_) {
        ERR_clear_error();
        static_cast<void>(SSL_shutdown(ssl_.get()));  // writes close_notify, waits for nothing
        static_cast<void>(carrier_->write(outgoing_, at_once));
        ERR_clear_error();
    }
    open_ = false;
    carrier_->close();
}

std::variant<std::unique_ptr<Stream>, Failure> TlsContext::secure(std::unique_ptr<Stream> carrier,
                                                                  std::string_view host,
                                                                  base::Instant deadline) {
    auto stream = std::make_unique<TlsStream>(state_, std::move(carrier), host);
    Failure failure = stream->handshake(host, deadline);
    if (failure.failed()) return failure;
    return stream;
}

}  // namespace weir::net
