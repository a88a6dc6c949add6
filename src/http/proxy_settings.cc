#include "http/proxy_settings.h"

#include <array>
#include <charconv>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

#include <arpa/inet.h>

#include "http/credentials.h"

namespace weir::http {
namespace {

using Address = std::pair<int, std::array<unsigned char, 16>>;  // bits of the family, bytes

std::optional<Address> address_of(const std::string& host) {
    Address address{};
    if (inet_pton(AF_INET, host.c_str(), address.second.data()) == 1) {
        address.first = 32;
        return address;
    }
    if (inet_pton(AF_INET6, host.c_str(), address.second.data()) == 1) {
        address.first = 128;
        return address;
    }
    return std::nullopt;
}

bool in_block(const std::string& host, std::string_view block) {
    const auto slash = block.find('/');
    const auto base = address_of(std::string(block.substr(0, slash)));
    const auto address = address_of(host);
    int bits = 0;
    const auto tail = block.substr(slash + 1);
    const auto [end, failed] = std::from_chars(tail.data(), tail.data() + tail.size(), bits);
    if (!base || !address || failed != std::errc{} || end != tail.data() + tail.size())
        return false;
    if (base->first != address->first || bits < 0 || bits > base->first) return false;
    for (int bit = 0; bit < bits; ++bit) {
        const auto byte = static_cast<std::size_t>(bit / 8);
        const auto mask = static_cast<unsigned char>(0x80U >> static_cast<unsigned>(bit % 8));
        if (((base->second[byte] ^ address->second[byte]) & mask) != 0) return false;
    }
    return true;
}

bool is_loopback(const base::Url& url) {
    return url.host == "localhost" || url.host == "::1" || in_block(url.host, "127.0.0.0/8");
}

bool bypasses(std::string_view rule, const base::Url& url) {
    if (rule == "*") return true;
    if (rule.find('/') != std::string_view::npos) return in_block(url.host, rule);
    const auto colon = rule.rfind(':');
    if (colon != std::string_view::npos && rule.find(':') == colon) {
        if (rule.substr(colon + 1) != std::to_string(url.port)) return false;
        rule = rule.substr(0, colon);
    }
    const bool only_below = rule.starts_with('.');
    if (rule.starts_with("*.")) rule.remove_prefix(1);
    if (!only_below && rule == url.host) return true;
    const std::string suffix = rule.starts_with('.') ? std::string(rule) : "." + std::string(rule);
    return url.host.size() > suffix.size() && url.host.ends_with(suffix);
}

std::optional<std::string> either_case(const GetVariable& get,
                                       const std::string& upper,
                                       const std::string& lower) {
    auto value = get(upper);
    if (!value || value->empty()) value = get(lower);
    if (value && value->empty()) value.reset();
    return value;
}

base::Result<std::shared_ptr<const base::Url>> proxy_url(const std::string& name,
                                                         const std::string& value) {
    const bool bare = value.find("://") == std::string::npos;
    auto parsed = base::parse_url(bare ? "http://" + value : value);
    if (!parsed.ok()) return base::within(name, parsed.error());
    return std::make_shared<const base::Url>(std::move(parsed).value());
}

}  // namespace

base::Result<ProxySettings> proxies_from(const GetVariable& get) {
    ProxySettings settings;
    // Under CGI a request's Proxy header becomes HTTP_PROXY: not trusted then (as in Go).
    if (const auto http = either_case(get, "HTTP_PROXY", "http_proxy");
        http && !get("REQUEST_METHOD")) {
        TRY(settings.http, proxy_url("HTTP_PROXY", *http));
    }
    if (const auto https = either_case(get, "HTTPS_PROXY", "https_proxy")) {
        TRY(settings.https, proxy_url("HTTPS_PROXY", *https));
    }
    std::string_view list;
    const auto none = either_case(get, "NO_PROXY", "no_proxy");
    if (none) list = *none;
    while (!list.empty()) {
        const auto comma = list.find(',');
        auto rule = list.substr(0, comma);
        while (rule.starts_with(' ')) rule.remove_prefix(1);
        while (rule.ends_with(' ')) rule.remove_suffix(1);
        if (!rule.empty()) settings.bypass.emplace_back(rule);
        if (comma == std::string_view::npos) break;
        list.remove_prefix(comma + 1);
    }
    return settings;
}

std::shared_ptr<const base::Url> proxy_for(const ProxySettings& settings, const base::Url& url) {
    const auto& proxy = url.scheme == "https" ? settings.https : settings.http;
    if (proxy == nullptr || is_loopback(url)) return nullptr;
    for (const auto& rule : settings.bypass) {
        if (bypasses(rule, url)) return nullptr;
    }
    return proxy;
}

std::string proxy_authorization(const base::Url& proxy) {
    if (proxy.username.empty()) return {};
    return basic_credentials(percent_decoded(proxy.username), percent_decoded(proxy.password));
}

}  // namespace weir::http
