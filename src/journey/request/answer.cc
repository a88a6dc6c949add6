#include "journey/request/answer.h"

#include <array>
#include <utility>

#include "base/format.h"
#include "journey/api/api.h"
#include "journey/host/host.h"
#include "journey/request/error_codes.h"
#include "journey/request/json_path.h"

namespace weir::journey {

namespace {

using script::Args;
using script::ErrorKind;
using script::Isolate;
using script::Ref;
using script::Value;

const Answer* answer_of(Isolate& js, Ref self) {
    return script::native_as<Answer>(js, self, api::response_class);
}

enum class Field : int {
    body,
    cookies,
    error,
    error_code,
    headers,
    ocsp,
    proto,
    remote_ip,
    remote_port,
    request,
    status,
    status_text,
    timings,
    tls_cipher_suite,
    tls_version,
    url,
};

Value body_field(Isolate& js, const Answer& answer) {
    const http::Exchange* const exchange = answer.exchange();
    if (exchange == nullptr || !exchange->answered()) return Value::null();
    switch (answer.body_form) {
        case BodyForm::text:
            return script::new_string(js, exchange->body);
        case BodyForm::binary:
            return script::new_array_buffer(js, std::as_bytes(std::span(exchange->body)));
        case BodyForm::none:
            break;
    }
    return Value::null();
}

Value ocsp_field(Isolate& js) {
    Value out = script::new_object(js);
    for (const std::string_view name :
         {"produced_at", "this_update", "next_update", "revoked_at"}) {
        out.set(js, name, Value::integer(0));
    }
    out.set(js, "revocation_reason", script::new_string(js, ""));
    out.set(js, "status", script::new_string(js, "unknown"));
    return out;
}

std::string status_text(const http::Exchange& exchange) {
    if (exchange.status == 0) return {};
    return base::format("{} {}", exchange.status, exchange.status_text);
}

Value text_field(Isolate& js, const Answer& answer, Field which) {
    const http::Exchange* const exchange = answer.exchange();
    if (exchange == nullptr) {
        return script::new_string(js, which == Field::url ? answer.final_url() : std::string());
    }
    const net::TlsFacts* const tls = exchange->tls.get();
    switch (which) {
        case Field::proto:
            return script::new_string(js, http::word_of(exchange->protocol));
        case Field::remote_ip:
            return script::new_string(js, exchange->peer.ip);
        case Field::status_text:
            return script::new_string(js, status_text(*exchange));
        case Field::tls_cipher_suite:
            return script::new_string(js, tls == nullptr ? std::string() : tls->cipher);
        case Field::tls_version:
            return script::new_string(js, tls == nullptr ? std::string() : tls->version);
        case Field::url:
            return script::new_string(js, answer.final_url());
        default:
            return Value::null();
    }
}

Value field(Isolate& js, Ref self, Args, int which) noexcept {
    const Answer* const answer = answer_of(js, self);
    if (answer == nullptr) return script::throw_error(js, ErrorKind::type, "not a Response");
    const http::Exchange* const exchange = answer->exchange();
    switch (static_cast<Field>(which)) {
        case Field::status:
            return Value::integer(exchange == nullptr ? 0 : exchange->status);
        case Field::error_code:
            return Value::integer(answer->error_code);
        case Field::remote_port:
            return Value::integer(exchange == nullptr ? 0 : exchange->peer.port);
        case Field::body:
            return body_field(js, *answer);
        case Field::cookies:
            return cookies_field(js, *answer);
        case Field::error:
            return script::new_string(js, answer->error);
        case Field::headers:
            return headers_field(js, *answer);
        case Field::ocsp:
            return ocsp_field(js);
        case Field::request:
            return request_field(js, *answer);
        case Field::timings:
            return timings_field(js, *answer);
        default:
            return text_field(js, *answer, static_cast<Field>(which));
    }
}

/// The parsed body stays with the object: scripts ask for it once per check.
constexpr std::string_view parsed_body = "\x01parsed body";

Value parsed(Isolate& js, Ref self, const http::Exchange& exchange) {
    Value kept = self.get(js, parsed_body);
    if (!kept.is_undefined()) return kept;
    Value fresh = script::parse_json(js, exchange.body);
    if (!fresh.threw()) self.define(js, parsed_body, fresh.own(js), script::Property::hidden);
    return fresh;
}

/// Source: k6 documentation, "Response.json( [selector] )".
Value json(Isolate& js, Ref self, Args args, int) noexcept {
    const Answer* const answer = answer_of(js, self);
    if (answer == nullptr) return script::throw_error(js, ErrorKind::type, "not a Response");
    const bool selects = !args.empty() && !args[0].is_undefined();
    const http::Exchange* const exchange = answer->exchange();
    if (exchange == nullptr || !exchange->answered() || answer->body_form == BodyForm::none) {
        if (selects) return {};
        return script::throw_error(
            js,
            "the body is null so we can't transform it to JSON - this likely was because of a "
            "request error getting the response");
    }
    Value document = parsed(js, self, *exchange);
    if (!selects) return document;
    if (document.threw()) {
        static_cast<void>(js.take_exception_value());  // with a selector k6 answers undefined
        return {};
    }
    const script::Text path = args[0].to_text(js);
    return path.ok() ? select_json(js, document, path.view()) : Value::thrown();
}

Value not_yet(Isolate& js, Ref, Args, int which) noexcept {
    constexpr std::array<std::string_view, 3> names{"html", "submitForm", "clickLink"};
    return script::throw_error(
        js,
        base::format("Response.{}() is not supported yet: read the body with a regular expression "
                     "and send the form with http.post()",
                     names[static_cast<std::size_t>(which)]));
}

constexpr int code(Field field) {
    return static_cast<int>(field);
}

constexpr std::array fields{
    script::FieldSpec{"remote_ip", field, code(Field::remote_ip)},
    script::FieldSpec{"remote_port", field, code(Field::remote_port), true},
    script::FieldSpec{"url", field, code(Field::url)},
    script::FieldSpec{"status", field, code(Field::status), true},
    script::FieldSpec{"status_text", field, code(Field::status_text)},
    script::FieldSpec{"proto", field, code(Field::proto)},
    script::FieldSpec{"headers", field, code(Field::headers)},
    script::FieldSpec{"cookies", field, code(Field::cookies)},
    script::FieldSpec{"body", field, code(Field::body)},
    script::FieldSpec{"timings", field, code(Field::timings)},
    script::FieldSpec{"tls_version", field, code(Field::tls_version)},
    script::FieldSpec{"tls_cipher_suite", field, code(Field::tls_cipher_suite)},
    script::FieldSpec{"ocsp", field, code(Field::ocsp)},
    script::FieldSpec{"error", field, code(Field::error)},
    script::FieldSpec{"error_code", field, code(Field::error_code), true},
    script::FieldSpec{"request", field, code(Field::request)},
};

constexpr std::array members{
    script::MemberSpec{.name = "json", .call = json, .length = 1},
    script::MemberSpec{.name = "html", .call = not_yet, .length = 1, .magic = 0},
    script::MemberSpec{.name = "submitForm", .call = not_yet, .length = 1, .magic = 1},
    script::MemberSpec{.name = "clickLink", .call = not_yet, .length = 1, .magic = 2},
};

void finalize(void* object) noexcept {
    delete static_cast<Answer*>(object);
}

}  // namespace

script::ClassSpec response_class_spec() {
    return {.name = "Response", .finalize = finalize, .members = members, .fields = fields};
}

Value answer(Isolate& js, Ask& ask, std::vector<http::Hop> hops) {
    if (!ask.refusal.empty()) {
        return script::throw_value(js, script::new_error(js, "GuardError", ask.refusal));
    }
    auto made = std::make_unique<Answer>();
    made->hops = std::move(hops);
    made->url = ask.url;
    made->body_form = ask.body_form;
    const http::Exchange& last = made->hops.back().exchange;
    const RequestError error = error_of(last);
    made->error_code = error.code;
    if (!error.words.empty()) {
        made->error = error.words;
        if (ask.throws) {
            const http::Request& request = made->hops.back().request;
            return script::throw_value(
                js, script::new_error(js, "GoError",
                                      base::format("{} \"{}\": {}", request.method,
                                                   made->final_url(), made->error)));
        }
    }
    return script::new_native(js, api::response_class, made.release());
}

Value answer_bad_url(Isolate& js, const CallArgs& args, const std::string& why) {
    bool throws = Host::of(js).settings.throws;
    if (args.params.is_object()) {
        const Value flag = args.params.get(js, "throw");
        if (flag.threw()) return Value::thrown();
        if (!flag.is_undefined()) throws = flag.to_bool(js);
    }
    if (throws) return script::throw_value(js, script::new_error(js, "GoError", why));
    auto made = std::make_unique<Answer>();
    made->error_code = invalid_url_code;
    made->error = why;
    made->asked_method = args.method;
    const script::Text url = args.url.to_text(js);
    if (!url.ok()) return Value::thrown();
    made->asked_url = url.str();
    return script::new_native(js, api::response_class, made.release());
}

}  // namespace weir::journey
