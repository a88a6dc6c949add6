#include "app/gate_suite.h"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "base/format.h"
#include "base/json.h"

namespace weir::app {
namespace {

/// Users for so much time's worth of arrivals: a service that answers within it needs no more.
constexpr double ready_seconds = 2;
constexpr double most_seconds = 20;

std::uint64_t thousandths(double rate) {
    return static_cast<std::uint64_t>(std::llround(rate * 1000));
}

std::vector<plan::Scenario> scenarios_for(const plan::Suite& suite,
                                          double rate,
                                          base::Nanos duration) {
    double weights = 0;
    for (const auto& journey : suite.journeys) weights += journey.weight;
    std::vector<plan::Scenario> scenarios;
    for (const auto& journey : suite.journeys) {
        const double own = rate * journey.weight / weights;
        plan::Scenario scenario;
        scenario.name = journey.name;
        scenario.executor = suite.steps.empty() ? plan::ExecutorKind::constant_arrival_rate
                                                : plan::ExecutorKind::ramping_arrival_rate;
        scenario.exec = base::format("journey_{}", scenarios.size());
        scenario.duration = duration;
        scenario.graceful_stop = suite.graceful_stop;
        // Rates are whole numbers per time unit: a thousandth of a journey per second is fine
        // enough.
        const double part = journey.weight / weights;
        scenario.rate = thousandths(own);
        scenario.time_unit = std::chrono::seconds(1000);
        for (const auto& step : suite.steps) {
            // At once to the step's rate, and then on with it.
            scenario.stages.push_back({base::Nanos{}, thousandths(step.rate * part)});
            scenario.stages.push_back({step.duration, thousandths(step.rate * part)});
        }
        const auto users = [own](std::uint32_t asked, double seconds) {
            if (asked > 0) return asked;
            return static_cast<std::uint32_t>(std::clamp(std::ceil(own * seconds), 1.0, 100'000.0));
        };
        scenario.pre_allocated_vus = users(suite.users_ready, ready_seconds);
        scenario.max_vus =
            std::max(scenario.pre_allocated_vus, users(suite.users_max, most_seconds));
        scenarios.push_back(std::move(scenario));
    }
    return scenarios;
}

}  // namespace

std::string entry_of(const plan::Suite& suite, const std::string& directory) {
    std::string imports;
    std::string options = "const parts = [";
    std::string exports;
    std::string ups;
    std::string sign_ins;
    std::string facts;
    for (std::size_t i = 0; i < suite.journeys.size(); ++i) {
        const auto path =
            (std::filesystem::path(directory) / suite.journeys[i].script).lexically_normal();
        imports += base::format("import * as j{} from {};\n", i, base::write_json(path.string()));
        imports += base::format(
            "if (typeof j{}.default !== 'function') throw new Error({});\n", i,
            base::write_json(suite.journeys[i].script + " has no default function to run"));
        options += base::format("j{}.options || {{}}, ", i);
        exports += base::format(
            "export function journey_{0}(data) {{ return j{0}.default(data && data[{0}]); }}\n", i);
        ups += base::format("    j{0}.setup ? await j{0}.setup() : undefined,\n", i);
        if (!suite.facts.empty()) {
            facts += base::format(
                "    if (j{0}.facts) Object.assign(facts, await j{0}.facts(data[{0}]));\n", i);
        }
        sign_ins += base::format("  if (j{0}.signIn) await j{0}.signIn(data && data[{0}]);\n", i);
    }
    // How much load is the gate's to say; all else (thresholds, cookies, timeouts) is the
    // journeys'.
    options +=
        "];\nconst all = Object.assign({}, ...parts);\n"
        "for (const load of ['scenarios', 'stages', 'duration', 'iterations', 'vus']) delete "
        "all[load];\nall.thresholds = {};\n"
        "for (const [key, asked] of parts.flatMap((part) => Object.entries(part.thresholds || {})))"
        "\n  all.thresholds[key] = (all.thresholds[key] || []).concat(asked);\n"
        "export const options = all;\n";
    // Behind the journeys' own data: facts_in() reads it.
    const std::string set_up = "export async function setup() {\n  const data = [\n" + ups +
                               "  ];\n  const facts = {};\n  let error = '';\n  try {\n" + facts +
                               "  } catch (thrown) {\n    error = String(thrown);\n  }\n"
                               "  data.push({ facts, error });\n  return data;\n}\n";
    return imports + options + exports + set_up + "export async function signIn(data) {\n" +
           sign_ins + "}\n";
}

std::string load_text(const plan::Suite& suite) {
    if (suite.steps.empty()) return base::format("{}/s", suite.rate);
    std::string text;
    for (const auto& step : suite.steps) {
        text += base::format("{}{}/s", text.empty() ? "" : " ", step.rate);
    }
    return text;
}

void speak_on(const Terminal& terminal, bool verbose, ScriptRunRequest& request) {
    request.log =
        base::Log([log = terminal_log(terminal, verbose ? base::Level::debug : base::Level::info),
                   secrets = request.evidence.secrets](base::Level level, std::string_view line) {
            log.write(level, secrets.redact(line));
        });
    request.console = request.log;
}

void warn_of(const EnvironmentRun& run) {
    for (const auto& warning : run.warnings) run.request.log.warn(warning);
}

void facts_in(const std::string& setup_data, record::Surroundings& surroundings) {
    const auto data = base::parse_json(setup_data);
    if (!data.ok() || !data.value().is_array() || data.value().empty()) return;
    const auto& last = data.value().back();
    if (!last.is_object() || !last.contains("facts")) return;
    surroundings.facts_error = base::text_or(last, "error", "");
    for (const auto& [name, value] : last.at("facts").items()) {
        if (value.is_number()) surroundings.facts.push_back({name, value.get<double>()});
    }
}

base::Result<std::unique_ptr<GateSuite>> load_gate_suite(const GateWishes& wishes) {
    auto gate = std::make_unique<GateSuite>();
    TRY_VOID(enter_environment(wishes, *gate));
    if (wishes.store) gate->suite.store = *wishes.store;
    if (wishes.rate > 0) gate->suite.rate = wishes.rate;
    auto& request = gate->request;
    request.script = (std::filesystem::path(gate->directory) / "weir-suite.js").string();
    request.entry_text = entry_of(gate->suite, gate->directory);
    request.scenarios =
        scenarios_for(gate->suite, gate->suite.rate,
                      wishes.duration > base::Nanos{} ? wishes.duration : gate->suite.duration);
    request.tiers.flags.discard_response_bodies = false;
    return gate;
}

}  // namespace weir::app
