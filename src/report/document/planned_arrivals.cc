#include "report/document/planned_arrivals.h"

#include <algorithm>
#include <optional>

#include "plan/parse_options.h"

namespace weir::report {
namespace {

/// The rate goes evenly from one to the other.
struct Leg {
    double seconds = 0;
    double from = 0;  // arrivals per second
    double to = 0;
};

/// The arrivals of one scenario, as a function of time.
class Schedule {
public:
    Schedule(const plan::Scenario& scenario, const record::ScenarioOutcome& outcome)
        : begin_(base::to_seconds(outcome.start)), most_(static_cast<double>(outcome.offered)) {
        const double unit = base::to_seconds(scenario.time_unit);
        const auto per_second = [unit](std::uint64_t rate) {
            return unit > 0 ? static_cast<double>(rate) / unit : 0;
        };
        double from = per_second(scenario.rate);
        if (scenario.executor == plan::ExecutorKind::constant_arrival_rate) {
            legs_.push_back({base::to_seconds(scenario.duration), from, from});
        }
        for (const auto& stage : scenario.stages) {
            const double to = per_second(stage.target);
            legs_.push_back({base::to_seconds(stage.duration), from, to});
            from = to;
        }
    }

    /// Due by so many seconds after the run's start, and not more than were ever due.
    [[nodiscard]] double due_by(double seconds) const {
        double left = seconds - begin_;
        double due = 0;
        for (const auto& leg : legs_) {
            const double part = std::clamp(left, 0.0, leg.seconds);
            const double slope = leg.seconds > 0 ? (leg.to - leg.from) / leg.seconds : 0;
            due += part * leg.from + slope * part * part / 2;
            left -= leg.seconds;
        }
        return std::min(due, most_);
    }

private:
    double begin_;
    double most_;
    std::vector<Leg> legs_;
};

const plan::Scenario* find(const std::vector<plan::Scenario>& scenarios, const std::string& name) {
    for (const auto& each : scenarios) {
        if (each.name == name) return &each;
    }
    return nullptr;
}

std::optional<std::vector<Schedule>> schedules_of(const record::RunRecord& record) {
    const auto options = plan::parse_options_json(record.options_json);
    if (!options.ok() || !options.value().scenarios || record.scenarios.empty()) {
        return std::nullopt;
    }
    std::vector<Schedule> schedules;
    for (const auto& outcome : record.scenarios) {
        const auto* scenario = find(*options.value().scenarios, outcome.name);
        if (!outcome.open_model || scenario == nullptr) return std::nullopt;
        schedules.emplace_back(*scenario, outcome);
    }
    return schedules;
}

}  // namespace

std::vector<double> planned_arrivals(const record::RunRecord& record) {
    std::vector<double> arrivals;
    const auto& windows = record.windows;
    const auto schedules = schedules_of(record);
    const double width = base::to_seconds(windows.width());
    for (std::size_t i = 0; i < windows.all().size(); ++i) {
        const auto& window = windows.all()[i];
        double due = 0;
        if (schedules) {
            const double begin = width * static_cast<double>(i);
            for (const auto& each : *schedules)
                due += each.due_by(begin + width) - each.due_by(begin);
        } else {
            due = static_cast<double>(window.iterations_started + window.iterations_dropped);
        }
        arrivals.push_back(due);
    }
    return arrivals;
}

}  // namespace weir::report
