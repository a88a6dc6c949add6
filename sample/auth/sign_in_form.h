// The sign-in form and its relatives, as HTML.
#pragma once

#include <string>
#include <string_view>

namespace weir::sample {

/// `error` is empty, "invalid" or "locked".
std::string sign_in_form(std::string_view csrf, std::string_view error);
std::string verify_email_page();
std::string auth_problem_page(std::string_view problem);

}  // namespace weir::sample
