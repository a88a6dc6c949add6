// TeamStore: what the history store and the ledger hold, as the documents of the team's page. Its
// calls may take as long as the store does: they are made on a thread of their own.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "app/bypass/people.h"
#include "app/history/report_files.h"
#include "app/history/report_pass.h"
#include "app/history/shared_reads.h"
#include "app/history/team_request.h"
#include "base/time.h"
#include "ledger/ledger.h"

namespace weir::app {

struct TeamStorePlan {
    std::string url;  // of the store
    ReportFiles reports;
    ReportPass pass;                             // that links to reports carry
    std::map<std::string, BypassPeople> people;  // of suites: who may ask for and allow bypasses
};

/// Opened anew for each read, and only to be read: a store that was down, moved or made in between
/// is found. One thread at a time.
class TeamStore {
public:
    explicit TeamStore(TeamStorePlan plan) : plan_(std::move(plan)) {}

    [[nodiscard]] Reading suites(base::WallTime now);
    [[nodiscard]] Reading history(const TeamRequest& asked, base::WallTime now);
    [[nodiscard]] Reading bypasses(const TeamRequest& asked, base::WallTime now);

private:
    struct Proof {
        base::WallTime at{};
        std::string broken_words;  // empty: the ledger is whole
    };
    [[nodiscard]] base::Result<std::string> history_of(ledger::Ledger& store,
                                                       const TeamRequest& asked,
                                                       base::WallTime now);
    [[nodiscard]] base::Result<std::string> bypasses_of(ledger::Ledger& store,
                                                        const TeamRequest& asked,
                                                        base::WallTime now);
    /// Reads every row of the ledger: once a minute at most.
    [[nodiscard]] base::Result<std::string> broken_words(ledger::Ledger& store, base::WallTime now);

    TeamStorePlan plan_;
    std::optional<Proof> proof_;
};

}  // namespace weir::app
