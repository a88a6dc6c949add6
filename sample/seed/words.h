// Words for made-up people and cases; none of them is real.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "sample/seed/random.h"

namespace weir::sample {

std::span<const std::string_view> first_names();
/// Some need escaping in HTML, as names typed by people do.
std::span<const std::string_view> last_names();
std::span<const std::string_view> provider_names();
std::span<const std::string_view> intervention_titles();
std::span<const std::string_view> regions();
std::span<const std::string_view> languages();
std::span<const std::string_view> ethnicities();
std::span<const std::string_view> religions();

/// That many sentences of a case worker's notes, about 60 bytes each.
std::string notes(Random& random, std::size_t sentences);

}  // namespace weir::sample
