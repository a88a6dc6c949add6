#include "app/history/team_store.h"

#include <algorithm>
#include <utility>

#include "app/bypass/book.h"
#include "app/history/door.h"
#include "app/history/open_bypasses.h"
#include "record/wall_text.h"
#include "report/team/bypasses_document.h"
#include "report/team/history_document.h"
#include "report/team/suites_document.h"

namespace weir::app {
namespace {

using base::Result;
using report::StoreState;

constexpr base::Nanos proof_age = std::chrono::minutes(1);
constexpr base::Nanos thirty_days = std::chrono::hours(24 * 30);

Reading reading_of(std::string document) {
    Reading reading;
    reading.answer.content_type = "application/json";
    reading.answer.body = std::move(document);
    return reading;
}

/// What the store's own words are is for the log: they name servers, users and files.
Reading failed(const base::Error& error) {
    Reading reading;
    reading.failure = error.text;
    reading.answer = problem(
        503,
        "the history store cannot be read at the moment; what is wrong with it is in the log "
        "of `weir history serve`");
    reading.answer.headers.emplace_back("Retry-After", "5");
    return reading;
}

/// `of` makes the document from an open store, `absent` says the same of none.
template <typename Of, typename Absent>
Reading read_store(const std::string& url, const Of& of, const Absent& absent) {
    auto opened = ledger::Ledger::open_to_read(url);
    if (!opened.ok() && opened.error().code == base::Code::not_found) return reading_of(absent());
    if (!opened.ok()) return failed(opened.error());
    auto document = of(opened.value());
    return document.ok() ? reading_of(std::move(document).value()) : failed(document.error());
}

/// The asked one, or that with the newest run.
struct Chosen {
    std::string suite;
    std::string environment;
};
Result<Chosen> choose(ledger::Ledger& store, const TeamRequest& asked) {
    Chosen chosen{asked.suite.value_or(""), asked.environment.value_or("")};
    if (asked.suite && asked.environment) return chosen;
    TRY(const auto all, store.suites());
    for (const auto& each : all) {
        if (asked.suite && *asked.suite != each.suite) continue;
        if (asked.environment && *asked.environment != each.environment) continue;
        return Chosen{each.suite, each.environment};
    }
    return chosen;
}

report::ReportPlace place_of(const record::PastRun& run,
                             const TeamStorePlan& plan,
                             base::WallTime now) {
    if (run.state != record::RunState::finished) return {};
    switch (plan.reports.find(run.run_id)) {
        case ReportFiles::Place::report:
            return {.path = plan.pass.link_to(run.run_id, now), .words = ""};
        case ReportFiles::Place::no_report:
            return {.path = "", .words = "its result has no report.html"};
        case ReportFiles::Place::no_result:
            break;
    }
    return {.path = "", .words = "its result is not in the results directory that is served here"};
}

std::uint64_t uses_since(const std::vector<ledger::AuditRow>& rows, base::WallTime since) {
    return static_cast<std::uint64_t>(
        std::count_if(rows.begin(), rows.end(), [since](const ledger::AuditRow& row) {
            const auto at = record::wall_from_text(row.link.at);
            return at.ok() && at.value() >= since;
        }));
}

}  // namespace

Reading TeamStore::suites(base::WallTime now) {
    const auto document = [now](ledger::Ledger& store) -> Result<std::string> {
        TRY(const auto found, store.suites());
        std::vector<report::SuiteEntry> entries;
        for (const auto& each : found) {
            entries.push_back({each.suite, each.environment, each.runs, each.newest});
        }
        return report::suites_document({.read_at = now, .absent = false}, entries);
    };
    return read_store(plan_.url, document, [now] {
        return report::suites_document({.read_at = now, .absent = true}, {});
    });
}

Reading TeamStore::history(const TeamRequest& asked, base::WallTime now) {
    const auto absent = [&asked, now] {
        report::HistoryView view;
        view.suite = asked.suite.value_or("");
        view.environment = asked.environment.value_or("");
        view.since = asked.since;
        view.last = asked.last;
        view.store = {.read_at = now, .absent = true};
        return report::history_document(view);
    };
    return read_store(
        plan_.url, [&](ledger::Ledger& store) { return history_of(store, asked, now); }, absent);
}

Result<std::string> TeamStore::history_of(ledger::Ledger& store,
                                          const TeamRequest& asked,
                                          base::WallTime now) {
    TRY(const auto chosen, choose(store, asked));
    report::HistoryView view;
    view.suite = chosen.suite;
    view.environment = chosen.environment;
    view.since = asked.since;
    view.last = asked.last;
    view.store = {.read_at = now, .absent = false};
    const ledger::RunFilter filter{.suite = chosen.suite,
                                   .environment = chosen.environment,
                                   .load = {},
                                   .since = asked.since,
                                   .verdict = {},
                                   .most = asked.last + 1,
                                   .exactly = true,
                                   .histograms = false};
    TRY(view.runs, store.runs(filter, now));
    view.more = view.runs.size() > asked.last;
    if (view.more) view.runs.pop_back();
    TRY(const auto used, store.audit_rows({.kind = std::string(ledger::audit_kind::bypass_used),
                                           .suite = chosen.suite,
                                           .environment = chosen.environment}));
    for (const auto& row : used) view.bypasses[row.entry.run_id] = row.entry.bypass;
    for (const auto& run : view.runs) view.reports[run.run_id] = place_of(run, plan_, now);
    return report::history_document(view);
}

Reading TeamStore::bypasses(const TeamRequest& asked, base::WallTime now) {
    const auto absent = [&asked, now] {
        report::BypassesView view;
        view.suite = asked.suite.value_or("");
        view.environment = asked.environment.value_or("");
        view.store = {.read_at = now, .absent = true};
        return report::bypasses_document(view);
    };
    return read_store(
        plan_.url, [&](ledger::Ledger& store) { return bypasses_of(store, asked, now); }, absent);
}

Result<std::string> TeamStore::bypasses_of(ledger::Ledger& store,
                                           const TeamRequest& asked,
                                           base::WallTime now) {
    report::BypassesView view;
    view.suite = asked.suite.value_or("");
    view.environment = asked.environment.value_or("");
    view.store = {.read_at = now, .absent = false};
    const auto rows = [&store](const ledger::AuditFilter& filter) {
        return store.audit_rows(filter);
    };
    TRY(auto book, read_book(rows, view.suite, view.environment));
    view.open = open_bypasses(book, plan_.people, now);
    view.debts = std::move(book.debts);
    TRY(const auto used, rows({.kind = std::string(ledger::audit_kind::bypass_used),
                               .suite = view.suite,
                               .environment = view.environment}));
    view.used_in_30_days = uses_since(used, now - thirty_days);
    TRY(const auto head, store.audit_head());
    view.rows = head.sequence;
    TRY(view.broken_words, broken_words(store, now));
    view.whole = view.broken_words.empty();
    return report::bypasses_document(view);
}

Result<std::string> TeamStore::broken_words(ledger::Ledger& store, base::WallTime now) {
    if (proof_ && now - proof_->at < proof_age) return proof_->broken_words;
    TRY(const auto broken, store.first_broken());
    proof_ = Proof{now, broken ? "the ledger is not whole: " + broken->words : ""};
    return proof_->broken_words;
}

}  // namespace weir::app
