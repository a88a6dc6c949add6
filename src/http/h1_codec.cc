#include "http/h1_codec.h"

#include <charconv>

#include <llhttp.h>

#include "base/format.h"
#include "http/header_names.h"

namespace weir::http {
namespace {

constexpr std::size_t headers_most = 1000;  // of one response; more is an attack or a bug

void append_number(std::size_t number, std::string& out) {
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    out.append(digits, end);
}

void append_header(std::string_view name, std::string_view value, std::string& out) {
    out.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

void write_request(const Request& request, const WireForm& form, std::string& out) {
    const base::Url& url = *request.url;
    out.append(request.method).append(" ");
    if (form.absolute) out.append(url.origin());
    out.append(url.path).append(url.query).append(" HTTP/1.1\r\n");
    bool host = false;
    bool length = false;
    for (const auto& header : request.headers) {
        host = host || same_name(header.name, "Host");
        length = length || same_name(header.name, "Content-Length") ||
                 same_name(header.name, "Transfer-Encoding");
    }
    if (!host) append_header("Host", url.authority(), out);
    for (const auto& header : request.headers) append_header(header.name, header.value, out);
    if (request.has_body && !length) {
        out.append("Content-Length: ");
        append_number(request.body.size(), out);
        out.append("\r\n");
    }
    if (!form.proxy_authorization.empty()) {
        append_header("Proxy-Authorization", form.proxy_authorization, out);
    }
    if (form.close) append_header("Connection", "close", out);
    out.append("\r\n").append(request.body);
}

struct ResponseParser::State {
    llhttp_t parser{};
    llhttp_settings_t settings{};
    Exchange* into = nullptr;
    SendSettings limits;
    std::size_t header_bytes = 0;
    bool head = false;
    bool in_value = false;
    bool done = false;
    bool keep = false;
    Outcome problem = Outcome::answered;
    std::string problem_text;

    static State& of(llhttp_t* parser) { return *static_cast<State*>(parser->data); }

    int fail(Outcome outcome, std::string text) {
        problem = outcome;
        problem_text = std::move(text);
        return HPE_USER;
    }

    int count_header_bytes(std::size_t bytes) {
        header_bytes += bytes;
        if (header_bytes <= limits.header_limit) return 0;
        return fail(Outcome::headers_too_large,
                    base::format("the response's headers are larger than {} bytes or more than {}",
                                 limits.header_limit, headers_most));
    }

    static int on_status(llhttp_t* parser, const char* at, std::size_t length) {
        of(parser).into->status_text.append(at, length);
        return of(parser).count_header_bytes(length);
    }
    static int on_field(llhttp_t* parser, const char* at, std::size_t length) {
        State& self = of(parser);
        if (self.in_value || self.into->headers.empty()) self.into->headers.begin_field();
        self.in_value = false;
        self.into->headers.append_name({at, length});
        return self.count_header_bytes(length);
    }
    static int on_value(llhttp_t* parser, const char* at, std::size_t length) {
        State& self = of(parser);
        self.in_value = true;
        self.into->headers.append_value({at, length});
        return self.count_header_bytes(length);
    }
    static int on_value_complete(llhttp_t* parser) {
        of(parser).in_value = true;  // a header may be empty
        return 0;
    }
    static int on_headers_complete(llhttp_t* parser) {
        State& self = of(parser);
        self.into->status = llhttp_get_status_code(parser);
        self.into->protocol =
            llhttp_get_http_minor(parser) == 0 ? Protocol::http_1_0 : Protocol::http_1_1;
        return self.head ? 1 : 0;
    }
    static int on_body(llhttp_t* parser, const char* at, std::size_t length) {
        State& self = of(parser);
        if (self.limits.discard_body) return 0;
        if (self.into->body.size() + length > self.limits.body_limit) {
            self.into->body = {};
            return self.fail(Outcome::body_too_large,
                             base::format("the response's body is larger than {} bytes",
                                          self.limits.body_limit));
        }
        self.into->body.append(at, length);
        return 0;
    }
    static int on_complete(llhttp_t* parser) {
        State& self = of(parser);
        if (self.into->status < 200 && self.into->status != 101) {  // interim: the answer follows
            self.into->headers.clear();
            self.into->status_text.clear();
            self.in_value = false;
            return 0;
        }
        self.done = true;
        self.keep = llhttp_should_keep_alive(parser) != 0;
        return HPE_PAUSED;
    }
};

ResponseParser::ResponseParser() : state_(std::make_unique<State>()) {
    auto& settings = state_->settings;
    llhttp_settings_init(&settings);
    settings.on_status = &State::on_status;
    settings.on_header_field = &State::on_field;
    settings.on_header_value = &State::on_value;
    settings.on_header_value_complete = &State::on_value_complete;
    settings.on_headers_complete = &State::on_headers_complete;
    settings.on_body = &State::on_body;
    settings.on_message_complete = &State::on_complete;
}

ResponseParser::~ResponseParser() = default;

void ResponseParser::begin(Exchange& into, const SendSettings& limits, bool head) {
    State& state = *state_;
    llhttp_init(&state.parser, HTTP_RESPONSE, &state.settings);
    state.parser.data = &state;
    state.into = &into;
    state.limits = limits;
    state.head = head;
    state.header_bytes = 0;
    state.in_value = false;
    state.done = false;
    state.keep = false;
    state.problem = Outcome::answered;
    state.problem_text.clear();
}

ResponseParser::Progress ResponseParser::feed(std::span<const std::byte> bytes) {
    State& state = *state_;
    const auto failed =
        llhttp_execute(&state.parser, reinterpret_cast<const char*>(bytes.data()), bytes.size());
    if (state.done) {
        // Bytes after the end belong to no request of ours: such a connection is not used again.
        const char* end = llhttp_get_error_pos(&state.parser);
        const char* last = reinterpret_cast<const char*>(bytes.data()) + bytes.size();
        if (end != nullptr && end != last) state.keep = false;
        return Progress::done;
    }
    if (failed == HPE_OK) return Progress::more;
    if (state.problem == Outcome::answered) {
        state.problem = Outcome::not_http;
        state.problem_text = base::format("the answer is not valid HTTP/1.1: {}",
                                          llhttp_get_error_reason(&state.parser));
    }
    return Progress::failed;
}

ResponseParser::Progress ResponseParser::finish() {
    State& state = *state_;
    const auto failed = llhttp_finish(&state.parser);
    if (state.done && (failed == HPE_OK || failed == HPE_PAUSED)) {
        state.keep = false;
        return Progress::done;
    }
    state.problem = Outcome::truncated;
    state.problem_text = "the connection was closed before the response was complete";
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
