#include "sample/db/database.h"

#include <array>

namespace weir::sample {

std::string seeded_digest(Connection& connection, const SeedPlan& plan) {
    std::string digest;
    const std::array<std::string, 3> wanted{
        std::to_string(schema_version), std::to_string(plan.seed), std::to_string(plan.referrals)};
    const auto found = connection.query(
        "select digest from sample_seed where version = $1 and seed = $2 and referrals = $3",
        wanted, [&](const Row& row) { digest = row.string(0); });
    return found.ok() ? digest : std::string();
}

Result<std::string> fill(Connection& connection,
                         Dialect dialect,
                         const SeedPlan& plan,
                         const Seeder& seeder) {
    auto done = connection.execute("begin;" + tables_sql(dialect));
    if (!done.ok()) return done.error();
    auto digest = seeder(connection, plan);
    if (!digest.ok()) return digest;
    done = connection.execute(indexes_sql());
    if (!done.ok()) return done.error();
    // In the transaction: data without its note was not finished.
    const std::array<std::string, 4> note{std::to_string(schema_version), std::to_string(plan.seed),
                                          std::to_string(plan.referrals), digest.value()};
    done = connection.query("insert into sample_seed values ($1, $2, $3, $4)", note, nullptr);
    if (!done.ok()) return done.error();
    done = connection.execute("commit");
    for (std::size_t i = 0; done.ok() && i < table_count; ++i) {
        // PostgreSQL answers from an index alone only where it was told that all rows are visible.
        const std::string verb = dialect == Dialect::postgres ? "vacuum analyze " : "analyze ";
        done = connection.execute(verb + std::string(table_name(static_cast<Table>(i))));
    }
    if (!done.ok()) return done.error();
    return digest;
}

}  // namespace weir::sample
