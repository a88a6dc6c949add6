// Outbox: rows of the ledger that could not be written, kept beside the results until they can.
#pragma once

#include <string>
#include <vector>

#include "base/log.h"
#include "ledger/ledger.h"

namespace weir::app {

/// "<results>.outbox": beside the results, not among them.
class Outbox {
public:
    explicit Outbox(const std::string& results) : directory_(results + ".outbox") {}

    /// One file for one run's rows. The error says why it could not be kept.
    [[nodiscard]] base::Result<void> keep(const std::string& run_id,
                                          const std::vector<ledger::AuditEntry>& entries) const;
    /// Appends everything that waits, in the order of its files' names, and takes the files away. A
    /// row that is there already (the command was killed in between) is not written twice. A file
    /// that cannot be read is left where it is, with a warning.
    [[nodiscard]] base::Result<void> deliver(ledger::Ledger& ledger,
                                             base::WallTime here,
                                             const base::Log& log) const;

private:
    std::string directory_;
};

}  // namespace weir::app
