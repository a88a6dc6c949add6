// Params: the last argument of k6's HTTP calls. Source: k6 documentation, "Params".
#include <cmath>
#include <string>

#include "base/format.h"
#include "base/units.h"
#include "http/content_encoding.h"
#include "journey/api/api.h"
#include "journey/api/tag_args.h"
#include "journey/host/host.h"
#include "journey/request/ask.h"

namespace weir::journey {

namespace {

using script::ErrorKind;
using script::Isolate;
using script::Ref;
using script::Value;

bool refuse(Isolate& js, std::string_view why) {
    script::throw_error(js, ErrorKind::type, why);
    return false;
}

bool read_headers(Isolate& js, Ref headers, Ask& ask) {
    if (headers.is_nullish()) return true;
    const auto keys = script::own_keys(js, headers);
    if (!keys) return false;
    for (const std::string& key : *keys) {
        const Value value = headers.get(js, key);
        if (value.threw()) return false;
        const script::Text text = value.to_text(js);
        if (!text.ok()) return false;
        ask.request.headers.push_back({key, text.str()});
    }
    return true;
}

/// { name: value } or { name: { value, replace } }. With `replace`, the jar's cookie of that name
/// is not sent beside it.
bool read_cookies(Isolate& js, Ref cookies, Ask& ask) {
    if (cookies.is_nullish()) return true;
    const auto keys = script::own_keys(js, cookies);
    if (!keys) return false;
    for (const std::string& key : *keys) {
        Value value = cookies.get(js, key);
        if (value.threw()) return false;
        bool replace = false;
        if (value.is_object()) {
            const Value flag = value.get(js, "replace");
            if (flag.threw()) return false;
            replace = flag.to_bool(js);
            value = value.get(js, "value");
            if (value.threw()) return false;
        }
        const script::Text text = value.to_text(js);
        if (!text.ok()) return false;
        ask.settings.cookies.push_back({key, text.str()});
        if (replace) ask.replaced_cookies.push_back(key);
    }
    return true;
}

bool read_timeout(Isolate& js, Ref timeout, Ask& ask) {
    if (timeout.is_nullish()) return true;
    if (timeout.is_number()) {
        const double ms = timeout.as_number();
        if (!std::isfinite(ms) || ms < 0) return refuse(js, "timeout must be a positive number");
        if (ms > 0) ask.timeout = base::from_ms(std::fmin(ms, 1e12));
        return true;
    }
    const script::Text text = timeout.to_text(js);
    if (!text.ok()) return false;
    const auto parsed = base::parse_duration(text.view());
    if (!parsed.ok()) return refuse(js, "timeout: " + parsed.error().text);
    if (parsed.value() > base::Nanos::zero()) ask.timeout = parsed.value();
    return true;
}

bool read_response_type(Isolate& js, Ref type, Ask& ask) {
    if (type.is_nullish()) return true;
    const script::Text text = type.to_text(js);
    if (!text.ok()) return false;
    if (text.view() == "text") {
        ask.body_form = BodyForm::text;
    } else if (text.view() == "binary") {
        ask.body_form = BodyForm::binary;
    } else if (text.view() == "none") {
        ask.body_form = BodyForm::none;
    } else {
        return refuse(js,
                      base::format("unknown responseType '{}': text, binary or none", text.view()));
    }
    return true;
}

bool read_callback(Isolate& js, Ref callback, Ask& ask) {
    if (callback.is_undefined()) return true;
    ask.judged = !callback.is_null();
    if (callback.is_null()) return true;
    const auto* const rule =
        script::native_as<std::shared_ptr<const StatusRule>>(js, callback, api::status_rule_class);
    if (rule == nullptr)
        return refuse(js, "unsupported responseCallback: use http.expectedStatuses()");
    ask.rule = *rule;
    return true;
}

bool read_auth(Isolate& js, Ref auth, Ask& ask) {
    if (auth.is_nullish()) return true;
    const script::Text text = auth.to_text(js);
    if (!text.ok()) return false;
    if (text.view() == "basic") {
        ask.settings.auth = http::Auth::basic;
    } else if (text.view() == "digest") {
        ask.settings.auth = http::Auth::digest;
    } else if (text.view() == "ntlm") {
        return refuse(js, "auth: 'ntlm' is not supported yet");
    } else {
        return refuse(js, base::format("unknown auth '{}': basic or digest", text.view()));
    }
    return true;
}

bool read_jar(Isolate& js, Ref jar, Ask& ask) {
    if (jar.is_nullish()) return true;
    const auto* const given =
        script::native_as<std::shared_ptr<http::CookieJar>>(js, jar, api::cookie_jar_class);
    if (given == nullptr) return refuse(js, "jar must be a CookieJar");
    ask.jar = *given;
    return true;
}

bool read_redirects(Isolate& js, Ref redirects, Ask& ask) {
    if (redirects.is_nullish()) return true;
    const auto count = redirects.to_integer(js);
    if (!count) return false;
    if (*count < 0 || *count > 1'000'000) return refuse(js, "redirects must not be negative");
    ask.settings.redirects_max = static_cast<int>(*count);
    return true;
}

bool read_compression(Isolate& js, Ref compression, Ask& ask) {
    if (compression.is_nullish()) return true;
    const script::Text text = compression.to_text(js);
    if (!text.ok()) return false;
    ask.compression = text.str();
    return true;
}

bool read_throw(Isolate& js, Ref flag, Ask& ask) {
    if (!flag.is_undefined()) ask.throws = flag.to_bool(js);
    return true;
}

struct Param {
    std::string_view name;
    bool (*read)(Isolate& js, Ref value, Ask& ask);
};
constexpr Param params_known[] = {
    {"headers", read_headers},
    {"cookies", read_cookies},
    {"timeout", read_timeout},
    {"redirects", read_redirects},
    {"responseType", read_response_type},
    {"responseCallback", read_callback},
    {"auth", read_auth},
    {"jar", read_jar},
    {"compression", read_compression},
    {"throw", read_throw},
};

}  // namespace

bool read_params(Isolate& js, Ref params, Ask& ask, std::string& flat) {
    if (!params.is_object()) return refuse(js, "params must be an object");
    // Only what is there is looked at, as the script wrote it: most calls say one or two things.
    const auto keys = script::own_keys(js, params);
    if (!keys) return false;
    for (const std::string& key : *keys) {
        const Value value = params.get(js, key);
        if (value.threw()) return false;
        if (key == "tags") {
            if (!api::read_tags(js, value, flat)) return false;
            continue;
        }
        for (const Param& param : params_known) {
            if (param.name == key && !param.read(js, value, ask)) return false;
        }
    }
    return true;
}

}  // namespace weir::journey
