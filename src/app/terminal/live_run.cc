#include "app/terminal/live_run.h"

#include <algorithm>
#include <utility>

#include <sys/ioctl.h>
#include <unistd.h>

#include "app/terminal/screen.h"
#include "plan/secrets.h"
#include "record/metric_view.h"
#include "report/live/live_figures.h"
#include "report/live/live_view.h"

namespace weir::app {
namespace {

constexpr base::Nanos redraw_interval = std::chrono::seconds(1);
constexpr base::Nanos line_interval = std::chrono::seconds(10);

/// Asked anew for each drawing: a window may be resized at any time.
report::LiveSize size_of_terminal() {
    winsize size{};
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0) return {};
    report::LiveSize found;
    if (size.ws_col > 0) found.columns = size.ws_col;
    if (size.ws_row > 0) found.rows = size.ws_row;
    return found;
}

}  // namespace

struct LiveRun::State {
    std::shared_ptr<Screen> screen;
    bool redraws = false;
    report::LiveStyle style;
    plan::Secrets secrets;
    engine::Progress progress;
    LiveRules rules;
    report::LiveFigures figures;
    report::LiveState live;
    base::Nanos said{};  // when the last line was

    void look(const engine::SoFar& so_far);
    void judge(const engine::SoFar& so_far);
    void show(const engine::SoFar& so_far);
};

void LiveRun::State::look(const engine::SoFar& so_far) {
    if (so_far.ended) return screen->clear();
    const auto& tally = progress.tally;
    const report::LiveCounts counts{.elapsed = so_far.elapsed,
                                    .planned = progress.planned,
                                    .due = tally.offered,
                                    .started = tally.started,
                                    .done = tally.completed,
                                    .dropped = tally.dropped,
                                    .threw = tally.threw,
                                    .interrupted = tally.interrupted,
                                    .users_active = progress.users_active,
                                    .users = progress.users};
    figures.look(counts, {so_far.metrics, so_far.totals.series, so_far.elapsed}, live);
    judge(so_far);
    show(so_far);
}

void LiveRun::State::judge(const engine::SoFar& so_far) {
    if (!rules) return;
    auto standing = rules(so_far, progress.planned);
    for (auto& rule : standing.rules) secrets.redact_in_place(rule.text);
    live.rules = std::move(standing.rules);
    live.note = std::move(standing.note);
}

void LiveRun::State::show(const engine::SoFar& so_far) {
    if (redraws) {
        style.size = size_of_terminal();
        return screen->draw(report::live_lines(live, style));
    }
    if (so_far.elapsed - said < line_interval / 2) return;
    said = so_far.elapsed;
    screen->say(report::live_log_line(live) + "\n");
}

LiveRun::LiveRun(const Terminal& terminal, std::string title, ScriptRunRequest& request) {
    if (terminal.quiet || terminal.screen == nullptr) return;
    state_ = std::make_shared<State>();
    state_->screen = terminal.screen;
    state_->redraws = terminal.redraws;
    state_->style.unicode = terminal.unicode;
    state_->style.colors = terminal.error_colors;
    state_->secrets = request.evidence.secrets;
    state_->live.title = state_->secrets.redact(title);
    request.on_progress = [state = state_, tell = request.on_progress](const auto& progress) {
        state->progress = progress;
        if (tell) tell(progress);
    };
    request.observers.push_back(
        {.every = state_->redraws ? redraw_interval : line_interval,
         .look = [state = state_](const engine::SoFar& so_far) { state->look(so_far); }});
}

LiveRun::~LiveRun() {
    if (state_ != nullptr) state_->screen->clear();
}

void LiveRun::judge_by(std::string name, LiveRules rules) {
    if (state_ == nullptr) return;
    state_->live.rules_name = std::move(name);
    state_->rules = std::move(rules);
}

}  // namespace weir::app
