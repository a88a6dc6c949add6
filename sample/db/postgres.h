// PostgreSQL: opens a connection by a postgresql:// address, in the schema of the sample.
#pragma once

#include <memory>
#include <string>

#include "sample/db/connection.h"

namespace weir::sample {

/// All tables live in this schema, so that a database can be shared and cleaned by one statement.
inline constexpr const char* postgres_schema = "weir_sample";

Result<std::unique_ptr<Connection>> open_postgres(const std::string& address);

}  // namespace weir::sample
