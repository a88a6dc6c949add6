// The larger fields of a Response: headers, cookies, timings, request.
#include <cctype>
#include <chrono>
#include <map>
#include <utility>

#include "http/cookie_jar.h"
#include "http/header_names.h"
#include "journey/host/host.h"
#include "journey/request/answer.h"

namespace weir::journey {

namespace {

using script::Isolate;
using script::Value;

double epoch_ms(base::WallTime time) {
    return std::chrono::duration<double, std::milli>(time.time_since_epoch()).count();
}

Value cookie_object(Isolate& js, const http::Cookie& cookie) {
    Value out = script::new_object(js);
    out.set(js, "name", script::new_string(js, cookie.name));
    out.set(js, "value", script::new_string(js, cookie.value));
    out.set(js, "domain", script::new_string(js, cookie.domain));
    out.set(js, "path", script::new_string(js, cookie.path));
    out.set(js, "http_only", Value::boolean(cookie.http_only));
    out.set(js, "secure", Value::boolean(cookie.secure));
    out.set(js, "max_age", Value::integer(cookie.max_age));
    out.set(js, "expires", Value::number(cookie.expires ? epoch_ms(*cookie.expires) : 0));
    return out;
}

/// object[name].push(value), the array made when it is the first.
bool append_to(Isolate& js, const Value& object, std::string_view name, Value value) {
    Value list = object.get(js, name);
    if (list.threw()) return false;
    if (!list.is_array()) {
        list = script::new_array(js);
        if (!object.set(js, name, list.own(js))) return false;
    }
    const auto length = list.length(js);
    return length && list.set_at(js, *length, std::move(value));
}

Value sent_headers(Isolate& js, const http::Request& request) {
    Value out = script::new_object(js);
    for (const http::Header& header : request.headers) {
        append_to(js, out, canonical_header_name(header.name),
                  script::new_string(js, header.value));
    }
    return out;
}

Value sent_cookies(Isolate& js, const http::Request& request) {
    Value out = script::new_object(js);
    const http::Header* const header = http::find_header(request.headers, "Cookie");
    std::string_view rest = header == nullptr ? std::string_view() : header->value;
    while (!rest.empty()) {
        const std::string_view pair = rest.substr(0, rest.find("; "));
        rest.remove_prefix(std::min(rest.size(), pair.size() + 2));
        const std::size_t equals = pair.find('=');
        if (equals == std::string_view::npos) continue;
        Value cookie = script::new_object(js);
        cookie.set(js, "name", script::new_string(js, pair.substr(0, equals)));
        cookie.set(js, "value", script::new_string(js, pair.substr(equals + 1)));
        cookie.set(js, "replace", Value::boolean(false));
        append_to(js, out, pair.substr(0, equals), std::move(cookie));
    }
    return out;
}

}  // namespace

std::string canonical_header_name(std::string_view name) {
    std::string out(name);
    bool start = true;
    for (char& c : out) {
        const auto byte = static_cast<unsigned char>(c);
        c = static_cast<char>(start ? std::toupper(byte) : std::tolower(byte));
        start = c == '-';
    }
    return out;
}

Value headers_field(Isolate& js, const Answer& answer) {
    Value out = script::new_object(js);
    if (answer.exchange() == nullptr) return out;
    // Several of one name are joined, in order: what k6 shows.
    std::vector<std::pair<std::string, std::string>> joined;
    for (const http::HeaderField header : answer.exchange()->headers) {
        std::string name = canonical_header_name(header.name);
        const auto same = std::find_if(joined.begin(), joined.end(),
                                       [&](const auto& known) { return known.first == name; });
        if (same == joined.end()) {
            joined.emplace_back(std::move(name), header.value);
        } else {
            same->second.append(", ").append(header.value);
        }
    }
    for (const auto& [name, value] : joined) out.set(js, name, script::new_string(js, value));
    return out;
}

Value cookies_field(Isolate& js, const Answer& answer) {
    Value out = script::new_object(js);
    if (answer.exchange() == nullptr) return out;
    const base::WallTime now = Host::of(js).loop().clock().wall();
    for (const http::HeaderField header : answer.exchange()->headers) {
        if (!http::same_name(header.name, "Set-Cookie")) continue;
        const auto cookie = http::parse_set_cookie(header.value, now);
        if (cookie) append_to(js, out, cookie->name, cookie_object(js, *cookie));
    }
    return out;
}

Value timings_field(Isolate& js, const Answer& answer) {
    const http::Timings none;
    const http::Timings& timings = answer.exchange() == nullptr ? none : answer.exchange()->timings;
    Value out = script::new_object(js);
    const auto put = [&](std::string_view name, base::Nanos span) {
        out.set(js, name, Value::number(base::to_ms(span)));
    };
    put("duration", timings.duration());
    put("blocked", timings.blocked);
    put("looking_up", timings.looking_up);
    put("connecting", timings.connecting);
    put("tls_handshaking", timings.tls_handshaking);
    put("sending", timings.sending);
    put("waiting", timings.waiting);
    put("receiving", timings.receiving);
    return out;
}

Value request_field(Isolate& js, const Answer& answer) {
    Value out = script::new_object(js);
    if (answer.hops.empty()) {
        out.set(js, "method", script::new_string(js, answer.asked_method));
        out.set(js, "url", script::new_string(js, answer.asked_url));
        out.set(js, "headers", script::new_object(js));
        out.set(js, "body", script::new_string(js, ""));
        out.set(js, "cookies", script::new_object(js));
        return out;
    }
    const http::Request& request = answer.hops.front().request;
    out.set(js, "method", script::new_string(js, request.method));
    out.set(js, "url", script::new_string(js, answer.url->text));
    out.set(js, "headers", sent_headers(js, request));
    out.set(js, "body", script::new_string(js, request.body));
    out.set(js, "cookies", sent_cookies(js, request));
    return out;
}

}  // namespace weir::journey
