// The outage of July 2022: a join to collections under a page request. The limit can't go into SQL
// then, so every case of the user is loaded with all that hangs on it, and paged in memory.
#include <algorithm>
#include <memory>
#include <unordered_set>

#include "sample/cases/queries.h"

namespace weir::sample {
namespace {

// The entities as an object-relational mapper would load them: whole, whatever the page shows.
struct Appointment {
    std::string id, created_at, created_by, time, duration, attended, information;
    std::string submitted_at, behaviour, superseded, delius_id;
};

struct ActionPlan {
    std::string id, sessions, created_at, created_by, submitted_at, submitted_by, approved_at;
};

struct ServiceUser {
    std::string title, first_name, last_name, dob, gender, ethnicity, language, religion;
    std::string disabilities;
};

struct Intervention {
    std::string id, title, description, email, contract_id, contract_reference, provider;
};

struct Referral {
    std::string id, created_at, created_by, sent_at, sent_by, reference, crn, sentence;
    std::string end_requested_at, end_requested_by, end_reason, end_comments, concluded_at;
    std::string deadline, further_information, accessibility, needs, interpreter, language;
    std::string responsibilities, unavailable, days_max, risk_id, sent_by_name, assigned_to;
    std::string report_id, report_submitted_at, report_text;
    ServiceUser service_user;
    Intervention intervention;
    Appointment appointment;  // supplierAssessment.appointments, of the entity graph
    ActionPlan plan;
};

constexpr std::string_view columns =
    "r.id, r.created_at, r.created_by_id, r.sent_at, r.sent_by_id, r.reference_number, "
    "r.service_usercrn, r.relevant_sentence_id, r.end_requested_at, r.end_requested_by_id, "
    "r.end_requested_reason_code, r.end_requested_comments, r.concluded_at, "
    "r.completion_deadline, r.further_information, r.accessibility_needs, "
    "r.additional_needs_information, r.needs_interpreter, r.interpreter_language, "
    "r.has_additional_responsibilities, r.when_unavailable, r.maximum_enforceable_days, "
    "r.supplementary_risk_id, sb.user_name, au.user_name, e.id, e.submitted_at, "
    "e.further_information, "  // 28
    "s.title, s.first_name, s.last_name, s.dob, s.gender, s.ethnicity, s.preferred_language, "
    "s.religion_or_belief, s.disabilities, "  // 37
    "i.id, i.title, i.description, i.incoming_referral_distribution_email, c.id, "
    "c.contract_reference, sp.name, "  // 44
    "a.id, a.created_at, a.created_by_id, a.appointment_time, a.duration_in_minutes, a.attended, "
    "a.additional_attendance_information, a.attendance_submitted_at, a.attendance_behaviour, "
    "a.superseded, a.delius_appointment_id, "  // 55
    "p.id, p.number_of_sessions, p.created_at, p.created_by_id, p.submitted_at, p.submitted_by_id, "
    "p.approved_at";

// The second way to the appointments is the specification's, which only filters: its columns are
// not read, but its rows multiply with those of the first.
constexpr std::string_view collections =
    " left join end_of_service_report e on e.referral_id = r.id"
    " left join supplier_assessment sa on sa.referral_id = r.id"
    " left join supplier_assessment_appointment saa on saa.supplier_assessment_id = sa.id"
    " left join appointment a on a.id = saa.appointment_id"
    " left join supplier_assessment sb2 on sb2.referral_id = r.id"
    " left join supplier_assessment_appointment sba on sba.supplier_assessment_id = sb2.id"
    " left join appointment b on b.id = sba.appointment_id"
    " left join action_plan p on p.referral_id = r.id";

/// Reads columns one after the other.
class Cursor {
public:
    explicit Cursor(const Row& row) : row_(row) {}
    std::string next() { return row_.string(column_++); }
    std::string next_time() { return row_.time(column_++); }

private:
    const Row& row_;
    int column_ = 0;
};

ServiceUser service_user(Cursor& at) {
    // In a braced list the values are made from left to right.
    return {at.next(), at.next(), at.next(), at.next(), at.next(),
            at.next(), at.next(), at.next(), at.next()};
}

Intervention intervention(Cursor& at) {
    return {at.next(), at.next(), at.next(), at.next(), at.next(), at.next(), at.next()};
}

Appointment appointment(Cursor& at) {
    return {at.next(), at.next_time(), at.next(), at.next_time(), at.next(), at.next(),
            at.next(), at.next_time(), at.next(), at.next(),      at.next()};
}

ActionPlan action_plan(Cursor& at) {
    return {at.next(),      at.next(), at.next_time(), at.next(),
            at.next_time(), at.next(), at.next_time()};
}

Referral hydrate(const Row& row) {
    Cursor at(row);
    return {at.next(),       at.next_time(), at.next(),      at.next_time(),   at.next(),
            at.next(),       at.next(),      at.next(),      at.next_time(),   at.next(),
            at.next(),       at.next(),      at.next_time(), at.next(),        at.next(),
            at.next(),       at.next(),      at.next(),      at.next(),        at.next(),
            at.next(),       at.next(),      at.next(),      at.next(),        at.next(),
            at.next(),       at.next_time(), at.next(),      service_user(at), intervention(at),
            appointment(at), action_plan(at)};
}

CaseRow line(const Referral& referral) {
    return {.id = referral.id,
            .sent_at = referral.sent_at,
            .sent_by = referral.sent_by_name,
            .reference = referral.reference,
            .crn = referral.crn,
            .first_name = referral.service_user.first_name,
            .last_name = referral.service_user.last_name,
            .provider = referral.intervention.provider,
            .intervention = referral.intervention.title,
            .assigned_to = referral.assigned_to,
            .concluded_at = referral.concluded_at};
}

using Referrals = std::vector<std::unique_ptr<Referral>>;

Result<Referrals> load_everything(Connection& connection, const CaseFilter& filter) {
    Query query;
    query.add("select ").add(columns).add(" from referral r").add(row_joins).add(collections);
    add_filter(filter, query);
    Referrals referrals;
    const auto done = connection.query(query.sql, query.params, [&](const Row& row) {
        referrals.push_back(std::make_unique<Referral>(hydrate(row)));
    });
    if (!done.ok()) return done.error();
    return referrals;
}

}  // namespace

Result<CasePage> cases_paged_in_memory(Connection& connection,
                                       const CaseFilter& filter,
                                       PageRequest page) {
    const auto loaded = load_everything(connection, filter);
    if (!loaded.ok()) return loaded.error();
    std::unordered_set<std::string_view> seen;
    std::vector<const Referral*> distinct;
    for (const auto& referral : loaded.value()) {
        if (seen.insert(referral->id).second) distinct.push_back(referral.get());
    }
    std::sort(distinct.begin(), distinct.end(), [](const Referral* left, const Referral* right) {
        if (left->sent_at != right->sent_at) return left->sent_at > right->sent_at;
        return left->id < right->id;
    });
    CasePage result{{}, distinct.size(), page};
    const auto begin = std::min((page.number - 1) * page.size, distinct.size());
    const auto end = std::min(begin + page.size, distinct.size());
    for (auto i = begin; i < end; ++i) result.rows.push_back(line(*distinct[i]));
    return result;
}

}  // namespace weir::sample
