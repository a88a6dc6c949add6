// Writer: gathers generated rows, loads them in bulk, and digests them as they pass.
#pragma once

#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sample/db/connection.h"
#include "sample/db/schema.h"
#include "sample/result.h"

namespace weir::sample {

/// The first failure is kept, further rows are ignored, and `finish` tells.
class Writer {
public:
    explicit Writer(Connection& connection);
    ~Writer();
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    void add(Table table, std::initializer_list<Cell> cells);
    /// Loads what is left. The SHA-256 of all rows, in hexadecimal: equal data, equal digest,
    /// whatever the database.
    Result<std::string> finish();

private:
    void flush(Table table);

    struct Digest;
    Connection& connection_;
    std::vector<Batch> batches_;
    std::unique_ptr<Digest> digest_;
    std::optional<Error> failure_;
};

}  // namespace weir::sample
