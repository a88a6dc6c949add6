#include "http/server/request_parser.h"

#include <algorithm>
#include <utility>

#include <llhttp.h>

#include "base/format.h"
#include "http/header_names.h"

namespace weir::http {

struct RequestParser::State {
    explicit State(RequestLimits given) : limits(given) {}

    RequestLimits limits;
    llhttp_t parser{};
    ReceivedRequest* into = nullptr;
    std::string left_over;  // bytes of the next request
    std::size_t head_bytes = 0;
    bool field_begins = true;
    bool in_trailers = false;
    bool touched = false;
    bool done = false;
    bool keep = false;
    bool expects = false;
    int problem = 0;
    std::string problem_text;

    static State& of(llhttp_t* parser) { return *static_cast<State*>(parser->data); }
    static const llhttp_settings_t& callbacks();

    int fail(int status, std::string text) {
        problem = status;
        problem_text = std::move(text);
        std::string().swap(into->body);  // with its memory
        return HPE_USER;
    }
    int count_head(std::size_t bytes) {
        head_bytes += bytes;
        if (head_bytes <= limits.headers) return 0;
        return fail(431,
                    base::format("the request's head is larger than {} bytes", limits.headers));
    }
    int body_is_too_large() {
        return fail(413, base::format("the body is larger than {} bytes", limits.body));
    }

    static int on_method(llhttp_t* parser, const char* at, std::size_t length) {
        of(parser).into->method.append(at, length);
        return of(parser).count_head(length);
    }
    static int on_url(llhttp_t* parser, const char* at, std::size_t length) {
        of(parser).into->target.append(at, length);
        return of(parser).count_head(length);
    }
    static int on_version_complete(llhttp_t* parser) {
        if (parser->http_major == 1) return 0;
        return of(parser).fail(505, "only HTTP/1.1 is spoken here");
    }
    static int on_field(llhttp_t* parser, const char* at, std::size_t length) {
        State& self = of(parser);
        constexpr std::size_t overhead = 4;  // ": " and CRLF
        if (std::exchange(self.field_begins, false)) {
            self.head_bytes += overhead;
            if (!self.in_trailers) self.into->headers.begin_field();
        }
        if (!self.in_trailers) self.into->headers.append_name({at, length});
        return self.count_head(length);
    }
    static int on_value(llhttp_t* parser, const char* at, std::size_t length) {
        State& self = of(parser);
        if (!self.in_trailers) self.into->headers.append_value({at, length});
        return self.count_head(length);
    }
    static int on_value_complete(llhttp_t* parser) {
        State& self = of(parser);
        self.field_begins = true;
        if (!self.in_trailers) self.into->headers.end_field();
        return 0;
    }
    static int on_headers_complete(llhttp_t* parser) {
        State& self = of(parser);
        self.in_trailers = true;
        self.expects = same_name(self.into->headers.first("Expect"), "100-continue");
        if (parser->content_length > self.limits.body) return self.body_is_too_large();
        return 0;
    }
    static int on_body(llhttp_t* parser, const char* at, std::size_t length) {
        State& self = of(parser);
        std::string& body = self.into->body;
        if (length > self.limits.body - body.size()) return self.body_is_too_large();
        body.append(at, length);
        return 0;
    }
    static int on_complete(llhttp_t* parser) {
        State& self = of(parser);
        self.done = true;
        self.keep = llhttp_should_keep_alive(parser) != 0 && parser->upgrade == 0;
        return HPE_PAUSED;
    }
};

const llhttp_settings_t& RequestParser::State::callbacks() {
    static const llhttp_settings_t all = [] {
        llhttp_settings_t settings;
        llhttp_settings_init(&settings);
        settings.on_method = &State::on_method;
        settings.on_url = &State::on_url;
        settings.on_version_complete = &State::on_version_complete;
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

RequestParser::RequestParser(RequestLimits limits) : state_(std::make_unique<State>(limits)) {}
RequestParser::~RequestParser() = default;

void RequestParser::begin(ReceivedRequest& into) {
    State& state = *state_;
    llhttp_init(&state.parser, HTTP_REQUEST, &State::callbacks());
    state.parser.data = &state;
    state.into = &into;
    state.head_bytes = 0;
    state.field_begins = true;
    state.in_trailers = false;
    state.touched = false;
    state.done = false;
    state.keep = false;
    state.expects = false;
    state.problem = 0;
    state.problem_text.clear();
}

RequestParser::Progress RequestParser::feed(std::span<const std::byte> bytes) {
    State& state = *state_;
    std::string whole = std::exchange(state.left_over, {});
    whole.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    state.touched = state.touched || !whole.empty();
    const auto failed = llhttp_execute(&state.parser, whole.data(), whole.size());
    if (state.done) {
        const char* const behind = llhttp_get_error_pos(&state.parser);
        state.left_over = whole.substr(static_cast<std::size_t>(behind - whole.data()));
        return Progress::done;
    }
    if (failed == HPE_OK) return Progress::more;
    if (state.problem == 0) {
        const char* const reason = llhttp_get_error_reason(&state.parser);
        static_cast<void>(state.fail(400, base::format("not a valid HTTP/1.1 request: {}",
                                                       reason == nullptr ? "" : reason)));
    }
    return Progress::failed;
}

bool RequestParser::untouched() const noexcept {
    return !state_->touched && state_->left_over.empty();
}
bool RequestParser::wants_continue() noexcept {
    return std::exchange(state_->expects, false) && !state_->done;
}
bool RequestParser::keep_alive() const noexcept {
    return state_->keep;
}
int RequestParser::problem() const noexcept {
    return state_->problem;
}
const std::string& RequestParser::problem_text() const noexcept {
    return state_->problem_text;
}

}  // namespace weir::http
