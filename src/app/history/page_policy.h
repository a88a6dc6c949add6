// PagePolicy: the Content-Security-Policy of what the team's page serves.
#pragma once

#include <string>
#include <string_view>

namespace weir::app {

/// The page's own, which names its script and style by their hashes and stands in its
/// <meta http-equiv>, and what only a header can say: nobody may frame it (CSP 3, §3.3).
[[nodiscard]] std::string policy_of_page(std::string_view page);

/// Of reports: whatever is in one, it cannot ask for anything, and it runs as a stranger to the
/// page that led to it (`sandbox`): the token is out of its reach. Its own <meta> narrows this
/// further.
[[nodiscard]] std::string_view policy_of_reports() noexcept;

/// Of all else: nothing is loaded, nothing is run.
[[nodiscard]] std::string_view policy_of_data() noexcept;

}  // namespace weir::app
