#include "report/summary_text.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "base/display.h"
#include "base/format.h"
#include "base/units.h"
#include "record/group_tree.h"
#include "record/metric_view.h"
#include "record/threshold_result.h"
#include "report/figures.h"
#include "report/times_text.h"

namespace weir::report {
namespace {

using record::MetricContains;
using record::MetricType;

constexpr std::size_t name_width = 38;

class Page {
public:
    Page(const record::RunRecord& record, const SummarySettings& settings, bool colors)
        : record_(record), settings_(settings), colors_(colors), view_(record) {}

    std::string write() {
        thresholds();
        totals();
        weir_section();
        return std::move(out_);
    }

private:
    std::string painted(std::string_view text, std::string_view code) const {
        return colors_ ? base::format("\x1b[{}m{}\x1b[0m", code, text) : std::string(text);
    }
    /// Names that scripts, targets and configurations chose.
    static std::string safe(std::string_view foreign) { return base::inert_line(foreign); }
    std::string mark(bool good) const { return good ? painted("✓", "32") : painted("✗", "31"); }
    void heading(std::string_view text) {
        out_ += "\n\n  " + painted("█ ", "1") + painted(text, "1") + " \n\n";
    }

    void thresholds() {
        if (settings_.thresholds.empty()) return;
        heading("THRESHOLDS");
        for (const auto& set : settings_.thresholds) {
            out_ += base::format("    {}\n", safe(set.key));
            for (const auto& result : record::evaluate(set, view_)) {
                const bool empty = result.state != record::ThresholdState::held &&
                                   result.state != record::ThresholdState::crossed;
                const bool held = result.state == record::ThresholdState::held ||
                                  (empty && settings_.strict_compat);
                const auto figure = empty ? std::string("no samples") : figure_text(set, result);
                out_ += base::format("    {} '{}' {}\n", mark(held), safe(result.source), figure);
            }
            out_ += "\n";
        }
    }

    std::string figure_text(const plan::ThresholdSet& set,
                            const record::ThresholdResult& result) const {
        const auto* spec = record_.find_metric(set.metric);
        return threshold_figure(spec == nullptr ? record::MetricSpec{} : *spec, result,
                                settings_.time_unit);
    }

    void totals() {
        heading("TOTAL RESULTS");
        checks();
        custom();
        section("HTTP", "http_");
        section("EXECUTION", "");
        section("NETWORK", "data_");
    }

    void checks() {
        const auto all = view_.select("checks");
        if (!all || all->samples() == 0) return;
        const auto& total = *all->rate_total();
        const double seconds = std::max(base::to_seconds(record_.duration), 1e-9);
        line("checks_total", base::format("{:<7} {:.6f}/s", total.samples(),
                                          static_cast<double>(total.samples()) / seconds));
        line("checks_succeeded", base::format("{} {} out of {}", percent_text(all->rate()),
                                              total.passes, total.samples()));
        line("checks_failed", base::format("{} {} out of {}", percent_text(1 - all->rate()),
                                           total.fails, total.samples()));
        out_ += "\n";
        group_checks(record::group_tree(record_.metrics, record_.series), "    ");
    }

    void group_checks(const record::Group& group, const std::string& indent) {
        if (!group.name.empty()) out_ += base::format("{}█ {}\n\n", indent, safe(group.name));
        const std::string inner = group.name.empty() ? indent : indent + "  ";
        for (const auto& check : group.checks) {
            out_ += base::format("{}{} {}\n", inner, mark(check.fails == 0), safe(check.name));
            if (check.fails == 0) continue;
            const double share =
                static_cast<double>(check.passes) / static_cast<double>(check.passes + check.fails);
            out_ += base::format("{} ↳  {:.0f}% — ✓ {} / ✗ {}\n", inner, share * 100, check.passes,
                                 check.fails);
        }
        if (!group.checks.empty()) out_ += "\n";
        for (const auto& each : group.groups) group_checks(each, inner);
    }

    static bool is_custom(std::string_view name) {
        return !name.starts_with("http_req") && !name.starts_with("data_") &&
               !name.starts_with("weir_") && !is_execution(name) && name != "checks" &&
               name != "group_duration";
    }
    static bool is_execution(std::string_view name) {
        return name == "iterations" || name == "iteration_duration" ||
               name == "dropped_iterations" || name == "vus" || name == "vus_max";
    }

    void custom() {
        bool any = false;
        for (const auto& spec : record_.metrics) {
            if (!is_custom(spec.name)) continue;
            if (const auto metric = view_.select(spec.name); metric && metric->samples() > 0) {
                if (!any) out_ += base::format("    {}\n", painted("CUSTOM", "1"));
                any = true;
                metric_line(spec.name, *metric);
            }
        }
        if (any) out_ += "\n";
    }

    void section(std::string_view title, std::string_view prefix) {
        std::vector<std::string> names;
        for (const auto& spec : record_.metrics) {
            const bool mine =
                prefix.empty() ? is_execution(spec.name) : spec.name.starts_with(prefix);
            const bool shown = prefix != "http_" || spec.name == "http_req_duration" ||
                               spec.name == "http_req_failed" || spec.name == "http_reqs";
            if (mine && shown) names.push_back(spec.name);
        }
        std::sort(names.begin(), names.end());
        bool any = false;
        for (const auto& name : names) {
            const auto metric = view_.select(name);
            if (!metric || metric->samples() == 0) continue;
            if (!any) out_ += base::format("    {}\n", painted(title, "1"));
            any = true;
            metric_line(name, *metric);
            if (name == "http_req_duration") expected_line();
        }
        if (any) out_ += "\n";
    }

