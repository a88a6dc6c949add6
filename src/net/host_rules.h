// HostRules: which names and addresses may not be dialled, and which are sent elsewhere.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/hash.h"
#include "base/result.h"
#include "net/address.h"

namespace weir::net {

/// As k6's options of these names. Source: k6 documentation, "Options reference".
struct HostSettings {
    /// hosts: "name", "name:port" or "*.domain[:port]" → "ip" or "ip:port".
    std::vector<std::pair<std::string, std::string>> hosts{};
    /// blockHostnames: names, or patterns that begin with "*".
    std::vector<std::string> blocked_names{};
    /// blacklistIPs: CIDR blocks or single addresses.
    std::vector<std::string> blocked_ips{};
};

/// A name, or what follows a leading "*". Matching ignores case.
class HostPattern {
public:
    /// The error says what is wrong with `text` ("*" anywhere but at the start).
    [[nodiscard]] static base::Result<HostPattern> parse(std::string_view text);
    [[nodiscard]] bool matches(std::string_view host) const noexcept;
    /// How much of the name it fixes: of several patterns that match, the longest counts.
    [[nodiscard]] std::size_t length() const noexcept { return text_.size(); }

private:
    std::string text_;
    bool wildcard_ = false;
};

class HostRules {
public:
    /// The error names the entry that cannot be read.
    [[nodiscard]] static base::Result<HostRules> make(const HostSettings& settings);

    [[nodiscard]] bool blocks_name(std::string_view host) const noexcept;
    [[nodiscard]] bool blocks_ip(const IpAddress& ip) const noexcept;
    /// Where to go instead, with `port` filled in when the rule has none. Rules for the very name
    /// and port come first, then the name, then the longest wildcard.
    [[nodiscard]] std::optional<Endpoint> override_for(std::string_view host,
                                                       std::uint16_t port) const;

private:
    struct Override {
        HostPattern from;
        std::uint16_t port = 0;  // 0: any
        Endpoint to;
    };
    std::vector<Override> wildcards_;
    base::TextMap<Endpoint> names_;  // "name" or "name:port", lower case
    std::vector<HostPattern> blocked_names_;
    std::vector<IpBlock> blocked_ips_;
};

}  // namespace weir::net
