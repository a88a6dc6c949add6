#include "http/h1_codec.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include <llhttp.h>

#include "base/format.h"
#include "http/content_encoding.h"
#include "http/header_names.h"

namespace weir::http {
namespace {

/// Bodies up to here go out with the head in one write; copying them costs less than a system call.
constexpr std::size_t body_copied_most = 32UL * 1024;
/// Room is made ahead for what a Content-Length promises, but not more than this.
constexpr std::size_t body_reserved_most = 1024UL * 1024;
constexpr std::size_t headers_most = 10'000;  // of one response; more is an attack or a bug
constexpr std::size_t header_overhead = 4;    // ": " and CRLF

using ByteSet = std::array<bool, 256>;

/// RFC 9110 §5.6.2.
constexpr ByteSet token_bytes = [] {
    ByteSet set{};
    for (const char c : std::string_view("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz"
                                         "ABCDEFGHIJKLMNOPQRSTUVWXYZ")) {
        set[static_cast<unsigned char>(c)] = true;
    }
    return set;
}();
/// RFC 9110 §5.5: visible characters, space, tab, and bytes beyond ASCII.
constexpr ByteSet value_bytes = [] {
    ByteSet set{};
    for (std::size_t c = 0x20; c < set.size(); ++c) set[c] = c != 0x7F;
    set['\t'] = true;
    return set;
}();

bool all_in(const ByteSet& set, std::string_view text) noexcept {
    return std::all_of(text.begin(), text.end(),
                       [&set](char c) { return set[static_cast<unsigned char>(c)]; });
}

bool is_ours(std::string_view name) noexcept {
    return same_name(name, "Content-Length") || same_name(name, "Transfer-Encoding");
}

void append_number(std::size_t number, std::string& out) {
    std::array<char, 24> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    out.append(digits.data(), end);
}

void append_header(std::string_view name, std::string_view value, std::string& out) {
    out.append(name).append(": ").append(value).append("\r\n");
}

void append_authority(const base::Url& url, std::string& out) {
    const bool v6 = url.host.find(':') != std::string::npos;
    if (v6) out.append(1, '[');
    out.append(url.host);
    if (v6) out.append(1, ']');
    if (url.port_is_default) return;
    out.append(1, ':');
    append_number(url.port, out);
}

std::size_t size_of_head(const Request& request) {
    const base::Url& url = *request.url;
    std::size_t size = 128 + request.method.size() + 2 * (url.scheme.size() + url.host.size()) +
                       url.path.size() + url.query.size();
    for (const auto& header : request.headers) {
        size += header.name.size() + header.value.size() + header_overhead;
    }
    return size;
}

}  // namespace

base::Result<void> check_request(const Request& request) {
    if (request.method.empty() || !all_in(token_bytes, request.method)) {
        return base::Error{base::Code::invalid,
                           base::format("'{}' is not a valid HTTP method", request.method)};
    }
    for (const auto& header : request.headers) {
        if (header.name.empty() || !all_in(token_bytes, header.name)) {
            return base::Error{base::Code::invalid,
                               base::format("'{}' is not a valid header name", header.name)};
        }
        if (!all_in(value_bytes, header.value)) {
            return base::Error{
                base::Code::invalid,
                base::format("the value of the header {} has a line break or another "
                             "control character",
                             header.name)};
        }
    }
    return {};
}

std::string_view write_request(const Request& request, const WireForm& form, std::string& out) {
    const base::Url& url = *request.url;
    const bool copies_body = request.body.size() <= body_copied_most;
    out.reserve(out.size() + size_of_head(request) + form.proxy_authorization.size() +
                (copies_body ? request.body.size() : 0));
    out.append(request.method).append(1, ' ');
    if (form.absolute) {
        out.append(url.scheme).append("://");
        append_authority(url, out);
    }
    out.append(url.path).append(url.query).append(" HTTP/1.1\r\n");
    if (find_header(request.headers, "Host") == nullptr) {
        out.append("Host: ");
        append_authority(url, out);
        out.append("\r\n");
    }
    for (const auto& header : request.headers) {
        if (!is_ours(header.name)) append_header(header.name, header.value, out);
    }
    if (request.has_body || !request.body.empty()) {
        out.append("Content-Length: ");
        append_number(request.body.size(), out);
        out.append("\r\n");
    }
    if (!form.proxy_authorization.empty()) {
        append_header("Proxy-Authorization", form.proxy_authorization, out);
    }
    if (form.close) append_header("Connection", "close", out);
    out.append("\r\n");
    if (!copies_body) return request.body;
    out.append(request.body);
    return {};
}

struct ResponseParser::State {
    llhttp_t parser{};
    Exchange* into = nullptr;
    SendSettings limits;
    std::unique_ptr<BodyDecoder> decoder;
    std::size_t protocol_seen = 0;
    std::size_t header_bytes = 0;
    std::size_t header_count = 0;
    bool head = false;
    bool field_begins = true;
    bool in_trailers = false;
    bool done = false;
    bool keep = false;
    Outcome problem = Outcome::answered;
    std::string problem_text;

