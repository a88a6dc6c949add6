#include "journey/request/ask.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "base/format.h"
#include "http/header_names.h"
#include "journey/guard.h"
#include "journey/host/host.h"

namespace weir::journey {

namespace {

using script::ErrorKind;
using script::Isolate;
using script::Ref;
using script::Value;

constexpr std::array<std::string_view, 9> usual_methods{
    "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "CONNECT"};

/// The URL argument: a string, http.url`…` (an object with url and name), or anything with
/// toString.
struct UrlArgument {
    script::Text text;
    script::Text name;  // of http.url
};

bool read_url(Isolate& js, Ref url, UrlArgument& out) {
    if (url.is_object()) {
        const Value text = url.get(js, "url");
        const Value name = text.is_string() ? url.get(js, "name") : Value();
        if (text.threw() || name.threw()) return false;
        if (text.is_string() && name.is_string()) {
            out.text = text.to_text(js);
            out.name = name.to_text(js);
            return out.text.ok() && out.name.ok();
        }
    }
    if (url.is_nullish()) {
        script::throw_error(js, ErrorKind::type, "the URL is missing");
        return false;
    }
    out.text = url.to_text(js);
    return out.text.ok();
}

/// Takes the tag `name` out of "key\0value\0…": it names the request instead of tagging it.
std::string take_name(std::string& flat) {
    std::size_t at = 0;
    while (at < flat.size()) {
        const std::size_t value = flat.find('\0', at) + 1;
        const std::size_t end = flat.find('\0', value) + 1;
        if (std::string_view(flat).substr(at, value - at - 1) == "name") {
            std::string name = flat.substr(value, end - value - 1);
            flat.erase(at, end - at);
            return name;
        }
        at = end;
    }
    return {};
}

std::string place_in_script(Isolate& js) {
    for (const script::Frame& frame : js.current_stack()) {
        if (!frame.file.empty())
            return base::format("{}:{}:{}", frame.file, frame.line, frame.column);
    }
    return {};
}

void add_tags(Isolate& js, Host& host, Ask& ask, std::string& flat, std::string_view name) {
    if (!flat.empty()) {
        std::string given = take_name(flat);
        if (!given.empty()) {
            ask.named = host.cache.tags.requests_named(given);
        }
    }
    if (ask.named == nullptr && !name.empty()) ask.named = host.cache.tags.requests_named(name);
    const GuardPolicy* const guard = host.run.guard;
    ask.sign_in = host.signing_in ||
                  (guard != nullptr && guard->is_sign_in(ask.request.method, *ask.url->url));
    if (guard != nullptr && !is_safe_method(ask.request.method)) {
        ask.location = place_in_script(js);
    }
    if (ask.sign_in && !host.signing_in) flat.append(std::string_view("step\0sign_in\0", 13));
    ask.tags = host.cache.tags.with_extra(host.tags.base(), flat);
}

}  // namespace

std::string_view known_method(Host& host, std::string_view method) {
    std::array<char, 32> upper{};
    if (method.empty() || method.size() > upper.size()) return {};
    for (std::size_t i = 0; i < method.size(); ++i) {
        const auto c = static_cast<unsigned char>(method[i]);
        if (std::isalnum(c) == 0 && c != '-' && c != '_') return {};
        upper[i] = static_cast<char>(std::toupper(c));
    }
    const std::string_view text(upper.data(), method.size());
    const auto found = std::find(usual_methods.begin(), usual_methods.end(), text);
    return found != usual_methods.end() ? *found : host.cache.method(text);
}

bool read_ask(Isolate& js, const CallArgs& args, Ask& ask, std::string& bad_url) {
    Host& host = Host::of(js);
    UrlArgument url;
    if (!read_url(js, args.url, url)) return false;
    auto known = host.cache.url(url.text.view());
    if (!known.ok()) {
        bad_url = known.error().text;
        return false;
    }
    ask.url = std::move(known).value();
    ask.request.url = ask.url->url;
    ask.request.method = args.method;
    ask.settings.redirects_max = host.settings.redirects_max;
    ask.timeout = host.settings.request_timeout;
    ask.throws = host.settings.throws;
    ask.rule = host.status_rule;
    ask.judged = host.judges_status;
    ask.body_form = host.settings.discard_bodies ? BodyForm::none : BodyForm::text;
    std::string flat;
    if (!args.params.is_nullish() && !read_params(js, args.params, ask, flat)) return false;
    if (!read_body(js, args.body, ask)) return false;
    auto& headers = ask.request.headers;
    if (http::find_header(headers, "User-Agent") == nullptr && !host.settings.user_agent.empty()) {
        headers.push_back({"User-Agent", host.settings.user_agent});
    }
    if (!ask.url->url->username.empty() && ask.settings.auth == http::Auth::none) {
        ask.settings.auth = http::Auth::basic;
    }
    ask.settings.jar = ask.jar != nullptr ? ask.jar.get() : host.jar().get();
    ask.settings.send.discard_body = ask.body_form == BodyForm::none;
    add_tags(js, host, ask, flat, url.name.view());
    return true;
}

}  // namespace weir::journey
