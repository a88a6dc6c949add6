// The pages of the service, as HTML in the shape of the GOV.UK design system.
#pragma once

#include <string>
#include <string_view>

#include "sample/cases/dashboard.h"
#include "sample/cases/referral.h"

namespace weir::sample {

enum class DashboardView : std::uint8_t { my_cases, all_open, unassigned, completed };

std::string_view view_path(DashboardView view);
std::string_view view_heading(DashboardView view);

/// A page around a body that is HTML already. `user` is empty for visitors.
std::string layout(std::string_view heading, std::string_view user, std::string_view body);

struct DashboardPage {
    DashboardView view = DashboardView::my_cases;
    std::string user;
    std::string search;
    CasePage cases;
};
std::string dashboard_page(const DashboardPage& page);

std::string details_page(const ReferralCase& referral, std::string_view user);
std::string progress_page(const ReferralCase& referral, std::string_view user);
std::string problem_page(std::string_view heading, std::string_view text);

/// "29 Jul 2022" of "2022-07-29T10:03:00Z" or "2022-07-29"; empty of empty.
std::string day_text(std::string_view time);

}  // namespace weir::sample
