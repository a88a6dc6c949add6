// The tables of the referrals service, for both databases.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace weir::sample {

enum class Dialect : std::uint8_t { sqlite, postgres };

/// A change of the schema or of the generator makes cached data stale.
inline constexpr int schema_version = 1;

enum class Table : std::uint8_t {
    service_provider,
    contract,
    sub_contractor,
    intervention,
    auth_user,
    auth_user_group,
    referral,
    service_user,
    assignment,
    supplier_assessment,
    supplier_assessment_appointment,
    appointment,
    action_plan,
    end_of_service_report,
};
inline constexpr std::size_t table_count = 14;

std::string_view table_name(Table table);
/// The columns that are seeded, in the order in which rows are given.
std::span<const std::string_view> table_columns(Table table);

/// `create table` statements.
std::string tables_sql(Dialect dialect);
/// Indexes, made after the rows are in.
std::string indexes_sql();

}  // namespace weir::sample