    static State& of(llhttp_t* parser) { return *static_cast<State*>(parser->data); }
    static const llhttp_settings_t& callbacks();

    void drop_body() { std::string().swap(into->body); }  // with its memory
    int fail(Outcome outcome, std::string text) {
        problem = outcome;
        problem_text = std::move(text);
        drop_body();
        return HPE_USER;
    }
    int fail_body(const base::Error& error) {
        return fail(
            error.code == base::Code::limit ? Outcome::body_too_large : Outcome::bad_encoding,
            error.text);
    }
    int body_is_too_large() {
        return fail(Outcome::body_too_large,
                    base::format("the response's body is larger than {} bytes", limits.body_limit));
    }

    int count_header_bytes(std::size_t bytes) {
        header_bytes += bytes;
        if (header_bytes <= limits.header_limit && header_count <= headers_most) return 0;
        into->headers.clear();
        into->has_server_timing = false;
        return fail(
            Outcome::headers_too_large,
            base::format("the response has more than {} headers, or they are larger than {} bytes",
                         headers_most, limits.header_limit));
    }

    /// llhttp's grammar also knows RTSP and ICE.
    static int on_protocol(llhttp_t* parser, const char* at, std::size_t length) {
        constexpr std::string_view http = "HTTP";
        State& self = of(parser);
        if (std::string_view(at, length) == http.substr(self.protocol_seen, length)) {
            self.protocol_seen = (self.protocol_seen + length) % http.size();
            return 0;
        }
        return self.fail(Outcome::not_http, "the answer is of another protocol than HTTP");
    }
    static int on_version_complete(llhttp_t* parser) {
        State& self = of(parser);
        if (parser->http_major == 1) return 0;
        return self.fail(Outcome::not_http, base::format("the answer is HTTP/{}.{}, not HTTP/1.1",
                                                         parser->http_major, parser->http_minor));
    }
    static int on_status(llhttp_t* parser, const char* at, std::size_t length) {
        of(parser).into->status_text.append(at, length);
        return of(parser).count_header_bytes(length);
    }
    static int on_field(llhttp_t* parser, const char* at, std::size_t length) {
        State& self = of(parser);
        if (std::exchange(self.field_begins, false)) {
            self.header_count += 1;
            self.header_bytes += header_overhead;
            if (!self.in_trailers) self.into->headers.begin_field();
        }
        if (!self.in_trailers) self.into->headers.append_name({at, length});
        return self.count_header_bytes(length);
    }
    static int on_value(llhttp_t* parser, const char* at, std::size_t length) {
        State& self = of(parser);
        if (!self.in_trailers) self.into->headers.append_value({at, length});
        return self.count_header_bytes(length);
    }
    static int on_value_complete(llhttp_t* parser) {
        State& self = of(parser);
        self.field_begins = true;
        if (self.in_trailers) return 0;
        self.into->headers.end_field();
        // Told here, where headers are walked anyway: nobody looks for one that is not there.
        const std::string_view name = self.into->headers.last_name();
        if (name.size() == server_timing_name.size() && same_name(name, server_timing_name)) {
            self.into->has_server_timing = true;
        }
        return 0;
    }
    static int on_headers_complete(llhttp_t* parser) {
        State& self = of(parser);
        const int status = llhttp_get_status_code(parser);
        if (status < 100) {
            return self.fail(Outcome::not_http,
                             base::format("the answer's status {} is no HTTP status", status));
        }
        self.into->status = status;
        self.into->protocol =
            llhttp_get_http_minor(parser) == 0 ? Protocol::http_1_0 : Protocol::http_1_1;
        self.in_trailers = true;
        // Whatever their headers say (RFC 9112 §6.3).
        constexpr int no_body = 1;
        if (self.head || status < 200 || status == 204 || status == 304) return no_body;
        return self.begin_body();
    }
    int begin_body() {
        if (limits.discard_body) return 0;
        if (limits.decompress) decoder = BodyDecoder::make(into->header("Content-Encoding"));
        if (decoder != nullptr) return 0;
        const auto promised = static_cast<std::size_t>(parser.content_length);
        if (promised > limits.body_limit) return body_is_too_large();
        into->body.reserve(std::min(promised, body_reserved_most));
        return 0;
    }
    static int on_body(llhttp_t* parser, const char* at, std::size_t length) {
        State& self = of(parser);
        if (self.limits.discard_body) return 0;
        std::string& body = self.into->body;
        if (self.decoder != nullptr) {
            const auto fed = self.decoder->feed({at, length}, body, self.limits.body_limit);
            return fed.ok() ? 0 : self.fail_body(fed.error());
        }
        if (length > self.limits.body_limit - body.size()) return self.body_is_too_large();
        body.append(at, length);
        return 0;
    }
    static int on_complete(llhttp_t* parser) {
        State& self = of(parser);
        const int status = self.into->status;
        if (status < 200 && status != 101) return self.pass_over_interim();
        if (self.decoder != nullptr) {
            const auto complete = self.decoder->finish();
            if (!complete.ok()) return self.fail_body(complete.error());
        }
        self.done = true;
        self.keep = status != 101 && llhttp_should_keep_alive(parser) != 0;
        return HPE_PAUSED;
    }
    /// The answer follows. Those before it count, too, or they could go on for ever.
    int pass_over_interim() {
        into->headers.clear();
        into->has_server_timing = false;
        into->status_text.clear();
        into->status = 0;
        field_begins = true;
        in_trailers = false;
        header_count += 1;
        return count_header_bytes(header_overhead);
    }
};

const llhttp_settings_t& ResponseParser::State::callbacks() {
    static const llhttp_settings_t all = [] {
        llhttp_settings_t settings;
        llhttp_settings_init(&settings);
        settings.on_protocol = &State::on_protocol;
        settings.on_version_complete = &State::on_version_complete;
        settings.on_status = &State::on_status;
        settings.on_header_field = &State::on_field;
        settings.on_header_value = &State::on_value;
        settings.on_header_value_complete = &State::on_value_complete;
        settings.on_headers_complete = &State::on_headers_complete;
        settings.on_body = &State::on_body;
        settings.on_message_complete = &State::on_complete;
        return settings;
    }();
    return all;
}

ResponseParser::ResponseParser() : state_(std::make_unique<State>()) {}

ResponseParser::~ResponseParser() = default;

void ResponseParser::begin(Exchange& into, const SendSettings& limits, bool head) {
    State& state = *state_;
    llhttp_init(&state.parser, HTTP_RESPONSE, &State::callbacks());
    state.parser.data = &state;
    state.into = &into;
    state.limits = limits;
    state.decoder.reset();
    state.protocol_seen = 0;
    state.header_bytes = 0;
    state.header_count = 0;
    state.head = head;
    state.field_begins = true;
    state.in_trailers = false;
    state.done = false;
    state.keep = false;
    state.problem = Outcome::answered;
    state.problem_text.clear();
    constexpr std::size_t usual_headers = 512;
    into.headers.reserve(usual_headers);
}

namespace {

/// What a server that speaks TLS answers to plain HTTP begins with (RFC 8446 §5.1: an alert).
bool looks_like_tls(std::span<const std::byte> bytes) {
    return bytes.size() >= 2 && bytes[0] == std::byte{0x15} && bytes[1] == std::byte{0x03};
}

}  // namespace

ResponseParser::Progress ResponseParser::feed(std::span<const std::byte> bytes) {
    State& state = *state_;
    const auto* const begin = reinterpret_cast<const char*>(bytes.data());
    const auto failed = llhttp_execute(&state.parser, begin, bytes.size());
    if (state.done) {
        // Bytes after the end belong to no request of ours: such a connection is not used again.
        if (llhttp_get_error_pos(&state.parser) != begin + bytes.size()) state.keep = false;
        return Progress::done;
    }
    if (failed == HPE_OK) return Progress::more;
    if (state.problem == Outcome::answered) {
        const char* const reason = llhttp_get_error_reason(&state.parser);
        state.problem = Outcome::not_http;
        state.problem_text = base::format("the answer is not valid HTTP/1.1: {}",
                                          reason == nullptr ? "not a response" : reason);
        if (state.into->status == 0 && looks_like_tls(bytes)) {
            state.problem_text = "the answer is not HTTP but TLS: use https:// here";
        }
        state.drop_body();
    }
    return Progress::failed;
}

ResponseParser::Progress ResponseParser::finish() {
    State& state = *state_;
    static_cast<void>(llhttp_finish(&state.parser));
    if (state.done) {
        state.keep = false;
        return Progress::done;
    }
    if (state.problem == Outcome::answered) {
        state.problem = Outcome::truncated;
        state.problem_text = "the connection was closed before the response was complete";
    }
    return Progress::failed;
}

bool ResponseParser::keep_alive() const noexcept {
    return state_->keep;
}
Outcome ResponseParser::problem() const noexcept {
    return state_->problem;
}
std::string_view ResponseParser::problem_text() const noexcept {
    return state_->problem_text;
}

}  // namespace weir::http
