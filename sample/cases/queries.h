// The parts of SQL that the dashboards share, and the three ways to put them together.
#pragma once

#include <string>
#include <vector>

#include "sample/cases/dashboard.h"
#include "sample/db/connection.h"

namespace weir::sample {

/// SQL under construction, with its parameters.
struct Query {
    std::string sql;
    std::vector<std::string> params;

    /// Appends the placeholder of a new parameter.
    Query& bind(std::string value);
    Query& add(std::string_view text) {
        sql += text;
        return *this;
    }
    /// Appends "($1, $2, …)" with the values as parameters.
    Query& bind_list(const std::vector<std::string>& values);
};

/// Appends " where …" over tables named i (intervention) and r (referral).
void add_filter(const CaseFilter& filter, Query& query);

/// The columns that case_row() reads, over the aliases that row_joins joins to r.
extern const std::string_view row_columns;
extern const std::string_view row_joins;
CaseRow case_row(const Row& row);

Result<CasePage> paginated_cases(Connection& connection,
                                 const CaseFilter& filter,
                                 PageRequest page);
Result<CasePage> unbounded_cases(Connection& connection, const CaseFilter& filter);
Result<CasePage> cases_paged_in_memory(Connection& connection,
                                       const CaseFilter& filter,
                                       PageRequest page);

}  // namespace weir::sample
