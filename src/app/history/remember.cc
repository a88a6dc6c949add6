#include "app/history/remember.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>
#include <variant>

#include "app/process_environment.h"
#include "judge/counting.h"
#include "rt/clock.h"
#include "stats/hdr_codec.h"

namespace weir::app {
namespace {

constexpr base::Nanos beat_interval = std::chrono::seconds(20);

std::string tag_of(const record::Tags& tags, std::string_view key) {
    const auto* value = tags.find(key);
    return value == nullptr ? std::string() : *value;
}

}  // namespace

std::string commit_of_pipeline() {
    constexpr std::array names{"GITHUB_SHA", "CIRCLE_SHA1", "CI_COMMIT_SHA", "GIT_COMMIT"};
    for (const char* name : names) {
        if (auto value = environment_variable(name); value && !value->empty()) return *value;
    }
    return {};
}

std::vector<record::RequestFigures> request_figures(const record::RunRecord& record) {
    struct Sum {
        record::RequestFigures figures;
        stats::Distribution times = stats::Distribution::time();
    };
    std::vector<Sum> sums;
    for (const auto* series : judge::series_of(record, "weir_response_time")) {
        const auto journey = tag_of(series->tags, "scenario");
        const auto request = tag_of(series->tags, "name");
        if (!judge::selects({}, series->tags)) continue;
        auto same = std::find_if(sums.begin(), sums.end(), [&](const auto& each) {
            return each.figures.journey == journey && each.figures.request == request;
        });
        if (same == sums.end()) {
            sums.emplace_back();
            same = std::prev(sums.end());
            same->figures.journey = journey;
            same->figures.request = request;
        }
        const auto& times = std::get<stats::Distribution>(series->total);
        if (judge::failed(series->tags)) {
            same->figures.failed += times.count();
        } else {
            same->times.merge(times);
        }
    }
    std::vector<record::RequestFigures> figures;
    for (auto& [each, times] : sums) {
        each.answered = times.count();
        if (!times.empty()) {
            each.mean_ms = times.sum() / static_cast<double>(times.count());
            each.median_ms = times.quantile(0.5);
            each.p95_ms = times.quantile(0.95);
            each.p99_ms = times.quantile(0.99);
            each.histogram = stats::encode_hdr(times.positive());
        }
        figures.push_back(std::move(each));
    }
    return figures;
}

RunMemory::RunMemory(const GateSuite& gate,
                     const std::string& commit,
                     std::uint32_t attempt,
                     base::Log log)
    : log_(std::move(log)) {
    if (gate.suite.store.empty()) return;
    auto opened = ledger::Ledger::open(gate.suite.store);
    if (!opened.ok()) {
        warn(opened.error());
        return;
    }
    ledger_.emplace(std::move(opened).value());
    run_.run_id = gate.request.run_id;
    run_.suite = gate.suite.name;
    run_.environment = gate.environment.name;
    run_.commit = commit;
    run_.base_url = gate.environment.base_url;
    run_.started = rt::SystemClock().wall();
    run_.attempt = attempt;
    last_beat_ = run_.started;
    if (auto begun = ledger_->begin(run_); !begun.ok()) warn(begun.error());
}

void RunMemory::warn(const base::Error& error) {
    log_.warn("the history is not kept: " + error.text);
    ledger_.reset();
}

void RunMemory::beat(base::WallTime now) {
    if (!ledger_ || now - last_beat_ < beat_interval) return;
    last_beat_ = now;
    if (auto beaten = ledger_->beat(run_.run_id, now); !beaten.ok()) warn(beaten.error());
}

void RunMemory::finish(const GateAttempt& made) {
    if (!ledger_) return;
    run_.duration = made.record.duration;
    run_.verdict = std::string(record::word_of(made.verdict.kind));
    run_.reasons = made.verdict.reasons;
    run_.findings = made.verdict.findings;
    run_.signals = made.verdict.signals;
    run_.requests = request_figures(made.record);
    if (run_.commit.empty() && !made.record.target.seen.empty()) {
        run_.commit = made.record.target.seen.front().version;
    }
    if (auto kept = ledger_->finish(run_); !kept.ok()) warn(kept.error());
}

}  // namespace weir::app
