#include "net/host_rules.h"

#include <algorithm>

#include "base/format.h"

namespace weir::net {
namespace {

using base::Code;
using base::Error;
using base::Result;

char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string lower_case(std::string_view text) {
    std::string made(text);
    std::transform(made.begin(), made.end(), made.begin(), lower);
    return made;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return lower(x) == lower(y); });
}

/// "name:port" apart; the port is 0 when there is none. IPv6 literals are not names.
std::pair<std::string_view, std::uint16_t> split_port(std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos) return {text, 0};
    const auto port = parse_port(text.substr(colon + 1));
    if (!port) return {text, 0};
    return {text.substr(0, colon), *port};
}

}  // namespace

Result<HostPattern> HostPattern::parse(std::string_view text) {
    HostPattern made;
    made.wildcard_ = text.starts_with('*');
    if (made.wildcard_) text.remove_prefix(1);
    if (text.find('*') != std::string_view::npos || (text.empty() && !made.wildcard_)) {
        return Error{Code::invalid,
                     base::format("host pattern '{}': a name, or '*' followed by the "
                                  "end of one, such as '*.example.com'",
                                  text)};
    }
    made.text_ = lower_case(text);
    return made;
}

bool HostPattern::matches(std::string_view host) const noexcept {
    if (!wildcard_) return equal_ignoring_case(host, text_);
    return host.size() >= text_.size() &&
           equal_ignoring_case(host.substr(host.size() - text_.size()), text_);
}

Result<HostRules> HostRules::make(const HostSettings& settings) {
    HostRules made;
    for (const auto& [from, to] : settings.hosts) {
        const auto endpoint = Endpoint::parse(to);
        if (!endpoint) {
            return Error{Code::invalid,
                         base::format("hosts: '{}' is sent to '{}', which is not an IP address or "
                                      "ip:port",
                                      from, to)};
        }
        if (!from.starts_with('*')) {
            made.names_.insert_or_assign(lower_case(from), *endpoint);
            continue;
        }
        const auto [name, port] = split_port(from);
        TRY(auto pattern, HostPattern::parse(name));
        made.wildcards_.push_back({std::move(pattern), port, *endpoint});
    }
    std::stable_sort(made.wildcards_.begin(), made.wildcards_.end(),
                     [](const Override& a, const Override& b) {
                         if (a.from.length() != b.from.length()) {
                             return a.from.length() > b.from.length();
                         }
                         return a.port > b.port;
                     });
    for (const auto& name : settings.blocked_names) {
        TRY(auto pattern, HostPattern::parse(name));
        made.blocked_names_.push_back(std::move(pattern));
    }
    for (const auto& text : settings.blocked_ips) {
        const auto block = IpBlock::parse(text);
        if (!block) {
            return Error{
                Code::invalid,
                base::format("blacklistIPs: '{}' is not an IP address or a CIDR block such as "
                             "10.0.0.0/8",
                             text)};
        }
        made.blocked_ips_.push_back(*block);
    }
    return made;
}

bool HostRules::blocks_name(std::string_view host) const noexcept {
    return std::any_of(blocked_names_.begin(), blocked_names_.end(),
                       [host](const HostPattern& pattern) { return pattern.matches(host); });
}

bool HostRules::blocks_ip(const IpAddress& ip) const noexcept {
    return std::any_of(blocked_ips_.begin(), blocked_ips_.end(),
                       [&ip](const IpBlock& block) { return block.contains(ip); });
}

std::optional<Endpoint> HostRules::override_for(std::string_view host, std::uint16_t port) const {
    if (names_.empty() && wildcards_.empty()) return std::nullopt;
    const auto filled = [port](Endpoint to) {
        if (to.port == 0) to.port = port;
        return to;
    };
    const std::string name = lower_case(host);
    if (const auto exact = names_.find(base::format("{}:{}", name, port)); exact != names_.end()) {
        return filled(exact->second);
    }
    if (const auto exact = names_.find(name); exact != names_.end()) return filled(exact->second);
    for (const Override& rule : wildcards_) {
        if ((rule.port == 0 || rule.port == port) && rule.from.matches(name))
            return filled(rule.to);
    }
    return std::nullopt;
}

}  // namespace weir::net
