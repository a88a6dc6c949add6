// Referral: one case with all that its pages show.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sample/cases/dashboard.h"
#include "sample/db/connection.h"
#include "sample/result.h"

namespace weir::sample {

struct CaseAppointment {
    std::string time;
    std::string duration_minutes;
    std::string attended;  // YES, LATE, NO or empty
    std::string submitted_at;
};

struct CasePlan {
    std::string sessions;
    std::string created_at;
    std::string submitted_at;
    std::string approved_at;
};

struct CaseAssignment {
    std::string at;
    std::string to;
};

struct ReferralCase {
    CaseRow row;
    std::string contract_id;
    std::string contract_reference;
    std::string deadline;
    std::string further_information;
    std::string accessibility_needs;
    std::string additional_needs;
    std::string interpreter_language;
    std::string when_unavailable;
    std::string enforceable_days;
    std::string date_of_birth;
    std::string gender;
    std::string report_submitted_at;
    std::vector<CaseAppointment> appointments;
    std::vector<CasePlan> plans;
    std::vector<CaseAssignment> assignments;
};

bool is_uuid(std::string_view text);

/// Nothing when there is no sent referral with that id.
Result<std::optional<ReferralCase>> load_referral(Connection& connection, const std::string& id);

}  // namespace weir::sample
