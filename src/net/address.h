// IpAddress, Endpoint and IpBlock: where a connection goes, as values.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <sys/socket.h>

namespace weir::net {

/// IPv4 or IPv6. A v4-mapped IPv6 address is the IPv4 address, so that rules cannot be stepped
/// around.
class IpAddress {
public:
    /// Dotted IPv4 or IPv6 without brackets; nothing when `text` is neither (a name, for one).
    [[nodiscard]] static std::optional<IpAddress> parse(std::string_view text);
    /// `bytes` is 4 or 16 long, in network order.
    [[nodiscard]] static IpAddress from_bytes(const void* bytes, bool v6) noexcept;

    [[nodiscard]] bool v6() const noexcept { return v6_; }
    [[nodiscard]] std::string text() const;
    [[nodiscard]] const std::array<std::uint8_t, 16>& bytes() const noexcept { return bytes_; }
    [[nodiscard]] bool operator==(const IpAddress&) const noexcept = default;

private:
    std::array<std::uint8_t, 16> bytes_{};  // IPv4 in the first four
    bool v6_ = false;
};

struct Endpoint {
    IpAddress ip;
    std::uint16_t port = 0;

    /// "10.0.0.1:80", "[::1]:80".
    [[nodiscard]] std::string text() const;
    /// Fills `into` and returns the length to pass along.
    [[nodiscard]] socklen_t to_socket(sockaddr_storage& into) const noexcept;
    [[nodiscard]] static std::optional<Endpoint> from_socket(const sockaddr_storage& from) noexcept;
    /// "ip", "ip:port" or "[ipv6]:port"; the port is 0 when there is none.
    [[nodiscard]] static std::optional<Endpoint> parse(std::string_view text);
};

/// A CIDR block ("10.0.0.0/8", "fe80::/10") or one address.
class IpBlock {
public:
    [[nodiscard]] static std::optional<IpBlock> parse(std::string_view text);
    [[nodiscard]] bool contains(const IpAddress& ip) const noexcept;

private:
    IpAddress base_;
    unsigned bits_ = 0;
};

/// 0..65535 in decimal digits only.
[[nodiscard]] std::optional<std::uint16_t> parse_port(std::string_view text) noexcept;

}  // namespace weir::net
