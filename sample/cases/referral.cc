#include "sample/cases/referral.h"

#include <algorithm>
#include <array>

#include "sample/cases/queries.h"

namespace weir::sample {
namespace {

using Params = std::array<std::string, 1>;

Result<std::optional<ReferralCase>> load_head(Connection& connection, const Params& id) {
    std::optional<ReferralCase> found;
    std::string sql = "select ";
    sql.append(row_columns);
    sql +=
        ", c.id, c.contract_reference, r.completion_deadline, r.further_information, "
        "r.accessibility_needs, r.additional_needs_information, r.interpreter_language, "
        "r.when_unavailable, r.maximum_enforceable_days, s.dob, s.gender, e.submitted_at "
        "from referral r";
    sql.append(row_joins);
    sql +=
        " left join end_of_service_report e on e.referral_id = r.id "
        "where r.id = $1 and r.sent_at is not null";
    const auto done = connection.query(sql, id, [&](const Row& row) {
        int at = 11;
        ReferralCase one;
        one.row = case_row(row);
        for (auto* field :
             {&one.contract_id, &one.contract_reference, &one.deadline, &one.further_information,
              &one.accessibility_needs, &one.additional_needs, &one.interpreter_language,
              &one.when_unavailable, &one.enforceable_days, &one.date_of_birth, &one.gender}) {
            *field = row.string(at++);
        }
        one.report_submitted_at = row.time(at);
        found = std::move(one);
    });
    if (!done.ok()) return done.error();
    return found;
}

Result<void> load_appointments(Connection& connection, const Params& id, ReferralCase& into) {
    return connection.query(
        "select a.appointment_time, a.duration_in_minutes, a.attended, a.attendance_submitted_at "
        "from supplier_assessment sa join supplier_assessment_appointment saa on "
        "saa.supplier_assessment_id = sa.id join appointment a on a.id = saa.appointment_id "
        "where sa.referral_id = $1 order by a.appointment_time",
        id, [&](const Row& row) {
            into.appointments.push_back({row.time(0), row.string(1), row.string(2), row.time(3)});
        });
}

Result<void> load_plans(Connection& connection, const Params& id, ReferralCase& into) {
    return connection.query(
        "select number_of_sessions, created_at, submitted_at, approved_at from action_plan "
        "where referral_id = $1 order by created_at",
        id, [&](const Row& row) {
            into.plans.push_back({row.string(0), row.time(1), row.time(2), row.time(3)});
        });
}

Result<void> load_assignments(Connection& connection, const Params& id, ReferralCase& into) {
    return connection.query(
        "select ra.assigned_at, u.user_name from referral_assignments ra join auth_user u on "
        "u.id = ra.assigned_to_id where ra.referral_id = $1 order by ra.assigned_at",
        id, [&](const Row& row) {
            into.assignments.push_back({row.time(0), row.string(1)});
        });
}

}  // namespace

bool is_uuid(std::string_view text) {
    constexpr std::string_view shape = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    return text.size() == shape.size() &&
           std::equal(text.begin(), text.end(), shape.begin(), [](char c, char wanted) {
               const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
               return wanted == '-' ? c == '-' : hex;
           });
}

Result<std::optional<ReferralCase>> load_referral(Connection& connection, const std::string& id) {
    if (!is_uuid(id)) return std::optional<ReferralCase>();
    const Params params{id};
    auto found = load_head(connection, params);
    if (!found.ok() || !found.value()) return found;
    ReferralCase& one = *found.value();
    for (const auto load : {load_appointments, load_plans, load_assignments}) {
        const auto done = load(connection, params, one);
        if (!done.ok()) return done.error();
    }
    return found;
}

}  // namespace weir::sample
