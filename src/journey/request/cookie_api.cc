// CookieJar as scripts see it. Source: k6 documentation, "CookieJar".
#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "http/cookie_jar.h"
#include "journey/api/api.h"
#include "journey/host/host.h"
#include "journey/request/call.h"

namespace weir::journey {

namespace {

using script::Args;
using script::ErrorKind;
using script::Isolate;
using script::Ref;
using script::Value;
using Jar = std::shared_ptr<http::CookieJar>;

void finalize(void* object) noexcept {
    delete static_cast<Jar*>(object);
}

Value wrap(Isolate& js, Jar jar) {
    return script::new_native(js, api::cookie_jar_class,
                              std::make_unique<Jar>(std::move(jar)).release());
}

Value construct(Isolate& js, Ref, Args, int) noexcept {
    return wrap(js, std::make_shared<http::CookieJar>());
}

struct Call {
    http::CookieJar* jar = nullptr;
    std::shared_ptr<const base::Url> url;
};

/// The jar and the first argument of every method. Null jar: threw.
Call read_call(Isolate& js, Ref self, Args args) {
    const auto* const jar = script::native_as<Jar>(js, self, api::cookie_jar_class);
    if (jar == nullptr) {
        script::throw_error(js, ErrorKind::type, "not a CookieJar");
        return {};
    }
    const script::Text text = (args.empty() ? Ref() : args[0]).to_text(js);
    if (!text.ok()) return {};
    const auto known = Host::of(js).cache.url(text.view());
    if (!known.ok()) {
        script::throw_error(js, ErrorKind::type, known.error().text);
        return {};
    }
    return {jar->get(), known.value()->url};
}

base::WallTime wall(Isolate& js) {
    return Host::of(js).loop().clock().wall();
}

Value cookies_for_url(Isolate& js, Ref self, Args args, int) noexcept {
    const Call call = read_call(js, self, args);
    if (call.jar == nullptr) return Value::thrown();
    Value out = script::new_object(js);
    for (const http::Cookie* cookie : call.jar->matching(*call.url, wall(js))) {
        Value list = out.get(js, cookie->name);
        if (!list.is_array()) {
            list = script::new_array(js);
            out.set(js, cookie->name, list.own(js));
        }
        list.set_at(js, list.length(js).value_or(0), script::new_string(js, cookie->value));
    }
    return out;
}

bool read_text(Isolate& js, Ref options, std::string_view name, std::string& out) {
    const Value value = options.get(js, name);
    if (value.threw()) return false;
    if (value.is_nullish()) return true;
    const script::Text text = value.to_text(js);
    if (text.ok()) out = text.str();
    return text.ok();
}

/// Whatever Date() understands: "Mon, 02 Jan 2006 15:04:05 MST".
bool read_expiry(Isolate& js, Ref options, http::Cookie& cookie) {
    const Value value = options.get(js, "expires");
    if (value.threw()) return false;
    if (value.is_nullish()) return true;
    const script::Text text = value.to_text(js);
    if (!text.ok()) return false;
    // The Set-Cookie parser knows every form that servers use.
    const auto parsed = http::parse_set_cookie("a=b; Expires=" + text.str(), wall(js));
    if (!parsed || !parsed->expires) {
        script::throw_error(js, ErrorKind::type,
                            "unable to parse the cookie's expires '" + text.str() + "'");
        return false;
    }
    cookie.expires = parsed->expires;
    return true;
}

bool read_options(Isolate& js, Ref options, http::Cookie& cookie) {
    if (options.is_nullish()) return true;
    std::string domain;
    if (!read_text(js, options, "domain", domain) || !read_text(js, options, "path", cookie.path) ||
        !read_expiry(js, options, cookie)) {
        return false;
    }
    if (!domain.empty()) {
        cookie.domain = domain.starts_with('.') ? domain.substr(1) : domain;
        cookie.host_only = false;
    }
    const Value age = options.get(js, "max_age");
    if (age.is_number() && age.as_number() != 0) {
        cookie.max_age = static_cast<int>(age.as_number());
        cookie.expires = wall(js) + std::chrono::seconds(cookie.max_age);
    }
    cookie.secure = options.get(js, "secure").to_bool(js);
    cookie.http_only = options.get(js, "http_only").to_bool(js);
    return true;
}

Value set(Isolate& js, Ref self, Args args, int) noexcept {
    const Call call = read_call(js, self, args);
    if (call.jar == nullptr) return Value::thrown();
    if (args.size() < 3) {
        return script::throw_error(js, ErrorKind::type,
                                   "CookieJar.set() takes a URL, a name and a value");
    }
    const script::Text name = args[1].to_text(js);
    const script::Text value = args[2].to_text(js);
    if (!name.ok() || !value.ok()) return Value::thrown();
    http::Cookie cookie;
    cookie.name = name.str();
    cookie.value = value.str();
    cookie.domain = call.url->host;
    if (!read_options(js, args.size() > 3 ? args[3] : Ref(), cookie)) return Value::thrown();
    call.jar->store(std::move(cookie), *call.url, wall(js));
    return Value::boolean(true);
}

Value clear(Isolate& js, Ref self, Args args, int) noexcept {
    const Call call = read_call(js, self, args);
    if (call.jar == nullptr) return Value::thrown();
    call.jar->clear(*call.url);
    return {};
}

Value erase(Isolate& js, Ref self, Args args, int) noexcept {
    const Call call = read_call(js, self, args);
    if (call.jar == nullptr) return Value::thrown();
    const script::Text name = (args.size() > 1 ? args[1] : Ref()).to_text(js);
    if (!name.ok()) return Value::thrown();
    call.jar->erase(*call.url, name.view());
    return {};
}

constexpr std::array members{
    script::MemberSpec{.name = "cookiesForURL", .call = cookies_for_url, .length = 1},
    script::MemberSpec{.name = "set", .call = set, .length = 4},
    script::MemberSpec{.name = "clear", .call = clear, .length = 1},
    script::MemberSpec{.name = "delete", .call = erase, .length = 2},
};

}  // namespace

script::ClassSpec cookie_jar_class_spec() {
    return {.name = "CookieJar", .finalize = finalize, .members = members, .construct = construct};
}

Value user_jar(Isolate& js, Ref, Args, int) noexcept {
    Host& host = Host::of(js);
    if (!host.require_running(js, "Getting the cookie jar")) return Value::thrown();
    return wrap(js, host.jar());
}

}  // namespace weir::journey
