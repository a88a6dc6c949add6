#include "sample/cases/queries.h"

#include "sample/web/text.h"

namespace weir::sample {
namespace {

/// The text as a pattern that finds it anywhere.
std::string anywhere(std::string_view text) {
    std::string pattern = "%";
    for (const char c : lower_case(text)) {
        if (c == '%' || c == '_' || c == '\\') pattern += '\\';
        pattern += c;
    }
    return pattern + "%";
}

}  // namespace

const std::string_view row_columns =
    "r.id, r.sent_at, sb.user_name, r.reference_number, r.service_usercrn, s.first_name, "
    "s.last_name, sp.name, i.title, au.user_name, r.concluded_at";

const std::string_view row_joins =
    " join intervention i on i.id = r.intervention_id"
    " join dynamic_framework_contract c on c.id = i.dynamic_framework_contract_id"
    " join service_provider sp on sp.id = c.prime_provider_id"
    " join referral_service_user_data s on s.referral_id = r.id"
    " join auth_user sb on sb.id = r.sent_by_id"
    " left join referral_assignments ra on ra.referral_id = r.id and not ra.superseded"
    " left join auth_user au on au.id = ra.assigned_to_id";

Query& Query::bind(std::string value) {
    params.push_back(std::move(value));
    sql += '$';
    sql += std::to_string(params.size());
    return *this;
}

Query& Query::bind_list(const std::vector<std::string>& values) {
    for (std::size_t i = 0; i < values.size(); ++i) {
        sql += i == 0 ? "(" : ", ";
        bind(values[i]);
    }
    sql += values.empty() ? "(null)" : ")";
    return *this;
}

void add_filter(const CaseFilter& filter, Query& query) {
    query.add(" where i.dynamic_framework_contract_id in ").bind_list(filter.contracts);
    query.add(" and r.sent_at is not null and r.concluded_at is ");
    query.add(filter.concluded ? "not null" : "null");
    if (filter.unassigned) {
        query.add(
            " and not exists (select 1 from referral_assignments f where "
            "f.referral_id = r.id and not f.superseded)");
    }
    if (!filter.assigned_to.empty()) {
        query.add(
            " and exists (select 1 from referral_assignments f where f.referral_id = r.id "
            "and not f.superseded and f.assigned_to_id = ");
        query.bind(filter.assigned_to).add(")");
    }
    if (!filter.search.empty()) {
        const auto pattern = anywhere(filter.search);
        query.add(" and (lower(r.reference_number) like ").bind(pattern).add(" escape '\\'");
        query.add(
            " or exists (select 1 from referral_service_user_data f where f.referral_id = "
            "r.id and lower(f.first_name || ' ' || f.last_name) like ");
        query.bind(pattern).add(" escape '\\'))");
    }
}

CaseRow case_row(const Row& row) {
    return {.id = row.string(0),
            .sent_at = row.time(1),
            .sent_by = row.string(2),
            .reference = row.string(3),
            .crn = row.string(4),
            .first_name = row.string(5),
            .last_name = row.string(6),
            .provider = row.string(7),
            .intervention = row.string(8),
            .assigned_to = row.string(9),
            .concluded_at = row.time(10)};
}

}  // namespace weir::sample
