#include "net/address.h"

#include <algorithm>
#include <charconv>
#include <cstring>

#include <arpa/inet.h>
#include <netinet/in.h>

#include "base/format.h"

namespace weir::net {
namespace {

constexpr std::array<std::uint8_t, 12> mapped_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

std::optional<unsigned> parse_number(std::string_view text, unsigned most) noexcept {
    unsigned value = 0;
    const auto* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc() || stop != end || value > most) return std::nullopt;
    return value;
}

}  // namespace

std::optional<std::uint16_t> parse_port(std::string_view text) noexcept {
    const auto number = parse_number(text, 65535);
    if (!number) return std::nullopt;
    return static_cast<std::uint16_t>(*number);
}

IpAddress IpAddress::from_bytes(const void* bytes, bool v6) noexcept {
    IpAddress made;
    made.v6_ = v6;
    std::memcpy(made.bytes_.data(), bytes, v6 ? 16 : 4);
    if (v6 && std::equal(mapped_prefix.begin(), mapped_prefix.end(), made.bytes_.begin())) {
        return from_bytes(made.bytes_.data() + mapped_prefix.size(), false);
    }
    return made;
}

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
    const std::string terminated(text);
    std::array<std::uint8_t, 16> bytes{};
    if (inet_pton(AF_INET, terminated.c_str(), bytes.data()) == 1) {
        return from_bytes(bytes.data(), false);
    }
    if (inet_pton(AF_INET6, terminated.c_str(), bytes.data()) == 1) {
        return from_bytes(bytes.data(), true);
    }
    return std::nullopt;
}

std::string IpAddress::text() const {
    std::array<char, INET6_ADDRSTRLEN> buffer{};
    inet_ntop(v6_ ? AF_INET6 : AF_INET, bytes_.data(), buffer.data(), buffer.size());
    return buffer.data();
}

std::string Endpoint::text() const {
    return ip.v6() ? base::format("[{}]:{}", ip.text(), port)
                   : base::format("{}:{}", ip.text(), port);
}

socklen_t Endpoint::to_socket(sockaddr_storage& into) const noexcept {
    into = {};
    if (ip.v6()) {
        sockaddr_in6 made{};
        made.sin6_family = AF_INET6;
        made.sin6_port = htons(port);
        std::memcpy(&made.sin6_addr, ip.bytes().data(), 16);
        std::memcpy(&into, &made, sizeof made);
        return sizeof made;
    }
    sockaddr_in made{};
    made.sin_family = AF_INET;
    made.sin_port = htons(port);
    std::memcpy(&made.sin_addr, ip.bytes().data(), 4);
    std::memcpy(&into, &made, sizeof made);
    return sizeof made;
}

std::optional<Endpoint> Endpoint::from_socket(const sockaddr_storage& from) noexcept {
    if (from.ss_family == AF_INET) {
        sockaddr_in read{};
        std::memcpy(&read, &from, sizeof read);
        return Endpoint{IpAddress::from_bytes(&read.sin_addr, false), ntohs(read.sin_port)};
    }
    if (from.ss_family == AF_INET6) {
        sockaddr_in6 read{};
        std::memcpy(&read, &from, sizeof read);
        return Endpoint{IpAddress::from_bytes(&read.sin6_addr, true), ntohs(read.sin6_port)};
    }
    return std::nullopt;
}

std::optional<Endpoint> Endpoint::parse(std::string_view text) {
    if (const auto plain = IpAddress::parse(text)) return Endpoint{*plain, 0};
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos) return std::nullopt;
    std::string_view host = text.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    const auto ip = IpAddress::parse(host);
    const auto port = parse_port(text.substr(colon + 1));
    if (!ip || !port) return std::nullopt;
    return Endpoint{*ip, *port};
}

std::optional<IpBlock> IpBlock::parse(std::string_view text) {
    const auto slash = text.find('/');
    const auto ip = IpAddress::parse(text.substr(0, slash));
    if (!ip) return std::nullopt;
    const unsigned width = ip->v6() ? 128 : 32;
    IpBlock made;
    made.base_ = *ip;
    made.bits_ = width;
    if (slash == std::string_view::npos) return made;
    const auto bits = parse_number(text.substr(slash + 1), width);
    if (!bits) return std::nullopt;
    made.bits_ = *bits;
    return made;
}

bool IpBlock::contains(const IpAddress& ip) const noexcept {
    if (ip.v6() != base_.v6()) return false;
    const std::size_t whole = bits_ / 8;
    if (!std::equal(ip.bytes().begin(), ip.bytes().begin() + static_cast<std::ptrdiff_t>(whole),
                    base_.bytes().begin())) {
        return false;
    }
    const unsigned rest = bits_ % 8;
    if (rest == 0) return true;
    const unsigned mask = (0xffU << (8 - rest)) & 0xffU;
    return (ip.bytes()[whole] & mask) == (base_.bytes()[whole] & mask);
}

}  // namespace weir::net
