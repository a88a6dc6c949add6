#include "app/summary_output.h"

#include "app/result_directory.h"
#include "base/json.h"
#include "report/summary_text.h"

namespace weir::app {
namespace {

/// handleSummary's answer: path, "stdout" or "stderr" to text.
base::Result<void> distribute(const std::string& json) {
    TRY(const auto outputs, base::parse_json(json));
    base::Result<void> all;
    if (!outputs.is_object()) return all;
    for (const auto& [path, content] : outputs.items()) {
        const std::string text =
            content.is_string() ? content.get<std::string>() : base::write_json(content);
        if (path == "stdout") {
            print(text);
        } else if (path == "stderr") {
            print_error(text);
        } else if (auto written = write_file(path, text); !written.ok()) {
            all = written;
        }
    }
    return all;
}

}  // namespace

report::SummarySettings summary_settings(const plan::Options& options,
                                         const Terminal& terminal,
                                         bool strict_compat) {
    report::SummarySettings settings;
    if (options.summary_trend_stats) settings.trend_stats = *options.summary_trend_stats;
    settings.time_unit = options.summary_time_unit.value_or("");
    if (options.thresholds) settings.thresholds = *options.thresholds;
    settings.strict_compat = strict_compat;
    settings.no_color = !terminal.colors;
    settings.out_is_tty = terminal.out_is_tty;
    settings.error_is_tty = terminal.error_is_tty;
    settings.unicode = terminal.unicode;
    return settings;
}

base::Result<void> write_summary(ScriptRun& run,
                                 const record::RunRecord& record,
                                 const SummaryWishes& wishes,
                                 const Terminal& terminal) {
    base::Result<void> result;
    bool shown = wishes.mode == "disabled";
    if (!shown && run.exports("handleSummary")) {
        const auto limit = run.options().handle_summary_timeout.value_or(std::chrono::minutes(2));
        auto answer =
            run.call("handleSummary", report::summary_data(record, wishes.settings), limit);
        if (answer.ok()) {
            shown = true;
            if (!answer.value().empty()) result = distribute(answer.value());
        } else {
            print_error("error: handleSummary() failed: " + answer.error().text + "\n");
        }
    }
    if (!shown) print(report::summary_text(record, wishes.settings, terminal.colors));
    if (!wishes.export_file.empty()) {
        TRY_VOID(write_file(wishes.export_file, report::summary_export(record, wishes.settings)));
    }
    return result;
}

}  // namespace weir::app
