// Part of the test binary only, as its name says to the build.
#include "journey/testing/bench.h"

#include <utility>

#include "base/assert.h"
#include "meter/recorder.h"
#include "record/metric.h"
#include "rt/agenda.h"

namespace weir::journey::testing {

class Bench::Listener final : public UserListener {
public:
    void on_ready(User&, const base::Result<void>& result) override { init = result; }
    void on_iteration_end(User&, IterationOutcome result) override { outcome = result; }
    void on_stopped(User&) override { stopped = true; }

    std::optional<base::Result<void>> init;
    std::optional<IterationOutcome> outcome;
    bool stopped = false;
};

Bench::Bench(std::string source, std::map<std::string, std::string> files)
    : target(loop),
      shared([this](const std::string& path) -> base::Result<std::string> {
          const auto found = files_.find(path);
          if (found != files_.end()) return found->second;
          return base::Error{base::Code::not_found, "reading " + path + ": no such file"};
      }),
      source_(std::move(source)),
      files_(std::move(files)),
      listener_(std::make_unique<Listener>()) {
    scenario.name = "default";
    scenario.executor = "per-vu-iterations";
    start_ = loop.now();
    run.console = base::Log([this](base::Level level, std::string_view text) {
        console_.push_back({level, std::string(text)});
    });
    run.log = base::Log([this](base::Level level, std::string_view text) {
        log_.push_back({level, std::string(text)});
    });
}

Bench::~Bench() {
    stop();
}

void Bench::compile() {
    if (run.program != nullptr) return;
    bindings_ = make_bindings();
    script::ProgramRequest request;
    request.entry = "journey.js";
    request.entry_text = source_;
    request.directory = "/journey";
    request.bindings = bindings_.get();
    request.read = [this](const std::string& path) -> base::Result<std::string> {
        const auto found = files_.find(path);
        if (found != files_.end()) return found->second;
        return base::Error{base::Code::not_found, path + ": no such file"};
    };
    auto program = script::Program::compile(request);
    if (!program.ok()) {
        init_error_ = program.error().text;
        return;
    }
    run.program = std::move(program).value();
    run.script_dir = "/journey";
    run.options = &options;
    run.registry = &registry_;
    run.shared = &shared;
    run.evidence = &evidence;
    run.timings = &timings;
    run.guard = guard ? &*guard : nullptr;
    run.marks = marks ? &*marks : nullptr;
    run.http = &client_;
    run.progress = &progress;
    run.control.abort = [this](std::string why) { aborts.push_back(std::move(why)); };
    run.control.mark_failed = [this](std::string why) {
        failures_marked.push_back(std::move(why));
    };
    recorder_ = std::make_unique<meter::Recorder>(registry_, start_, nullptr);
    worker_ = {.loop = &loop,
               .stacks = &stacks_,
               .dialer = &target,
               .recorder = recorder_.get(),
               .cache = nullptr};
}

void Bench::prepare() {
    compile();
    if (user_ != nullptr || run.program == nullptr) return;
    user_ = std::make_unique<User>(run, worker_, *listener_, 1);
    user_->start();
    loop.run();
    CHECK(listener_->init.has_value());
    if (!listener_->init->ok()) init_error_ = listener_->init->error().text;
}

const std::string& Bench::init_error() {
    prepare();
    return init_error_;
}

IterationOutcome Bench::iterate(base::Nanos late) {
    prepare();
    CHECK(init_error_.empty());
    listener_->outcome.reset();
    user_->begin({.scenario = &scenario, .due = loop.now() - late, .index_in_scenario = index_++});
    loop.run();
    CHECK(listener_->outcome.has_value());
    return *listener_->outcome;
}

IterationOutcome Bench::iterate_and_cancel(base::Nanos after) {
    prepare();
    CHECK(init_error_.empty());
    listener_->outcome.reset();
    user_->begin({.scenario = &scenario, .due = loop.now(), .index_in_scenario = index_++});
    loop.run_until(loop.now() + after);
    user_->cancel();
    loop.run();
    CHECK(listener_->outcome.has_value() && listener_->stopped);
    return *listener_->outcome;
}

void Bench::stop() {
    if (user_ == nullptr) return;
    if (!listener_->stopped) {
        user_->stop();
        loop.run();
    }
    CHECK(listener_->stopped);
    user_.reset();
}

base::Result<ScriptFacts> Bench::inspect() {
    compile();
    if (run.program == nullptr) return base::Error{base::Code::script, init_error_};
    return inspect_script(run, worker_, std::chrono::minutes(1));
}

base::Result<std::string> Bench::call(const std::string& function, const std::string& argument) {
    compile();
    if (run.program == nullptr) return base::Error{base::Code::script, init_error_};
    return call_lifecycle(run, worker_, function, argument, std::chrono::minutes(1));
}

namespace {

record::Tags selector_of(std::string_view text) {
    record::Tags out;
    while (!text.empty()) {
        const std::string_view pair = text.substr(0, text.find(','));
        text.remove_prefix(std::min(text.size(), pair.size() + 1));
        const std::size_t equals = pair.find('=');
        out.set(pair.substr(0, equals), pair.substr(equals + 1));
    }
    return out;
}

void add_to(Bench::Sum& out, const record::Aggregate& total) {
    out.samples += record::samples_of(total);
    if (const auto* counter = std::get_if<record::CounterTotal>(&total)) {
        out.value += counter->sum.value();
    } else if (const auto* gauge = std::get_if<record::GaugeTotal>(&total)) {
        out.value = gauge->last;
    } else if (const auto* rate = std::get_if<record::RateTotal>(&total)) {
        out.value += static_cast<double>(rate->passes);
    } else if (const auto* trend = std::get_if<stats::Distribution>(&total)) {
        out.value += trend->sum();
        out.max = std::max(out.max, trend->max());
    }
}

}  // namespace

Bench::Sum Bench::sum(std::string_view metric, std::string_view selector) {
    Sum out;
    const record::Tags wanted = selector_of(selector);
    for (const record::Series& series : recorder_->take_snapshot().series) {
        if (registry_.at(series.metric).name != metric || !series.tags.contains(wanted)) continue;
        add_to(out, series.total);
    }
    return out;
}

std::vector<record::Tags> Bench::tags_of(std::string_view metric) {
    std::vector<record::Tags> out;
    for (const record::Series& series : recorder_->take_snapshot().series) {
        if (registry_.at(series.metric).name == metric) out.push_back(series.tags);
    }
    return out;
}

std::string Bench::console() const {
    std::string out;
    for (const Line& line : console_) out += (out.empty() ? "" : "\n") + line.text;
    return out;
}

std::string Bench::log() const {
    std::string out;
    for (const Line& line : log_) out += (out.empty() ? "" : "\n") + line.text;
    return out;
}

}  // namespace weir::journey::testing
