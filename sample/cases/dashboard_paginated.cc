// The fix: the database counts, and picks the ids of one page; only their rows are read.
#include "sample/cases/queries.h"

namespace weir::sample {
namespace {

constexpr std::string_view from =
    " from intervention i join referral r on r.intervention_id = i.id";

Result<std::size_t> count(Connection& connection, const CaseFilter& filter) {
    Query query;
    query.add("select count(*)").add(from);
    add_filter(filter, query);
    long total = 0;
    const auto done =
        connection.query(query.sql, query.params, [&](const Row& row) { total = row.number(0); });
    if (!done.ok()) return done.error();
    return static_cast<std::size_t>(total);
}

Result<std::vector<std::string>> page_ids(Connection& connection,
                                          const CaseFilter& filter,
                                          PageRequest page) {
    Query query;
    query.add("select r.id").add(from);
    add_filter(filter, query);
    query.add(" order by r.sent_at desc, r.id limit ").bind(std::to_string(page.size));
    query.add(" offset ").bind(std::to_string((page.number - 1) * page.size));
    std::vector<std::string> ids;
    const auto done = connection.query(query.sql, query.params,
                                       [&](const Row& row) { ids.push_back(row.string(0)); });
    if (!done.ok()) return done.error();
    return ids;
}

}  // namespace

Result<CasePage> paginated_cases(Connection& connection,
                                 const CaseFilter& filter,
                                 PageRequest page) {
    const auto total = count(connection, filter);
    if (!total.ok()) return total.error();
    const auto ids = page_ids(connection, filter, page);
    if (!ids.ok()) return ids.error();
    CasePage result{{}, total.value(), page};
    if (ids.value().empty()) return result;
    Query query;
    query.add("select ").add(row_columns).add(" from referral r").add(row_joins);
    query.add(" where r.id in ").bind_list(ids.value()).add(" order by r.sent_at desc, r.id");
    const auto done = connection.query(
        query.sql, query.params, [&](const Row& row) { result.rows.push_back(case_row(row)); });
    if (!done.ok()) return done.error();
    return result;
}

}  // namespace weir::sample
