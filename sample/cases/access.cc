#include "sample/cases/access.h"

#include <algorithm>
#include <unordered_map>

#include "sample/cases/queries.h"

namespace weir::sample {
namespace {

constexpr std::string_view provider_prefix = "INT_SP_";
constexpr std::string_view contract_prefix = "INT_CR_";

std::vector<std::string> without_prefix(std::span<const std::string> groups,
                                        std::string_view prefix) {
    std::vector<std::string> out;
    for (const auto& group : groups) {
        if (group.starts_with(prefix)) out.push_back(group.substr(prefix.size()));
    }
    return out;
}

struct Counts {
    std::size_t open = 0;
    std::size_t sent = 0;
};

Result<std::unordered_map<std::string, Counts>> counts_by_contract(Connection& connection) {
    std::unordered_map<std::string, Counts> counts;
    const auto done = connection.query(
        "select i.dynamic_framework_contract_id, count(r.sent_at), "
        "sum(case when r.sent_at is not null and r.concluded_at is null then 1 else 0 end) "
        "from intervention i join referral r on r.intervention_id = i.id "
        "group by i.dynamic_framework_contract_id",
        {}, [&](const Row& row) {
            counts.emplace(row.string(0), Counts{static_cast<std::size_t>(row.number(2)),
                                                 static_cast<std::size_t>(row.number(1))});
        });
    if (!done.ok()) return done.error();
    return counts;
}

}  // namespace

Result<std::vector<std::string>> contracts_of(Connection& connection,
                                              std::span<const std::string> groups) {
    const auto providers = without_prefix(groups, provider_prefix);
    const auto references = without_prefix(groups, contract_prefix);
    std::vector<std::string> ids;
    if (providers.empty() || references.empty()) return ids;
    Query query;
    query.add("select c.id from dynamic_framework_contract c where c.contract_reference in ");
    query.bind_list(references).add(" and (c.prime_provider_id in ").bind_list(providers);
    query.add(
        " or exists (select 1 from dynamic_framework_contract_sub_contractor s where "
        "s.dynamic_framework_contract_id = c.id and s.subcontractor_provider_id in ");
    query.bind_list(providers).add(")) order by c.contract_reference");
    const auto done = connection.query(query.sql, query.params,
                                       [&](const Row& row) { ids.push_back(row.string(0)); });
    if (!done.ok()) return done.error();
    return ids;
}

Result<std::vector<Subject>> subjects(Connection& connection, std::span<const User> users) {
    const auto counts = counts_by_contract(connection);
    if (!counts.ok()) return counts.error();
    std::vector<Subject> out;
    for (const auto& user : users) {
        if (user.source != "auth") continue;
        const auto contracts = contracts_of(connection, user.groups);
        if (!contracts.ok()) return contracts.error();
        Subject subject{user.name, contracts.value().size(), 0, 0};
        for (const auto& id : contracts.value()) {
            const auto found = counts.value().find(id);
            if (found == counts.value().end()) continue;
            subject.open_referrals += found->second.open;
            subject.sent_referrals += found->second.sent;
        }
        out.push_back(std::move(subject));
    }
    std::stable_sort(out.begin(), out.end(), [](const Subject& left, const Subject& right) {
        return left.open_referrals > right.open_referrals;
    });
    return out;
}

}  // namespace weir::sample
