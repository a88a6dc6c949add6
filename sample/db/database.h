// Database: where the referrals live; makes sure they are there, and opens connections to them.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sample/db/connection.h"
#include "sample/db/schema.h"
#include "sample/result.h"

namespace weir::sample {

/// What data to make. Equal plans make equal data, in either database.
struct SeedPlan {
    std::uint64_t seed = 1;
    std::size_t referrals = 60'000;
};

struct SeedFacts {
    std::string digest;   // SHA-256 of all rows
    bool reused = false;  // found as left by an earlier start
};

/// Fills an empty database.
using Seeder = std::function<Result<std::string>(Connection&, const SeedPlan&)>;

class Database {
public:
    virtual ~Database() = default;
    [[nodiscard]] virtual std::string_view kind() const = 0;
    [[nodiscard]] virtual const SeedFacts& facts() const = 0;
    /// Opens connections for reading, one a thread. To be called once: the SQLite file of a
    /// service without a data directory has no name any more afterwards, so that however the
    /// process ends, nothing is left behind.
    virtual Result<std::vector<std::unique_ptr<Connection>>> connect(std::size_t count) = 0;
};

/// SQLite: kept as a file in `data_dir`, or in a temporary one when that is empty.
Result<std::unique_ptr<Database>> open_sqlite_database(const std::string& data_dir,
                                                       const SeedPlan& plan,
                                                       const Seeder& seeder);

/// PostgreSQL: kept in a schema of its own, which is replaced when it holds other data.
Result<std::unique_ptr<Database>> open_postgres_database(const std::string& address,
                                                         const SeedPlan& plan,
                                                         const Seeder& seeder);

/// The digest of the data that is there, or empty when it is not what the plan wants.
std::string seeded_digest(Connection& connection, const SeedPlan& plan);

/// Makes tables, rows and indexes, and notes what was made. Returns the digest.
Result<std::string> fill(Connection& connection,
                         Dialect dialect,
                         const SeedPlan& plan,
                         const Seeder& seeder);

}  // namespace weir::sample
