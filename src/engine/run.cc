#include "engine/run.h"

#include <algorithm>
#include <memory>
#include <numeric>
#include <utility>

#include "base/assert.h"
#include "meter/pair_log.h"
#include "meter/registry.h"

namespace weir::engine {
namespace {

constexpr base::Nanos tick_length = std::chrono::seconds(1);
/// Between the decision to begin and the first due time: every worker must have armed its timers.
constexpr base::Nanos start_lead = std::chrono::milliseconds(20);
/// That a worker copies in one turn of its loop: iterations that are due wait no longer than that.
constexpr std::size_t tag_sets_at_once = 32;

base::Nanos length_of(const Share& share) {
    return std::visit([](const auto& plan) { return plan.duration; }, share.plan);
}

}  // namespace

struct Run::State {
    explicit State(RunSpec given)
        : spec(std::move(given)),
          control(*spec.context, spec.control, {.first = 0, .step = 1}, tap(0)),
          tick_timer(&State::on_tick, this),
          observers_due(spec.observers.size()),
          observers_asked(spec.observers.size()) {
        const auto count = spec.seats.size();
        for (std::size_t i = 0; i < count; ++i) {
            const auto* own = spec.seats[i].context;
            workers.push_back(std::make_unique<WorkerRun>(
                own == nullptr ? *spec.context : *own, spec.seats[i],
                UserNumbers{.first = i + 1, .step = count}, tap(i + 1)));
        }
    }

    [[nodiscard]] meter::SampleTap* tap(std::size_t i) const {
        return spec.taps.empty() ? nullptr : spec.taps[i];
    }
    [[nodiscard]] rt::Loop& loop() const { return *spec.control.loop; }
    template <typename Change>
    void each_context(Change change) {
        change(*spec.context);
        for (const auto& seat : spec.seats) {
            if (seat.context != nullptr && seat.context != spec.context) change(*seat.context);
        }
    }

    /// Drives the control loop until `reached`. The tick keeps it from running dry while it waits
    /// for other threads.
    template <typename Reached>
    void drive_until(Reached reached) {
        while (!reached()) {
            if (!tick_timer.armed()) loop().arm(tick_timer, loop().clock().now() + tick_length);
            loop().run();
        }
    }

    /// Runs `work(worker, done)` on each worker's thread; returns when each has called done(),
    /// which it may do on its own thread.
    template <typename Work>
    void on_each_worker(Work work) {
        std::size_t missing = workers.size();
        for (auto& worker : workers) {
            WorkerRun* each = worker.get();
            auto done = [this, &missing] {
                loop().post_from_any_thread([this, &missing] {
                    missing -= 1;
                    loop().stop();
                });
            };
            each->loop().post_from_any_thread([each, work, done] { work(*each, done); });
        }
        drive_until([&missing] { return missing == 0; });
    }

    void set_up(RunOutcome& outcome);
    void make_users(RunOutcome& outcome);
    void offer_load(RunOutcome& outcome);
    void tear_down(RunOutcome& outcome);
    void collect(RunOutcome& outcome);
    void collect_scenarios(RunOutcome& outcome);
    void end_early(record::EndKind kind, std::string words);
    void tick();
    void ask_workers(bool with_totals);
    struct Report;
    void report(WorkerRun& worker, const std::shared_ptr<Report>& made, std::size_t from);
    void answer(const std::shared_ptr<Report>& made);
    void await_reports();
    void on_reports();
    [[nodiscard]] std::vector<record::MetricSpec> known_metrics() const;
    [[nodiscard]] bool anybody_due();
    void look_at_totals();
    static void on_tick(void* self) { static_cast<State*>(self)->tick(); }

    /// What a worker answers when asked how it stands.
    struct Report {
        std::size_t users = 0;
        std::size_t active = 0;
        Tally tally;
        meter::Snapshot totals;
        meter::PairLog halves = meter::PairLog(0);
    };

