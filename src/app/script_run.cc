#include "app/script_run.h"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <utility>

#include "app/result_directory.h"
#include "app/seats.h"
#include "app/shares_of_plan.h"
#include "app/telemetry/telemetry.h"
#include "base/format.h"
#include "base/version.h"
#include "engine/threshold_rule.h"
#include "http/proxy_settings.h"
#include "journey/bindings.h"
#include "journey/guard.h"
#include "journey/host/timing_names.h"
#include "journey/shared_data.h"
#include "meter/health.h"
#include "plan/parse_options.h"
#include "record/threshold_result.h"
#include "rt/signals.h"
#include "rt/worker.h"

namespace weir::app {
namespace {

/// Init code that takes longer than this is stuck.
constexpr base::Nanos init_limit = std::chrono::seconds(60);

base::Result<std::shared_ptr<const script::Program>> compile(const ScriptRunRequest& request,
                                                             const script::Bindings& bindings) {
    script::ProgramRequest wanted;
    wanted.entry = request.script;
    wanted.entry_text = request.entry_text;
    std::error_code failed;
    wanted.directory = std::filesystem::current_path(failed).string();
    wanted.read = [&request](const std::string& path) {
        if (request.on_file) request.on_file(path);
        return read_file(path);
    };
    wanted.bindings = &bindings;
    auto program = script::Program::compile(wanted);
    if (!program.ok()) return base::Error{base::Code::script, program.error().text};
    return program;
}

}  // namespace

struct ScriptRun::State {
    explicit State(ScriptRunRequest given)
        : request(std::move(given)),
          evidence(request.evidence),
          bindings(journey::make_bindings()),
          shared([this](const std::string& path) {
              if (request.on_file) request.on_file(path);
              return journey::read_file(path);
          }) {}

    base::Result<void> prepare();
    base::Result<void> consolidate(const std::string& script_options);
    base::Result<void> check_functions() const;
    base::Result<void> open_outputs();
    engine::RunSpec spec();
    std::vector<engine::Seat> seats_of_workers();
    record::RunRecord record_of(engine::RunOutcome outcome, meter::Health& health);
    void note_telemetry(std::vector<record::TelemetryDelivery> deliveries,
                        record::RunRecord& record) const;
    record::GeneratorHealth health_of(const record::RunRecord& record, meter::Health& health) const;

