#include "journey/guard.h"

#include <algorithm>

#include "base/format.h"
#include "journey/evidence.h"

namespace weir::journey {

namespace {

/// `pattern` with "*" for any run of characters. Linear in practice: goes back to the last "*"
/// only.
bool matches_pattern(std::string_view pattern, std::string_view text) {
    std::size_t p = 0, t = 0;
    std::size_t star = std::string_view::npos, resume = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            resume = t;
        } else if (p < pattern.size() && pattern[p] == text[t]) {
            ++p;
            ++t;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            t = ++resume;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*') ++p;
    return p == pattern.size();
}

}  // namespace

bool Endpoint::matches(std::string_view asked_method, const base::Url& asked) const {
    return (method == "*" || method == asked_method) && matches(asked);
}

bool Endpoint::matches(const base::Url& asked) const {
    if (url.starts_with('/')) return matches_pattern(url, asked.path);
    return matches_pattern(url, asked.origin() + asked.path);
}

bool is_safe_method(std::string_view method) noexcept {
    return method == "GET" || method == "HEAD" || method == "OPTIONS" || method == "TRACE";
}

bool GuardPolicy::is_sign_in(std::string_view method, const base::Url& url) const {
    return std::any_of(sign_in.begin(), sign_in.end(),
                       [&](const Endpoint& each) { return each.matches(method, url); });
}

bool GuardPolicy::is_sign_in_page(const base::Url& url) const {
    return std::any_of(sign_in.begin(), sign_in.end(),
                       [&](const Endpoint& each) { return each.matches(url); });
}

bool GuardPolicy::allows(std::string_view method, const base::Url& url) const {
    return !read_only || is_safe_method(method) || is_sign_in(method, url);
}

std::string guard_refusal(std::string_view method, const base::Url& url) {
    return base::format(
        "the read-only guard did not send {} {}: it may change data; if it is part of signing in, "
        "name "
        "it among the sign-in endpoints in weir.toml",
        method, redacted_url(url));
}

}  // namespace weir::journey
