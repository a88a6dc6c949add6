// Header names compare without case (RFC 9110 §5.1); finding one in a request's list.
#pragma once

#include <string_view>
#include <vector>

#include "http/message.h"

namespace weir::http {

inline constexpr std::string_view server_timing_name = "server-timing";

[[nodiscard]] bool same_name(std::string_view a, std::string_view b) noexcept;
/// The first of that name, or null.
[[nodiscard]] const Header* find_header(const std::vector<Header>& headers,
                                        std::string_view name) noexcept;
void remove_header(std::vector<Header>& headers, std::string_view name);

}  // namespace weir::http
