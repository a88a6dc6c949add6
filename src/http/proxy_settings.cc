#include "http/proxy_settings.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "base/format.h"
#include "net/address.h"

namespace weir::http {
namespace {

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    return out;
}

bool is_loopback(const base::Url& url) {
    if (url.host == "localhost") return true;
    const auto ip = net::IpAddress::parse(url.host);
    static const auto ipv4 = net::IpBlock::parse("127.0.0.0/8");
    static const auto ipv6 = net::IpBlock::parse("::1");
    return ip && (ipv4->contains(*ip) || ipv6->contains(*ip));
}

/// "host:port" or "[ipv6]:port" into its parts; no port: as it is.
std::pair<std::string_view, std::string_view> split_port(std::string_view rule) {
    std::string_view port;
    const auto colon = rule.rfind(':');
    const bool bracketed = rule.starts_with('[');
    const bool has_port = colon != std::string_view::npos &&
                          (bracketed ? rule[colon - 1] == ']' : rule.find(':') == colon);
    if (has_port) {
        port = rule.substr(colon + 1);
        rule = rule.substr(0, colon);
    }
    if (bracketed && rule.ends_with(']')) rule = rule.substr(1, rule.size() - 2);
    return {rule, port};
}

bool name_matches(std::string_view rule, std::string_view host) {
    if (rule.starts_with("*.")) rule.remove_prefix(1);
    if (rule.starts_with('.')) return host.size() > rule.size() && host.ends_with(rule);
    if (host == rule) return true;
    return host.size() > rule.size() && host.ends_with(rule) &&
           host[host.size() - rule.size() - 1] == '.';
}

bool bypasses(std::string_view rule, const base::Url& url) {
    if (rule == "*") return true;
    const auto target = net::IpAddress::parse(url.host);
    if (rule.find('/') != std::string_view::npos) {
        const auto block = net::IpBlock::parse(rule);
        return block && target && block->contains(*target);
    }
    const auto [host, port] = split_port(rule);
    if (!port.empty() && net::parse_port(port) != url.port) return false;
    if (host.empty()) return false;
    if (const auto ip = net::IpAddress::parse(host)) return target == ip;
    return name_matches(host, url.host);
}

std::optional<std::string> either_case(const GetVariable& get, const std::string& name) {
    auto value = get(name);
    if (!value || value->empty()) value = get(lower(name));
    if (value && value->empty()) value.reset();
    return value;
}

base::Result<std::shared_ptr<const base::Url>> proxy_named(const GetVariable& get,
                                                           const std::string& name) {
    const auto value = either_case(get, name);
    if (!value) return std::shared_ptr<const base::Url>();
    const bool bare = value->find("://") == std::string::npos;
    auto parsed = base::parse_url(bare ? "http://" + *value : *value);
    if (!parsed.ok()) return base::within(name, parsed.error());
    base::Url url = std::move(parsed).value();
    constexpr std::array<std::string_view, 4> known{"http", "https", "socks5", "socks5h"};
    if (std::find(known.begin(), known.end(), url.scheme) == known.end()) {
        return base::Error{base::Code::invalid,
                           base::format("{}: a proxy with the scheme '{}' is not supported: use "
                                        "http, https or socks5",
                                        name, url.scheme)};
    }
    return std::make_shared<const base::Url>(std::move(url));
}

}  // namespace

base::Result<ProxySettings> proxies_from(const GetVariable& get) {
    ProxySettings settings;
    // Under CGI a request's Proxy header becomes HTTP_PROXY: not trusted then (as in Go).
    if (!get("REQUEST_METHOD")) {
        TRY(settings.http, proxy_named(get, "HTTP_PROXY"));
    }
    TRY(settings.https, proxy_named(get, "HTTPS_PROXY"));
    const std::string all = either_case(get, "NO_PROXY").value_or(std::string());
    std::string_view list = all;
    while (!list.empty()) {
        const auto comma = std::min(list.find(','), list.size());
        auto rule = list.substr(0, comma);
        while (rule.starts_with(' ')) rule.remove_prefix(1);
        while (rule.ends_with(' ')) rule.remove_suffix(1);
        if (!rule.empty()) settings.bypass.push_back(lower(rule));
        list.remove_prefix(std::min(comma + 1, list.size()));
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

}  // namespace weir::http
