#include "tests/story/live_user.h"

#include <utility>

#include "base/assert.h"
#include "meter/snapshot.h"
#include "script/program.h"

namespace weir::story {

using journey::IterationOutcome;

class LiveUser::Listener final : public journey::UserListener {
public:
    explicit Listener(rt::Loop& loop) : loop_(&loop) {}
    void on_ready(journey::User&, const base::Result<void>& init) override {
        error = init.ok() ? "" : init.error().text;
        ready = true;
        loop_->stop();
    }
    void on_iteration_end(journey::User&, IterationOutcome result) override {
        outcome = result;
        loop_->stop();
    }
    void on_stopped(journey::User&) override {
        stopped = true;
        loop_->stop();
    }

    bool ready = false;
    bool stopped = false;
    std::string error;
    std::optional<IterationOutcome> outcome;

private:
    rt::Loop* loop_;
};

LiveUser::LiveUser(const std::string& source)
    : source_(source), listener_(std::make_unique<Listener>(loop_)) {
    start_ = loop_.clock().now();
    scenario_.name = "story";
    scenario_.executor = "per-vu-iterations";
    run.console = base::Log(
        [this](base::Level, std::string_view line) { console_.append(line).append("\n"); });
    run.log =
        base::Log([this](base::Level, std::string_view line) { log_.append(line).append("\n"); });
}

LiveUser::~LiveUser() {
    if (user_ == nullptr) return;
    if (!listener_->stopped) user_->stop();
    drive([this] { return listener_->stopped; });
    user_.reset();
}

void LiveUser::drive(const std::function<bool()>& done) {
    while (!done()) {
        rt::Timer soon([](void* loop) { static_cast<rt::Loop*>(loop)->stop(); }, &loop_);
        loop_.arm(soon, loop_.clock().now() + std::chrono::milliseconds(5));
        loop_.run();
    }
}

void LiveUser::prepare() {
    if (user_ != nullptr) return;
    auto dialer = net::NetDialer::make(loop_, {});
    CHECK(dialer.ok());
    dialer_ = std::move(dialer).value();
    bindings_ = journey::make_bindings();
    script::ProgramRequest request;
    request.entry = "story.js";
    request.entry_text = source_;
    request.directory = "/";
    request.bindings = bindings_.get();
    auto program = script::Program::compile(request);
    if (!program.ok()) log_ += program.error().text;
    CHECK(program.ok());
    run.program = std::move(program).value();
    run.options = &options;
    run.registry = &registry_;
    run.shared = &shared_;
    run.evidence = &evidence_;
    run.http = &http_;
    run.progress = &progress_;
    recorder_ = std::make_unique<meter::Recorder>(registry_, start_, nullptr);
    worker_.loop = &loop_;
    worker_.stacks = &stacks_;
    worker_.dialer = dialer_.get();
    worker_.recorder = recorder_.get();
    user_ = std::make_unique<journey::User>(run, worker_, *listener_, 1);
    user_->start();
    drive([this] { return listener_->ready; });
    log_ += listener_->error;
    CHECK(listener_->error.empty());
}

IterationOutcome LiveUser::iterate() {
    return iterate_until([] { return false; });
}

IterationOutcome LiveUser::iterate_until(const std::function<bool()>& when) {
    prepare();
    listener_->outcome.reset();
    user_->begin({.scenario = &scenario_, .due = loop_.clock().now(), .index_in_scenario = 0});
    bool cancelled = false;
    drive([&] {
        if (!cancelled && !listener_->outcome && when()) {
            cancelled = true;
            user_->cancel();
        }
        return listener_->outcome.has_value() && (!cancelled || listener_->stopped);
    });
    return *listener_->outcome;
}

std::uint64_t LiveUser::samples(std::string_view metric,
                                std::string_view key,
                                std::string_view value) {
    std::uint64_t count = 0;
    for (const record::Series& series : recorder_->take_snapshot().series) {
        if (registry_.at(series.metric).name != metric) continue;
        const std::string* const found = key.empty() ? nullptr : series.tags.find(key);
        if (!key.empty() && (found == nullptr || *found != value)) continue;
        count += record::samples_of(series.total);
    }
    return count;
}

}  // namespace weir::story
