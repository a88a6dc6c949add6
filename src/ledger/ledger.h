// Ledger: the history of runs, in SQLite or PostgreSQL, safe with concurrent and killed writers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "ledger/audit.h"
#include "ledger/lease.h"
#include "record/history.h"

namespace weir::ledger {

class Database;

/// Empty fields do not narrow.
struct RunFilter {
    std::string suite;
    std::string environment;
    std::string load;
    std::string since;    // UTC, as "2026-11-24" or "2026-11-24T10:30:00"
    std::string verdict;  // "pass"
    std::size_t most = 50;
    bool exactly = false;    // an empty suite or environment means those without a name
    bool histograms = true;  // of requests; they are most of what a run weighs
};

/// What there are runs of.
struct SuiteLine {
    std::string suite;
    std::string environment;
    std::uint64_t runs = 0;
    base::WallTime newest{};  // when the newest run began
};

/// One connection. Each call is one transaction: all of it is there afterwards, or nothing.
class Ledger {
public:
    /// "sqlite:PATH", a bare path, or "postgresql://…". Makes and migrates the schema as needed;
    /// where it is as it should be, the right to read is enough.
    /// The error says what could not be opened and why; a password in the URL is in no text.
    [[nodiscard]] static base::Result<Ledger> open(std::string_view url);
    /// For those who show what is there: makes, migrates and changes nothing, and gives a store up
    /// within seconds that does not answer. Code::not_found: there is no store yet, or none with
    /// tables of ours.
    [[nodiscard]] static base::Result<Ledger> open_to_read(std::string_view url);
    ~Ledger();
    Ledger(Ledger&&) noexcept;
    Ledger& operator=(Ledger&&) noexcept;
    Ledger(const Ledger&) = delete;
    Ledger& operator=(const Ledger&) = delete;

    /// A run that begins: what it will find is not known yet.
    [[nodiscard]] base::Result<void> begin(const record::PastRun& run);
    /// A sign of life, at least every third of `silence` below.
    [[nodiscard]] base::Result<void> beat(const std::string& run_id, base::WallTime now);
    /// Verdict, findings, signals and figures of a run that began.
    [[nodiscard]] base::Result<void> finish(const record::PastRun& run);
    /// When a suite's runs were under way that showed a sign of life after `since`, newest first,
    /// at most 5000. A run is under way while its last sign of life is no older than `silence`.
    [[nodiscard]] base::Result<std::vector<record::RunSpan>> spans(const std::string& suite,
                                                                   base::WallTime since,
                                                                   base::WallTime now);

    /// Newest first. A run that has not finished counts as abandoned when its last sign of life is
    /// older than `silence` before `now`.
    [[nodiscard]] base::Result<std::vector<record::PastRun>> runs(const RunFilter& filter,
                                                                  base::WallTime now);
    static constexpr base::Nanos silence = std::chrono::seconds(60);
    /// Every suite and environment with runs; that with the newest run first.
    [[nodiscard]] base::Result<std::vector<SuiteLine>> suites();

    /// One turn at the audit table; other pipelines wait for theirs. All that `work` appends is
    /// there afterwards, or nothing when it fails. `here` is this machine's time: the store's where
    /// that has no clock of its own.
    [[nodiscard]] base::Result<void> audit(base::WallTime here, const AuditWork& work);
    /// Oldest first, without a turn: what is there at one moment.
    [[nodiscard]] base::Result<std::vector<AuditRow>> audit_rows(const AuditFilter& filter);
    [[nodiscard]] base::Result<attest::ChainHead> audit_head();
    /// The first row that was edited, dropped, moved, put in or cut off, if any; the keys by which
    /// rows are found are looked at, too. `known`: places that were seen before.
    [[nodiscard]] base::Result<std::optional<ChainBreak>> first_broken(
        std::span<const attest::ChainHead> known = {});

    /// The queue for an environment, behind those that are there; the ticket.
    [[nodiscard]] base::Result<std::uint64_t> join_queue(const LeaseApplicant& who,
                                                         base::WallTime here);
    /// A sign of life, and how things stand: those silent for long are out, and who is first then
    /// holds the lease.
    [[nodiscard]] base::Result<LeaseQueue> look_at_queue(const LeaseTicket& ticket,
                                                         base::WallTime here);
    /// Gives the lease, or the place in the queue, back.
    [[nodiscard]] base::Result<void> leave_queue(const LeaseTicket& ticket);

private:
    explicit Ledger(std::unique_ptr<Database> database);
    std::unique_ptr<Database> database_;
};

/// The URL without passwords, for texts.
[[nodiscard]] std::string without_password(std::string_view url);

}  // namespace weir::ledger