    ScriptRunRequest request;
    journey::Evidence evidence;
    journey::TimingNames timings;
    std::unique_ptr<const script::Bindings> bindings;
    meter::Registry registry;
    journey::SharedData shared;
    journey::RunProgress progress;
    http::ClientSettings http;
    journey::RunContext context;
    journey::RunContext candidate;  // of a duet
    plan::Options options;
    std::vector<plan::Scenario> scenarios;
    std::deque<journey::ScenarioContext> scenario_contexts;  // addresses stay
    std::vector<std::string> functions;
    std::vector<std::string> warnings;
    std::unique_ptr<meter::SampleWriter> writer;
    std::vector<meter::SampleTap*> taps;
    base::Instant load_start{};
    std::optional<base::Error> init_error;
    std::optional<base::Error> teardown_error;
    std::unique_ptr<Seats> seats;
    std::unique_ptr<engine::Run> run;
};

ScriptRun::ScriptRun(std::unique_ptr<State> state) : state_(std::move(state)) {}
ScriptRun::~ScriptRun() = default;

base::Result<std::unique_ptr<ScriptRun>> ScriptRun::prepare(ScriptRunRequest request) {
    auto state = std::make_unique<State>(std::move(request));
    if (auto prepared = state->prepare(); !prepared.ok()) {
        base::Error error = prepared.error();
        state->request.evidence.secrets.redact_in_place(error.text);
        return error;
    }
    return std::unique_ptr<ScriptRun>(new ScriptRun(std::move(state)));
}

base::Result<void> ScriptRun::State::prepare() {
    TRY(context.program, compile(request, *bindings));
    TRY(http.proxies, http::proxies_from([](const std::string& name) -> std::optional<std::string> {
            const char* value =
                std::getenv(name.c_str());  // NOLINT(concurrency-mt-unsafe): before threads
            return value == nullptr ? std::nullopt : std::optional<std::string>(value);
        }));
    // What is known before the script was looked at: enough for init code.
    options = plan::merge(request.tiers.flags, request.tiers.environment);
    context.options = &options;
    context.registry = &registry;
    context.shared = &shared;
    context.evidence = &evidence;
    context.timings = &timings;
    context.secrets = &request.evidence.secrets;
    context.guard = request.guard;
    context.marks = request.marks;
    context.http = &http;
    context.progress = &progress;
    context.console = request.console;
    context.log = request.log;
    context.env = request.env;
    context.script_dir = context.program->entry_directory();
    context.seed = request.seed;
    TRY(const auto before, net_settings_from(options));
    TRY(seats, Seats::make(before));
    journey::ScriptFacts facts;
    {
        engine::WorkerRun scratch(context, seats->control(), {.first = 0, .step = 1}, nullptr);
        auto looked = journey::inspect_script(context, scratch.context(), init_limit);
        if (!looked.ok()) {
            const bool aborted = looked.error().code == base::Code::cancelled;
            return base::Error{aborted ? base::Code::cancelled : base::Code::script,
                               looked.error().text};
        }
        facts = std::move(looked).value();
    }
    functions = facts.functions;
    TRY_VOID(consolidate(facts.options_json));
    TRY_VOID(check_functions());
    TRY(const auto network, net_settings_from(options));
    TRY(seats, Seats::make(network));
    return open_outputs();
}

base::Result<void> ScriptRun::State::consolidate(const std::string& script_options) {
    auto scripted = plan::parse_options_json(script_options);
    if (!scripted.ok()) return base::within("the script's options", scripted.error());
    options =
        plan::merge(request.tiers.flags,
                    plan::merge(request.tiers.environment,
                                plan::merge(std::move(scripted).value(), request.tiers.file)));
    for (const auto& name : options.unknown) {
        warnings.push_back(base::format("option '{}' is unknown and was ignored", name));
    }
    if (request.scenarios) {
        scenarios = *request.scenarios;
    } else {
        TRY(scenarios, plan::scenarios_of(options));
    }
    http.reuse_connections = !options.no_connection_reuse.value_or(false);
    if (!request.thresholds) options.thresholds.reset();
    std::vector<record::MetricSpec> metrics;
    for (std::size_t i = 0; i < registry.size(); ++i) {
        metrics.push_back(registry.at(static_cast<record::MetricId>(i)));
    }
    if (options.thresholds) TRY_VOID(record::check_thresholds(*options.thresholds, metrics));
    context.options_json = plan::write_options_json(options, scenarios);
    return {};
}

base::Result<void> ScriptRun::State::check_functions() const {
    for (const auto& scenario : scenarios) {
        if (std::find(functions.begin(), functions.end(), scenario.exec) != functions.end())
            continue;
        return base::Error{base::Code::invalid,
                           base::format("scenario '{}' wants the function '{}', which {} does not "
                                        "export",
                                        scenario.name, scenario.exec, request.script)};
    }
    return {};
}

base::Result<void> ScriptRun::State::open_outputs() {
    if (request.outputs.empty()) return {};
    const auto& clock = seats->control_loop().clock();
    TRY(writer, meter::SampleWriter::open(request.outputs, registry, {clock.now(), clock.wall()}));
    return {};
}

/// In a duet each worker is there twice, with users of its own for each side: what a script reads
/// from __ENV in its init code differs, and so do cookies and sign-ins.
std::vector<engine::Seat> ScriptRun::State::seats_of_workers() {
    auto all = seats->workers();
    if (!request.candidate_env) return all;
    context.side = record::Side::baseline;
    candidate = context;
    candidate.side = record::Side::candidate;
    for (const auto& [name, value] : *request.candidate_env) candidate.env[name] = value;
    const auto count = all.size();
    for (std::size_t i = 0; i < count; ++i) {
        all.push_back(all[i]);
        all.back().context = &candidate;
    }
    return all;
}

engine::RunSpec ScriptRun::State::spec() {
    std::size_t users = 0;
    for (const auto& scenario : scenarios) users += users_most(scenario);
    const std::size_t workers = workers_for(users, request.workers);
    engine::RunSpec spec;
    spec.context = &context;
    spec.control = seats->control();
    for (const auto& scenario : scenarios) {
        spec.scenarios.push_back(
            plan_scenario(scenario, scenario_contexts.emplace_back(), workers));
    }
    const auto exported = [this](const char* name) {
        return std::find(functions.begin(), functions.end(), name) != functions.end();
    };
    spec.setup = exported("setup") && !options.no_setup.value_or(false);
    spec.teardown = exported("teardown") && !options.no_teardown.value_or(false);
    spec.setup_limit = options.setup_timeout.value_or(spec.setup_limit);
    spec.teardown_limit = options.teardown_timeout.value_or(spec.teardown_limit);
    if (options.thresholds) {
        if (auto rule = engine::abort_on_fail(*options.thresholds)) {
            spec.stop_rules.push_back(std::move(rule));
        }
    }
    for (const auto& rule : request.stop_rules) spec.stop_rules.push_back(rule);
    spec.admit = request.admit;
    spec.on_progress = request.on_progress;
    spec.observers = request.observers;
    if (request.guard != nullptr) {
        spec.limit_reached = [this]() -> std::optional<std::string> {
            if (evidence.violations() == 0) return std::nullopt;
            return "the journey tried to change the target: " + evidence.first_violation();
        };
    }
    if (auto started = seats->start_workers(workers); !started.ok()) init_error = started.error();
    spec.seats = seats_of_workers();
    if (writer) {
        for (std::size_t i = 0; i <= spec.seats.size(); ++i)
            spec.taps.push_back(&writer->add_tap());
        writer->start();
    }
    return spec;
}

record::RunRecord ScriptRun::execute() {
    State& state = *state_;
    // Before any thread starts: threads inherit which signals are blocked.
    const rt::SignalWatch signals(state.seats->control_loop(), [&state](int number, unsigned nth) {
        if (nth > 2 || !state.run) std::_Exit(105);
        if (nth == 1) {
            state.run->abort(record::EndKind::aborted_by_signal,
                             number == SIGINT ? "interrupted (SIGINT)" : "terminated (SIGTERM)");
        } else {
            state.seats->control_loop().stop();  // what teardown() still does ends here
        }
    });
    auto spec = state.spec();
    if (state.init_error) return {};
    const rt::Clock& clock = state.seats->control_loop().clock();
    meter::Health health(meter::read_machine, rt::usable_cpus(), clock.now());
    auto tell = std::move(spec.on_progress);
    spec.on_progress = [&health, &clock, tell = std::move(tell)](const engine::Progress& progress) {
        health.sample(clock.now());
        if (tell) tell(progress);
    };
    auto* const telemetry = state.request.telemetry.get();
    if (telemetry != nullptr && !telemetry->empty()) {
        telemetry->begin(state.request.log);
        spec.observers.push_back(telemetry->observer());
    }
    state.run = std::make_unique<engine::Run>(std::move(spec));
    std::shared_ptr<void> beside;
    if (state.request.beside) {
        beside = state.request.beside(state.seats->control_loop(), [&state](std::string words) {
            state.run->abort(record::EndKind::aborted_by_signal, std::move(words));
        });
    }
    auto outcome = state.run->execute();
    beside.reset();
    state.load_start = outcome.start;
    state.init_error = outcome.init_error;
    if (state.init_error) {
        state.request.evidence.secrets.redact_in_place(state.init_error->text);
    }
    state.teardown_error = outcome.teardown_error;
    if (state.writer) {
        if (auto written = state.writer->finish(); !written.ok()) {
            state.warnings.push_back(written.error().text);
        }
    }
    auto record = state.record_of(std::move(outcome), health);
    if (telemetry != nullptr) state.note_telemetry(telemetry->finish(), record);
    return record;
}

record::RunRecord ScriptRun::State::record_of(engine::RunOutcome outcome, meter::Health& health) {
    record::RunRecord record;
    record.run_id = request.run_id;
    record.weir_version = std::string(base::version);
    record.script = request.script;
    record.started = outcome.started;
    record.duration = outcome.duration;
    record.seed = request.seed;
    record.options_json = request.evidence.secrets.redact(context.options_json);
    record.setup_data_json = request.evidence.secrets.redact(outcome.setup_data);
    for (std::size_t i = 0; i < registry.size(); ++i) {
        record.metrics.push_back(registry.at(static_cast<record::MetricId>(i)));
    }
    record.series = std::move(outcome.totals.series);
    record.windows = std::move(outcome.totals.windows);
    record.pairs = std::move(outcome.pairs);
    record.scenarios = std::move(outcome.scenarios);
    record.evidence = evidence.take(outcome.start);
    record.target.seen = evidence.targets(outcome.start);
    record.ending = std::move(outcome.ending);
    request.evidence.secrets.redact_in_place(record.ending.words);
    request.evidence.secrets.redact_in_place(record.ending.marked_words);
    record.warnings = warnings;
    if (outcome.totals.tag_sets_collapsed > 0) {
        record.warnings.push_back(base::format(
            "{} tag sets are more than fit: their url and name became \"(other)\"; name requests "
            "with the tag `name`",
            outcome.totals.tag_sets_collapsed));
    }
    record.health = health_of(record, health);
    return record;
}

/// What did not arrive is said, and changes nothing.
void ScriptRun::State::note_telemetry(std::vector<record::TelemetryDelivery> deliveries,
                                      record::RunRecord& record) const {
    for (auto& each : deliveries) {
        request.evidence.secrets.redact_in_place(each.words);
        if (each.dropped == 0) continue;
        record.warnings.push_back(base::format("telemetry: {} did not take {} of {} pushes: {}",
                                               each.output, each.dropped, each.dropped + each.sent,
                                               each.words));
    }
    record.health.telemetry = std::move(deliveries);
}

record::GeneratorHealth ScriptRun::State::health_of(const record::RunRecord& record,
                                                    meter::Health& health) const {
    for (const auto& loop : seats->health()) health.note_loop(loop);
    record::GeneratorHealth found = health.until(seats->control_loop().clock().now());
    for (const auto& series : record.series) {
        const auto metric = static_cast<std::size_t>(series.metric);
        if (record.metrics[metric].name != "weir_start_delay") continue;
        if (const auto* delays = std::get_if<stats::Distribution>(&series.total)) {
            found.start_delay.merge(*delays);
        }
    }
    found.samples_unwritten = writer ? writer->dropped() : 0;
    return found;
}

base::Result<std::string> ScriptRun::call(const std::string& function,
                                          const std::string& argument,
                                          base::Nanos limit) {
    auto answer =
        journey::call_lifecycle(state_->context, state_->run->control(), function, argument, limit);
    const auto& secrets = state_->request.evidence.secrets;
    if (answer.ok()) return secrets.redact(answer.value());
    return base::Error{answer.error().code, secrets.redact(answer.error().text)};
}

const plan::Options& ScriptRun::options() const noexcept {
    return state_->options;
}
const std::vector<plan::Scenario>& ScriptRun::scenarios() const noexcept {
    return state_->scenarios;
}
const std::optional<base::Error>& ScriptRun::teardown_error() const noexcept {
    return state_->teardown_error;
}

base::Instant ScriptRun::load_start() const noexcept {
    return state_->load_start;
}

const std::optional<base::Error>& ScriptRun::init_error() const noexcept {
    return state_->init_error;
}
bool ScriptRun::exports(const std::string& function) const {
    const auto& all = state_->functions;
    return std::find(all.begin(), all.end(), function) != all.end();
}

}  // namespace weir::app
