// Database: a connection that runs statements with parameters; SQLite's and PostgreSQL's.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace weir::ledger {

/// Values as text, as both databases read and write them. NULL is empty text.
using Row = std::vector<std::string>;

class Database {
public:
    Database() = default;
    virtual ~Database() = default;
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    /// One statement, with $1, $2, … for the parameters, each used first in that order.
    [[nodiscard]] virtual base::Result<std::vector<Row>> run(
        std::string_view sql, const std::vector<std::string>& parameters) = 0;
    /// Begins a transaction that will write; others wait for it.
    [[nodiscard]] virtual base::Result<void> begin_writing() = 0;
    /// Begins a transaction whose reads all see one moment.
    [[nodiscard]] virtual base::Result<void> begin_reading() = 0;
    /// Without any right but to read.
    [[nodiscard]] virtual base::Result<bool> has_table(const std::string& name) = 0;
    /// Lets one connection at a time change the schema, until the transaction ends.
    [[nodiscard]] virtual base::Result<void> lock_schema() = 0;
    /// Triggers that refuse to change or delete rows of the table: against slips and bad habits.
    /// Who owns the database can drop them.
    [[nodiscard]] virtual base::Result<void> refuse_changes(const std::string& table) = 0;
    /// The one clock of all who use this store: the server's, or, where a file is the store and all
    /// are on this machine, `here`.
    [[nodiscard]] virtual base::Result<base::WallTime> now(base::WallTime here) = 0;

    using Work = std::function<base::Result<void>()>;
    /// Begin, `work`, commit; rolled back when it fails.
    [[nodiscard]] base::Result<void> write(const Work& work);
    [[nodiscard]] base::Result<void> read(const Work& work);

private:
    [[nodiscard]] base::Result<void> finish(base::Result<void> begun, const Work& work);
};

enum class Access : std::uint8_t {
    full,
    /// Writes are refused, nothing is made, and what does not answer is given up within seconds.
    read,
};
/// Access::read of a file that is not there is Code::not_found.
[[nodiscard]] base::Result<std::unique_ptr<Database>> open_sqlite(const std::string& path,
                                                                  Access access);
[[nodiscard]] base::Result<std::unique_ptr<Database>> open_postgres(const std::string& url,
                                                                    Access access);

}  // namespace weir::ledger
