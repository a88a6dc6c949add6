// Dashboard: the list of cases a user may see, page by page; the right way and two wrong ones.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sample/db/connection.h"
#include "sample/result.h"

namespace weir::sample {

/// How the list is read. All three show the same cases in the same order.
enum class DashboardKind : std::uint8_t {
    paginated,         // the fix: ids with a limit in SQL, then these rows, and a count
    unbounded,         // the outage of June: every case of the user in one answer
    in_memory_paging,  // the outage of July: every case, fanned out by joins, for each page
};

std::optional<DashboardKind> dashboard_kind(std::string_view name);
std::string_view dashboard_name(DashboardKind kind);

/// Which cases. They are all sent; a case is open until it is concluded.
struct CaseFilter {
    std::vector<std::string> contracts;  // ids; none means no case
    bool concluded = false;
    bool unassigned = false;
    std::string assigned_to;  // id of a user, or empty for anyone
    std::string search;       // in reference number and name, or empty
};

struct PageRequest {
    std::size_t number = 1;  // from 1
    std::size_t size = 100;
};

/// A line of the list.
struct CaseRow {
    std::string id;
    std::string sent_at;
    std::string sent_by;
    std::string reference;
    std::string crn;
    std::string first_name;
    std::string last_name;
    std::string provider;
    std::string intervention;
    std::string assigned_to;  // empty when nobody is
    std::string concluded_at;
};

struct CasePage {
    std::vector<CaseRow> rows;
    std::size_t total = 0;
    PageRequest page;  // as answered: the unbounded list has one page, of everything
};

Result<CasePage> load_cases(DashboardKind kind,
                            Connection& connection,
                            const CaseFilter& filter,
                            PageRequest page);

}  // namespace weir::sample
