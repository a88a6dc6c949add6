#include "sample/cases/dashboard.h"

#include <array>

#include "sample/cases/queries.h"

namespace weir::sample {
namespace {

struct Name {
    DashboardKind kind;
    std::string_view text;
};

constexpr std::array<Name, 3> names{{
    {DashboardKind::paginated, "paginated"},
    {DashboardKind::unbounded, "unbounded"},
    {DashboardKind::in_memory_paging, "in-memory-paging"},
}};

}  // namespace

std::optional<DashboardKind> dashboard_kind(std::string_view name) {
    for (const auto& one : names) {
        if (one.text == name) return one.kind;
    }
    return std::nullopt;
}

std::string_view dashboard_name(DashboardKind kind) {
    return names[static_cast<std::size_t>(kind)].text;
}

Result<CasePage> load_cases(DashboardKind kind,
                            Connection& connection,
                            const CaseFilter& filter,
                            PageRequest page) {
    if (filter.contracts.empty()) return CasePage{{}, 0, page};
    switch (kind) {
        case DashboardKind::unbounded:
            return unbounded_cases(connection, filter);
        case DashboardKind::in_memory_paging:
            return cases_paged_in_memory(connection, filter, page);
        case DashboardKind::paginated:
            break;
    }
    return paginated_cases(connection, filter, page);
}

}  // namespace weir::sample