    void expected_line() {
        record::Tags expected;
        expected.set("expected_response", "true");
        const auto good = view_.select("http_req_duration", expected);
        if (good && good->samples() > 0) metric_line("  { expected_response:true }", *good);
    }

    void metric_line(const std::string& name, const record::Selected& metric) {
        switch (metric.spec().type) {
            case MetricType::trend:
                return line(name, trend_text(metric));
            case MetricType::rate: {
                const auto& total = *metric.rate_total();
                return line(name, base::format("{} {} out of {}", percent_text(metric.rate()),
                                               total.passes, total.samples()));
            }
            case MetricType::gauge:
                return line(name,
                            base::format("{:<7} min={} max={}", number_text(metric.value()),
                                         number_text(metric.min()), number_text(metric.max())));
            case MetricType::counter:
                break;
        }
        const bool data = metric.spec().contains == MetricContains::data;
        const auto count = data ? bytes_text(metric.count()) : number_text(metric.count());
        const auto rate = data ? bytes_text(metric.rate()) : number_text(metric.rate());
        line(name, base::format("{:<7} {}/s", count, rate));
    }

    std::string trend_text(const record::Selected& metric) const {
        std::string text;
        for (const auto& name : settings_.trend_stats) {
            const double value = trend_figure(metric, name);
            const bool time = metric.spec().contains == MetricContains::time && name != "count";
            const bool data = metric.spec().contains == MetricContains::data && name != "count";
            text += base::format("{}={:<8} ", name,
                                 time   ? duration_text(value, settings_.time_unit)
                                 : data ? bytes_text(value)
                                        : number_text(value));
        }
        text.erase(text.find_last_not_of(' ') + 1);
        return text;
    }

    void line(std::string_view name, std::string_view value) {
        const std::size_t dots = name.size() < name_width ? name_width - name.size() : 1;
        out_ += base::format("    {}{}: {}\n", name, std::string(dots, '.'), value);
    }

    /// What k6 does not say: time from the intended start, what was late, how the generator was.
    void weir_section() {
        out_ += base::format("    {}\n", painted("WEIR", "1"));
        time_line("response_time (from intended start)", "weir_response_time");
        time_line("service_time (from actual send)", "weir_service_time");
        out_ += times_text(record_, settings_.unicode);
        causes();
        std::uint64_t late = 0;
        std::uint64_t dropped = 0;
        std::uint64_t threw = 0;
        for (const auto& scenario : record_.scenarios) {
            late += scenario.late;
            dropped += scenario.dropped;
            threw += scenario.threw;
        }
        line("iterations late / dropped / threw",
             base::format("{} / {} / {}", late, dropped, threw));
        if (record_.evidence.unfinished_total > 0) {
            line("requests unfinished at the end",
                 base::format("{}", record_.evidence.unfinished_total));
        }
        const auto& health = record_.health;
        line("generator", base::format("CPU {:.1f}% of {} core(s), longest stall {}, memory {}",
                                       health.cpu_busy_max * 100, health.cores,
                                       duration_text(base::to_ms(health.loop_stall_max), ""),
                                       bytes_text(static_cast<double>(health.memory_most_bytes))));
        for (const auto& told : health.telemetry) {
            line("telemetry", base::format("{}: {} of {} pushes taken", told.output, told.sent,
                                           told.sent + told.dropped));
        }
        differences(dropped, threw);
        for (const auto& warning : record_.warnings)
            out_ += base::format("    ! {}\n", safe(warning));
        out_ += "\n";
    }

    /// The slowest request, and what the target says of its own work.
    void causes() {
        if (const auto* slowest = slowest_of(record_.evidence, "")) {
            line("slowest request", slowest_text(*slowest));
        }
        constexpr std::string_view metric = "weir_server_timing";
        for (const auto& timing : view_.tag_values(metric, "timing")) {
            record::Tags part;
            part.set("timing", timing);
            const auto times = view_.select(metric, part);
            if (times) line("server_timing " + safe(timing), trend_text(*times));
        }
    }

    void time_line(std::string_view name, std::string_view metric) {
        if (const auto selected = view_.select(metric); selected && selected->samples() > 0) {
            line(name, trend_text(*selected));
        }
    }

    void differences(std::uint64_t dropped, std::uint64_t threw) {
        if (settings_.strict_compat) return;
        for (const auto& set : settings_.thresholds) {
            for (const auto& result : record::evaluate(set, view_)) {
                const bool empty = result.state != record::ThresholdState::held &&
                                   result.state != record::ThresholdState::crossed;
                if (!empty) continue;
                out_ += base::format("    ! {}: '{}' has no samples: k6 passes it, Weir does not\n",
                                     safe(result.key), safe(result.source));
            }
        }
        const auto iterations = view_.select("iterations");
        if (threw > 0 && iterations && static_cast<double>(threw) >= iterations->count()) {
            out_ += "    ! every iteration threw: k6 exits 0 here, Weir does not\n";
        }
        if (dropped > 0) out_ += "    ! k6 says nothing of dropped iterations in its exit code\n";
    }

    const record::RunRecord& record_;
    const SummarySettings& settings_;
    bool colors_;
    record::MetricView view_;
    std::string out_;
};

}  // namespace

std::string summary_text(const record::RunRecord& record,
                         const SummarySettings& settings,
                         bool colors) {
    return Page(record, settings, colors).write();
}

}  // namespace weir::report
