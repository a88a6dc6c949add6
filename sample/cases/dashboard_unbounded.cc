// The outage of June 2022: one native query without a limit; every case of the user in one answer.
#include "sample/cases/queries.h"

namespace weir::sample {

Result<CasePage> unbounded_cases(Connection& connection, const CaseFilter& filter) {
    // The joins to sub-contractors, assignments and appointments repeat a case; the window over
    // each case keeps its newest row, as the real query did.
    Query query;
    query.add(
        "select id, sent_at, sent_by, reference_number, service_usercrn, first_name, last_name, "
        "provider, title, assigned_to, concluded_at from (select r.id, r.sent_at, "
        "sb.user_name as sent_by, r.reference_number, r.service_usercrn, s.first_name, "
        "s.last_name, sp.name as provider, i.title, au.user_name as assigned_to, r.concluded_at, "
        "row_number() over (partition by r.id order by ra.assigned_at desc, "
        "a.appointment_time desc) as newest "
        "from referral r join intervention i on i.id = r.intervention_id "
        "join dynamic_framework_contract c on c.id = i.dynamic_framework_contract_id "
        "join service_provider sp on sp.id = c.prime_provider_id "
        "join referral_service_user_data s on s.referral_id = r.id "
        "join auth_user sb on sb.id = r.sent_by_id "
        "left join dynamic_framework_contract_sub_contractor sub "
        "on sub.dynamic_framework_contract_id = c.id "
        "left join referral_assignments ra on ra.referral_id = r.id "
        "left join auth_user au on au.id = ra.assigned_to_id "
        "left join supplier_assessment sa on sa.referral_id = r.id "
        "left join supplier_assessment_appointment saa on saa.supplier_assessment_id = sa.id "
        "left join appointment a on a.id = saa.appointment_id "
        "left join end_of_service_report e on e.referral_id = r.id");
    add_filter(filter, query);
    query.add(") cases where newest = 1 order by sent_at desc, id");
    CasePage result;
    const auto done = connection.query(
        query.sql, query.params, [&](const Row& row) { result.rows.push_back(case_row(row)); });
    if (!done.ok()) return done.error();
    result.total = result.rows.size();
    result.page = {1, result.rows.size()};
    return result;
}

}  // namespace weir::sample
