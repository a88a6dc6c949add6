#include "report/short_summary.h"

#include <string_view>

#include "base/display.h"
#include "base/format.h"
#include "record/group_tree.h"
#include "record/metric_view.h"
#include "record/threshold_result.h"
#include "report/figures.h"

namespace weir::report {
namespace {

constexpr std::size_t checks_most = 5;

class Lines {
public:
    Lines(const record::RunRecord& record, bool colors)
        : record_(record), colors_(colors), view_(record) {}

    std::string write(const std::vector<plan::ThresholdSet>& thresholds) {
        iterations();
        checks();
        requests();
        judge(thresholds);
        return std::move(out_);
    }

private:
    void line(bool good, std::string_view what, const std::string& text) {
        const std::string mark = good ? "✓" : "✗";
        const std::string painted =
            colors_ ? base::format("\x1b[{}m{}\x1b[0m", good ? 32 : 31, mark) : mark;
        out_ += base::format("  {} {:<11} {}\n", painted, what, text);
    }

    void iterations() {
        std::uint64_t completed = 0;
        std::uint64_t threw = 0;
        std::uint64_t interrupted = 0;
        for (const auto& each : record_.scenarios) {
            completed += each.completed;
            threw += each.threw;
            interrupted += each.interrupted;
        }
        std::string text = base::format("{}", completed);
        if (interrupted > 0) text += base::format(", {} interrupted", interrupted);
        if (threw > 0) text += base::format(", {} threw", threw);
        line(threw == 0, "iterations", text);
        if (record_.evidence.script_failures.empty()) return;
        const auto& most = record_.evidence.script_failures.front();
        out_ += base::format("      {} ({})\n", base::inert_line(most.message),
                             base::inert_line(most.location));
    }

    void checks() {
        const auto all = view_.select("checks");
        if (!all || all->samples() == 0) return;
        const auto& total = *all->rate_total();
        line(total.fails == 0, "checks",
             base::format("{} of {} passed", total.passes, total.samples()));
        std::size_t left = checks_most;
        failed_checks(record::group_tree(record_.metrics, record_.series), left);
    }

    void failed_checks(const record::Group& group, std::size_t& left) {
        for (const auto& check : group.checks) {
            if (check.fails == 0 || left == 0) continue;
            left -= 1;
            out_ += base::format("      {}: failed {} of {}\n", base::inert_line(check.name),
                                 check.fails, check.passes + check.fails);
        }
        for (const auto& each : group.groups) failed_checks(each, left);
    }

    void requests() {
        const auto failed = view_.select("http_req_failed");
        const auto all = view_.select("http_reqs");
        if (!all || all->samples() == 0) return;
        const std::uint64_t misses =
            failed && failed->rate_total() != nullptr ? failed->rate_total()->passes : 0;
        std::string text = base::format("{}, {} failed", number_text(all->count()), misses);
        const auto times = view_.select("http_req_duration");
        if (times && times->samples() > 0) {
            text += base::format("; median {}, 95 % {}", duration_text(times->med(), ""),
                                 duration_text(times->quantile(0.95), ""));
        }
        line(misses == 0, "requests", text);
        if (record_.evidence.failed_requests.empty()) return;
        const auto& first = record_.evidence.failed_requests.front();
        out_ += base::format("      {} {}: {}\n", base::inert_line(first.method),
                             base::inert_line(first.url),
                             first.error.empty() ? base::format("status {}", first.status)
                                                 : base::inert_line(first.error));
    }

    void judge(const std::vector<plan::ThresholdSet>& thresholds) {
        std::size_t held = 0;
        std::size_t all = 0;
        std::string missed;
        for (const auto& set : thresholds) {
            for (const auto& result : record::evaluate(set, view_)) {
                all += 1;
                if (result.state == record::ThresholdState::held) {
                    held += 1;
                } else {
                    missed += base::format("      {}: {}\n", base::inert_line(result.key),
                                           base::inert_line(result.source));
                }
            }
        }
        if (all == 0) return;
        line(held == all, "thresholds", base::format("{} of {} hold", held, all));
        out_ += missed;
    }

    const record::RunRecord& record_;
    bool colors_;
    record::MetricView view_;
    std::string out_;
};

}  // namespace

std::string short_summary(const record::RunRecord& record,
                          const std::vector<plan::ThresholdSet>& thresholds,
                          bool colors) {
    return Lines(record, colors).write(thresholds);
}

}  // namespace weir::report