    RunSpec spec;
    WorkerRun control;
    std::vector<std::unique_ptr<WorkerRun>> workers;
    rt::Timer tick_timer;
    record::Ending ending;
    bool ending_early = false;
    bool loading = false;
    base::Instant start{};
    base::Nanos planned{};  // the schedule's end, from the start
    base::Instant last_end{};
    std::size_t unfinished = 0;
    std::vector<Report> reports;
    std::size_t reports_missing = 0;
    bool totals_asked = false;
    bool windows_asked = false;                // and pairs
    base::Instant rules_due{};                 // when the stop rules look next
    std::vector<base::Instant> observers_due;  // likewise
    bool rules_asked = false;                  // by the totals that are on their way
    std::vector<bool> observers_asked;
    std::size_t users_most = 0;
    record::TagSetId no_tags{};
};

Run::Run(RunSpec spec) : state_(std::make_unique<State>(std::move(spec))) {
    CHECK(!state_->spec.seats.empty());
    for (const auto& scenario : state_->spec.scenarios) {
        CHECK(scenario.shares.size() == state_->spec.seats.size());
    }
    state_->no_tags = state_->control.recorder().intern({});
    journey::RunControl control;
    control.abort = [this](std::string reason) {
        abort(record::EndKind::aborted_by_script, std::move(reason));
    };
    control.mark_failed = [this](std::string reason) { mark_failed(std::move(reason)); };
    state_->each_context([&](journey::RunContext& context) { context.control = control; });
}

Run::~Run() = default;

journey::WorkerContext& Run::control() noexcept {
    return state_->control.context();
}

void Run::abort(record::EndKind kind, std::string words) {
    state_->loop().post_from_any_thread(
        [state = state_.get(), kind, words = std::move(words)] { state->end_early(kind, words); });
}

void Run::mark_failed(std::string words) {
    state_->loop().post_from_any_thread([state = state_.get(), words = std::move(words)] {
        if (state->ending.marked_failed) return;
        state->ending.marked_failed = true;
        state->ending.marked_words = words;
    });
}

RunOutcome Run::execute() {
    State& run = *state_;
    RunOutcome outcome;
    outcome.started = run.loop().clock().wall();
    outcome.start = run.loop().clock().now();
    run.set_up(outcome);
    if (run.ending.kind == record::EndKind::finished) run.make_users(outcome);
    if (run.ending.kind == record::EndKind::finished && !outcome.init_error)
        run.offer_load(outcome);
    run.await_reports();
    run.on_each_worker([](WorkerRun& worker, auto done) { worker.stop(done); });
    run.tear_down(outcome);
    run.collect(outcome);
    outcome.ending = run.ending;
    return outcome;
}

void Run::State::end_early(record::EndKind kind, std::string words) {
    if (ending_early) return;
    ending_early = true;
    ending.kind = kind;
    ending.words = std::move(words);
    if (loading) {
        for (auto& worker : workers) {
            WorkerRun* each = worker.get();
            each->loop().post_from_any_thread([each] { each->abort(); });
        }
    }
    loop().stop();
}

void Run::State::set_up(RunOutcome& outcome) {
    if (!spec.setup) return;
    auto data =
        journey::call_lifecycle(*spec.context, control.context(), "setup", "", spec.setup_limit);
    if (data.ok()) {
        outcome.setup_data = std::move(data).value();
        each_context(
            [&](journey::RunContext& context) { context.setup_data = outcome.setup_data; });
        auto refused = spec.admit ? spec.admit(outcome.setup_data) : std::nullopt;
        if (refused) end_early(refused->kind, std::move(refused->words));
    } else if (!ending_early) {
        ending.kind = record::EndKind::setup_failed;
        ending.words = data.error().text;
        if (data.error().code == base::Code::timeout) ending.words.insert(0, "setup() timed out: ");
    }
}

void Run::State::make_users(RunOutcome& outcome) {
    std::vector<std::vector<Share>> shares(workers.size());
    for (auto& scenario : spec.scenarios) {
        for (std::size_t i = 0; i < workers.size(); ++i) {
            shares[i].push_back(scenario.shares[i]);
        }
    }
    std::size_t missing = workers.size();
    for (std::size_t i = 0; i < workers.size(); ++i) {
        WorkerRun* worker = workers[i].get();
        auto ready = [this, worker, &missing, &outcome](base::Result<void> init) {
            // Scripts may ask from their first iteration on, before the first report.
            spec.context->progress->users_initialized.fetch_add(
                static_cast<std::uint32_t>(worker->users()));
            loop().post_from_any_thread([this, &missing, &outcome, init = std::move(init)] {
                if (!init.ok() && !outcome.init_error) outcome.init_error = init.error();
                missing -= 1;
                loop().stop();
            });
        };
        worker->loop().post_from_any_thread([worker, mine = std::move(shares[i]), ready]() mutable {
            worker->prepare(std::move(mine), ready);
        });
    }
    drive_until([&missing] { return missing == 0; });
}

void Run::State::offer_load(RunOutcome& outcome) {
    start = loop().clock().now() + start_lead;
    outcome.started = loop().clock().wall() + start_lead;
    outcome.start = start;
    last_end = start;
    spec.context->progress->start_ns.store(start.time_since_epoch().count());
    for (auto& scenario : spec.scenarios) {
        const Share& share = scenario.shares.front();
        scenario.context->start = start + share.start_after;
        planned = std::max(planned, share.start_after + length_of(share));
    }
    for (std::size_t i = 0; i < spec.observers.size(); ++i) {
        observers_due[i] = start + spec.observers[i].every - tick_length / 2;
    }
    control.recorder().start_windows(start);
    loading = true;
    if (ending_early) return;
    on_each_worker([at = start](WorkerRun& worker, auto done) { worker.start(at, done); });
    loading = false;
    last_end = loop().clock().now();
}

void Run::State::tear_down(RunOutcome& outcome) {
    outcome.duration = loading || start == base::Instant{} ? base::Nanos{} : last_end - start;
    if (!spec.teardown || ending.kind == record::EndKind::setup_failed || outcome.init_error)
        return;
    auto done = journey::call_lifecycle(*spec.context, control.context(), "teardown",
                                        outcome.setup_data, spec.teardown_limit);
    if (done.ok()) return;
    spec.context->log.error("teardown() failed: " + done.error().text);
    outcome.teardown_error = done.error();
}

void Run::State::tick() {
    loop().stop();  // whoever drives looks again
    if (!loading) return;
    loop().arm(tick_timer, loop().now() + tick_length);
    if (spec.limit_reached) {
        if (auto words = spec.limit_reached()) {
            return end_early(record::EndKind::aborted_by_limit, std::move(*words));
        }
    }
    if (reports_missing == 0) ask_workers(anybody_due());
}

/// Notes for whom the next totals are.
bool Run::State::anybody_due() {
    const base::Instant now = loop().now();
    const auto due = [now](base::Instant& next, base::Nanos every) {
        if (now < next) return false;
        next = now + every - tick_length / 2;  // a tick may come a little early
        return true;
    };
    rules_asked = !spec.stop_rules.empty() && due(rules_due, stop_rule_interval);
    bool any = rules_asked;
    windows_asked = rules_asked;
    for (std::size_t i = 0; i < spec.observers.size(); ++i) {
        const Observer& observer = spec.observers[i];
        observers_asked[i] =
            due(observers_due[i], observer.pace ? observer.pace() : observer.every);
        any = any || observers_asked[i];
        windows_asked = windows_asked || (observers_asked[i] && !observer.series_alone);
    }
    return any;
}

void Run::State::ask_workers(bool with_totals) {
    totals_asked = with_totals;
    reports.clear();
    reports_missing = workers.size();
    for (auto& worker : workers) {
        WorkerRun* each = worker.get();
        each->loop().post_from_any_thread([this, each, with_totals, windows = windows_asked] {
            const auto made = std::make_shared<Report>();
            made->users = each->users();
            made->active = each->users_active();
            for (const auto& tally : each->tallies()) made->tally += tally;
            if (!with_totals) return answer(made);
            if (windows) {
                made->totals.windows = each->recorder().windows();
                made->halves.merge(each->recorder().pairs());
            }
            report(*each, made, 0);
        });
    }
}

/// On the worker's thread, over as many turns of its loop as its tag sets take.
void Run::State::report(WorkerRun& worker, const std::shared_ptr<Report>& made, std::size_t from) {
    const auto next = worker.recorder().add_part(made->totals, from, tag_sets_at_once);
    if (!next) return answer(made);
    worker.loop().post([this, each = &worker, made, from = *next] { report(*each, made, from); });
}

void Run::State::answer(const std::shared_ptr<Report>& made) {
    loop().post_from_any_thread([this, made] {
        reports.push_back(std::move(*made));
        reports_missing -= 1;
        if (!loading) loop().stop();  // somebody waits for the last of them
        if (reports_missing == 0) on_reports();
    });
}

/// No worker may still be about to answer when it ends.
void Run::State::await_reports() {
    drive_until([this] { return reports_missing == 0; });
}

void Run::State::on_reports() {
    Progress progress;
    for (const auto& report : reports) {
        progress.users += report.users;
        progress.users_active += report.active;
        progress.tally += report.tally;
    }
    users_most = std::max(users_most, progress.users);
    auto& shared = *spec.context->progress;
    shared.iterations_completed.store(progress.tally.completed);
    shared.iterations_interrupted.store(progress.tally.interrupted);
    shared.users_active.store(static_cast<std::uint32_t>(progress.users_active));
    shared.users_initialized.store(static_cast<std::uint32_t>(progress.users));
    const base::Instant now = loop().now();
    control.recorder().add(meter::id_of(meter::Builtin::vus), no_tags,
                           static_cast<double>(progress.users_active), now);
    control.recorder().add(meter::id_of(meter::Builtin::vus_max), no_tags,
                           static_cast<double>(progress.users), now);
    progress.elapsed = now - start;
    progress.planned = planned;
    if (spec.on_progress) spec.on_progress(progress);
    if (totals_asked) look_at_totals();
}

std::vector<record::MetricSpec> Run::State::known_metrics() const {
    std::vector<record::MetricSpec> metrics;
    const auto& registry = *spec.context->registry;
    for (std::size_t i = 0; i < registry.size(); ++i) {
        metrics.push_back(registry.at(static_cast<record::MetricId>(i)));
    }
    return metrics;
}

void Run::State::look_at_totals() {
    meter::Snapshot totals = control.recorder().take_snapshot();
    meter::PairLog halves;
    for (auto& report : reports) {
        totals.merge(std::move(report.totals));
        halves.merge(std::move(report.halves));
    }
    const auto pairs = std::move(halves).pair_up(start);
    const auto metrics = known_metrics();
    const SoFar so_far{.metrics = metrics,
                       .totals = totals,
                       .pairs = pairs,
                       .elapsed = loop().now() - start,
                       .ended = false};
    for (std::size_t i = 0; i < spec.observers.size(); ++i) {
        if (observers_asked[i]) spec.observers[i].look(so_far);
    }
    if (!rules_asked) return;
    for (const auto& rule : spec.stop_rules) {
        if (auto stop = rule(so_far)) return end_early(stop->kind, std::move(stop->words));
    }
}

void Run::State::collect(RunOutcome& outcome) {
    // The workers' users are gone and their threads idle: what they counted is ours to read, handed
    // over by their last message.
    outcome.totals = control.recorder().take_snapshot();
    std::vector<meter::Snapshot> parts(workers.size());
    std::vector<meter::PairLog> halves(workers.size());
    on_each_worker([this, &parts, &halves](WorkerRun& worker, auto done) {
        const auto place =
            std::find_if(workers.begin(), workers.end(),
                         [&worker](const auto& each) { return each.get() == &worker; });
        const auto index = static_cast<std::size_t>(place - workers.begin());
        parts[index] = worker.recorder().take_snapshot();
        halves[index] = std::move(worker.recorder().pairs());
        done();
    });
    for (auto& part : parts) outcome.totals.merge(std::move(part));
    meter::PairLog all;
    for (auto& half : halves) all.merge(std::move(half));
    outcome.pairs = std::move(all).pair_up(start);
    collect_scenarios(outcome);
    const auto metrics =
        spec.observers.empty() ? std::vector<record::MetricSpec>{} : known_metrics();
    for (const auto& observer : spec.observers) {
        observer.look({.metrics = metrics,
                       .totals = outcome.totals,
                       .pairs = outcome.pairs,
                       .elapsed = outcome.duration,
                       .ended = true});
    }
}

void Run::State::collect_scenarios(RunOutcome& outcome) {
    std::vector<Tally> sums(spec.scenarios.size());
    for (const auto& worker : workers) {
        const auto tallies = worker->tallies();
        for (std::size_t i = 0; i < tallies.size(); ++i) sums[i] += tallies[i];
    }
    for (std::size_t i = 0; i < spec.scenarios.size(); ++i) {
        const auto& context = *spec.scenarios[i].context;
        const auto& share = spec.scenarios[i].shares.front();
        const auto length = length_of(share);
        outcome.scenarios.push_back({.name = context.name,
                                     .executor = context.executor,
                                     .open_model = spec.scenarios[i].open_model,
                                     .offered = sums[i].offered,
                                     .started = sums[i].started,
                                     .completed = sums[i].completed,
                                     .threw = sums[i].threw,
                                     .interrupted = sums[i].interrupted,
                                     .late = sums[i].late,
                                     .dropped = sums[i].dropped,
                                     .waited_for_user = sums[i].waited_for_user,
                                     .start = share.start_after,
                                     .schedule_end = share.start_after + length,
                                     .ended = outcome.duration,
                                     .users_most = users_most});
    }
}

}  // namespace weir::engine
