// SQLite: opens a connection to a database file, for seeding or for reading.
#pragma once

#include <memory>
#include <string>

#include "sample/db/connection.h"

namespace weir::sample {

enum class SqliteMode {
    seed,  // creates the file; durable only at the end, which is all that seeding needs
    read,  // never writes
};

Result<std::unique_ptr<Connection>> open_sqlite(const std::string& path, SqliteMode mode);

}  // namespace weir::sample
