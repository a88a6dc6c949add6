#include "app/notify/notices.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "app/notify/courier.h"
#include "app/notify/outbox.h"
#include "app/notify/pipeline_link.h"
#include "app/secrets/secret_value.h"
#include "base/format.h"
#include "base/units.h"
#include "base/url.h"
#include "notify/alertmanager.h"
#include "notify/errand.h"
#include "notify/grafana.h"
#include "notify/run_notices.h"
#include "notify/slack.h"
#include "plan/secrets.h"
#include "record/wall_text.h"
#include "rt/clock.h"

namespace weir::app {
namespace {

using notify::Delivery;
using notify::Errand;
using notify::ErrandKind;
using plan::AlertmanagerRules;

/// Kept undelivered for so long: afterwards nobody wants to be told.
constexpr base::Nanos message_age = std::chrono::hours(24);
constexpr base::Nanos region_age = std::chrono::hours(24 * 7);
/// Of what earlier commands left, at once.
constexpr std::size_t errands_at_once = 20;

std::string until_text(base::WallTime wall) {
    return record::to_text(wall).substr(0, 19) + "Z";
}

}  // namespace

/// A call, and what follows from its answer.
struct Told {
    notify::HttpCall call;
    std::function<void(const notify::HttpAnswer&)> then;
};

struct Notices::State {
    State(const plan::Suite& given, const std::string& config_file, base::Log sink)
        : suite(given),
          directory(std::filesystem::absolute(config_file).parent_path().string()),
          log([this, sink = std::move(sink)](base::Level level, std::string_view line) {
              sink.write(level, secrets.redact(line));
          }),
          outbox(given.notify.outbox, log) {
        open_channels();
    }

    void open_channels();
    [[nodiscard]] std::optional<std::string> secret(const std::string& name,
                                                    const plan::SecretSource& source);
    [[nodiscard]] const plan::AlertMatchers* matchers_of(const std::string& environment) const;
    [[nodiscard]] bool wants_message(notify::NoticeKind kind) const;

    void add_message(const notify::Notice& notice, std::vector<Told>& todo);
    void add_quiet(std::vector<Told>& todo);
    void add_quiet_end(base::WallTime end, std::vector<Told>& todo);
    void add_mark(const notify::Notice& started, std::vector<Told>& todo);
    void add_region(const notify::Notice& verdict, std::vector<Told>& todo);
    void carry_out(const std::vector<Told>& todo);
    void run_errands(base::Nanos limit);
    [[nodiscard]] std::optional<notify::HttpCall> call_of(const Errand& errand) const;
    void keep(const Errand& errand, const notify::HttpAnswer& answer);
    [[nodiscard]] Errand end_errand() const;

    plan::Suite suite;
    std::string directory;
    plan::Secrets secrets;  // before the log, which hides them
    base::Log log;
    Outbox outbox;
    rt::SystemClock clock;
    std::string slack;  // the webhook's address; empty: none
    std::optional<notify::Alertmanager> alertmanager;
    std::optional<notify::Grafana> grafana;
    std::optional<notify::RunWindow> running;
    std::string silence_id;  // of the run that lasts; "alert" when it is one
    std::uint64_t annotation_id = 0;
};

std::optional<std::string> Notices::State::secret(const std::string& name,
                                                  const plan::SecretSource& source) {
    if (!source.given()) return std::string();
    auto value = secret_value(name, source, directory);
    if (value.ok() && !value.value().empty()) {
        secrets.add(value.value());
        // An error may name a part of an address.
        const auto url = base::parse_url(value.value());
        if (url.ok() && url.value().path.size() > 1) secrets.add(url.value().path);
        return value.value();
    }
    log.warn(base::format("notices: {} is off: {}", name,
                          value.ok() ? "its value is empty" : value.error().text));
    return std::nullopt;
}

void Notices::State::open_channels() {
    const auto& rules = suite.notify;
    if (rules.slack) slack = secret("notify.slack.url", rules.slack->url).value_or("");
    if (rules.alertmanager) {
        const auto& to = *rules.alertmanager;
        const auto token = secret("notify.alertmanager.token", to.token);
        const auto password = secret("notify.alertmanager.password", to.password);
        if (token && password) {
            alertmanager = {.url = to.url,
                            .authorization = to.username.empty()
                                                 ? notify::bearer(*token)
                                                 : notify::basic(to.username, *password)};
        }
    }
    if (rules.grafana) {
        if (auto token = secret("notify.grafana.token", rules.grafana->token)) {
            grafana = {.url = rules.grafana->url,
                       .authorization = notify::bearer(*token),
                       .rules = &*suite.notify.grafana};
        }
    }
}

const plan::AlertMatchers* Notices::State::matchers_of(const std::string& environment) const {
    const auto* found = suite.find_environment(environment);
    return found == nullptr || found->alerts.empty() ? nullptr : &found->alerts;
}

bool Notices::State::wants_message(notify::NoticeKind kind) const {
    const auto& rules = *suite.notify.slack;
    switch (kind) {
        case notify::NoticeKind::run_started:
            return rules.start;
        case notify::NoticeKind::verdict:
            return rules.verdict;
        case notify::NoticeKind::debt:
        case notify::NoticeKind::debt_cleared:
            return rules.debt;
        default:
            return rules.bypass;
    }
}

void Notices::State::keep(const Errand& errand, const notify::HttpAnswer& answer) {
    const auto channel = notify::channel_of(errand.kind);
    const auto why = notify::words_of(answer);
    if (notify::delivery_of(answer) == Delivery::refused) {
        log.warn(base::format("notices: {} refuses it, so it is dropped: {}", channel, why));
        return;
    }
    Errand hidden = errand;
    secrets.redact_in_place(hidden.notice.headline);
    for (auto& fact : hidden.notice.facts) secrets.redact_in_place(fact.value);
    if (auto put = outbox.put(hidden); !put.ok()) {
        log.warn(base::format("notices: {} was not told ({}), and that is not kept: {}", channel,
                              why, put.error().text));
        return;
    }
    log.warn(
        base::format("notices: {} was not told ({}); it is kept in {} for the next weir that "
                     "has something to tell",
                     channel, why, outbox.directory()));
}

void Notices::State::add_message(const notify::Notice& notice, std::vector<Told>& todo) {
    if (slack.empty() || !wants_message(notice.kind)) return;
    todo.push_back({notify::slack_message(notice, slack, false),
                    [this, notice](const notify::HttpAnswer& answer) {
                        if (notify::delivery_of(answer) == Delivery::done) return;
                        keep({.kind = ErrandKind::message,
                              .notice = notice,
                              .window = {},
                              .handle = {},
                              .give_up = notice.at + message_age},
                             answer);
                    }});
}

/// A silence, or the alert that says that a run lasts, until after the planned end: it ends by
/// itself when this process is killed.
void Notices::State::add_quiet(std::vector<Told>& todo) {
    if (!alertmanager) return;
    const auto* matchers = matchers_of(running->environment);
    if (matchers == nullptr) {
        log.info(base::format("notices: environment.{} has no alerts, so Alertmanager is not told",
                              running->environment));
        return;
    }
    const auto& rules = *suite.notify.alertmanager;
    const auto ends = running->planned_end + rules.settle + rules.margin;
    const bool silent = rules.during == AlertmanagerRules::While::silence;
    auto call = silent ? notify::silence_call(*alertmanager, *running, *matchers, ends, "")
                       : notify::run_alert_call(*alertmanager, *running, *matchers, ends);
    todo.push_back({std::move(call), [this, silent, ends](const notify::HttpAnswer& answer) {
                        if (notify::delivery_of(answer) != Delivery::done) {
                            log.warn("notices: Alertmanager was not told of the run: " +
                                     notify::words_of(answer));
                            return;
                        }
                        silence_id = silent ? notify::silence_id_in(answer.body) : "alert";
                        log.info(base::format("notices: Alertmanager has {} until {}, at the most",
                                              silent ? "silence " + silence_id : "alert WeirRun",
                                              until_text(ends)));
                    }});
}

Errand Notices::State::end_errand() const {
    const auto& rules = *suite.notify.alertmanager;
    const bool silent = rules.during == AlertmanagerRules::While::silence;
    return {.kind = silent ? ErrandKind::end_silence : ErrandKind::end_alert,
            .notice = {},
            .window = *running,
            .handle = silence_id,
            .give_up = running->planned_end + rules.settle + rules.margin};
}

void Notices::State::add_quiet_end(base::WallTime end, std::vector<Told>& todo) {
    if (!alertmanager || silence_id.empty()) return;
    const auto& rules = *suite.notify.alertmanager;
    const auto errand = end_errand();
    auto call = call_of(errand);
    // Alerts that are on their way when the run ends: the silence is shortened rather than ended.
    if (rules.settle > base::Nanos{} && errand.kind == ErrandKind::end_silence) {
        call = notify::silence_call(*alertmanager, *running, *matchers_of(running->environment),
                                    end + rules.settle, silence_id);
    }
    if (!call) return;
    todo.push_back({std::move(*call), [this, errand](const notify::HttpAnswer& answer) {
                        if (notify::delivery_of(answer) != Delivery::done) keep(errand, answer);
                    }});
}

void Notices::State::add_mark(const notify::Notice& started, std::vector<Told>& todo) {
    if (!grafana) return;
    todo.push_back({notify::mark_call(*grafana, started), [this](const notify::HttpAnswer& answer) {
                        if (notify::delivery_of(answer) == Delivery::done) {
                            annotation_id = notify::annotation_id_in(answer.body);
                            return;
                        }
                        log.warn("notices: Grafana has no mark of the run's start: " +
                                 notify::words_of(answer));
                    }});
}

void Notices::State::add_region(const notify::Notice& verdict, std::vector<Told>& todo) {
    if (!grafana) return;
    const Errand errand{.kind = ErrandKind::region,
                        .notice = verdict,
                        .window = *running,
                        .handle = annotation_id == 0 ? "" : std::to_string(annotation_id),
                        .give_up = verdict.at + region_age};
    todo.push_back({*call_of(errand), [this, errand](const notify::HttpAnswer& answer) {
                        if (notify::delivery_of(answer) != Delivery::done) keep(errand, answer);
                    }});
}

std::optional<notify::HttpCall> Notices::State::call_of(const Errand& errand) const {
    switch (errand.kind) {
        case ErrandKind::message:
            if (slack.empty()) return std::nullopt;
            return notify::slack_message(errand.notice, slack, true);
        case ErrandKind::region: {
            if (!grafana) return std::nullopt;
            std::uint64_t id = 0;
            const auto& text = errand.handle;
            std::from_chars(text.data(), text.data() + text.size(), id);
            return notify::region_call(*grafana, errand.window.start, errand.notice, id);
        }
        case ErrandKind::end_silence:
            if (!alertmanager || errand.handle.empty()) return std::nullopt;
            return notify::expire_call(*alertmanager, errand.handle);
        case ErrandKind::end_alert: {
            const auto* matchers = matchers_of(errand.window.environment);
            if (!alertmanager || matchers == nullptr) return std::nullopt;
            const auto& rules = *suite.notify.alertmanager;
            return notify::run_alert_call(*alertmanager, errand.window, *matchers,
                                          clock.wall() + rules.settle);
        }
    }
    return std::nullopt;
}

void Notices::State::carry_out(const std::vector<Told>& todo) {
    const auto begin = clock.now();
    std::vector<notify::HttpCall> calls;
    for (const auto& each : todo) calls.push_back(each.call);
    const auto answers = carry_all(calls, budget);
    for (std::size_t i = 0; i < todo.size(); ++i) todo[i].then(answers[i]);
    const auto reached = [](const notify::HttpAnswer& a) { return a.status != 0; };
    // Where nobody answers today's calls, yesterday's would not be answered either.
    if (todo.empty() || std::none_of(answers.begin(), answers.end(), reached)) return;
    run_errands(budget - (clock.now() - begin));
}

void Notices::State::run_errands(base::Nanos limit) {
    constexpr base::Nanos least = std::chrono::milliseconds(500);
    if (limit < least) return;
    std::vector<Outbox::Taken> tried;
    std::vector<notify::HttpCall> calls;
    for (auto& taken : outbox.take(errands_at_once, clock.wall())) {
        auto call = call_of(taken.errand);
        if (!call) {
            outbox.put_back(taken);  // of a channel that is off
            continue;
        }
        calls.push_back(std::move(*call));
        tried.push_back(std::move(taken));
    }
    const auto answers = carry_all(calls, limit);
    for (std::size_t i = 0; i < tried.size(); ++i) {
        const auto delivery = notify::delivery_of(answers[i]);
        const auto channel = notify::channel_of(tried[i].errand.kind);
        if (delivery == Delivery::later) {
            outbox.put_back(tried[i]);
            continue;
        }
        outbox.done(tried[i]);
        if (delivery == Delivery::done) {
            log.info(base::format("notices: {} was told what it missed at {}", channel,
                                  until_text(tried[i].errand.notice.at)));
        } else {
            log.warn(base::format("notices: {} refuses what it missed, so it is dropped: {}",
                                  channel, notify::words_of(answers[i])));
        }
    }
}

Notices::Notices(const plan::Suite& suite, const std::string& config_file, base::Log log)
    : state_(std::make_unique<State>(suite, config_file, std::move(log))) {}

Notices::~Notices() {
    if (!state_->running) return;
    run_ends(notify::failed_notice(*state_->running, "it was given up", state_->clock.wall()));
}

void Notices::send(const notify::Notice& notice) {
    auto linked = notice;
    if (linked.link.empty()) linked.link = pipeline_link();
    std::vector<Told> todo;
    state_->add_message(linked, todo);
    state_->carry_out(todo);
}

void Notices::run_begins(const notify::RunWindow& window) {
    state_->running = window;
    auto started = notify::started_notice(window);
    started.link = pipeline_link();
    std::vector<Told> todo;
    state_->add_message(started, todo);
    state_->add_quiet(todo);
    state_->add_mark(started, todo);
    state_->carry_out(todo);
}

void Notices::run_ends(const notify::Notice& verdict) {
    if (!state_->running) return;
    auto linked = verdict;
    if (linked.link.empty()) linked.link = pipeline_link();
    std::vector<Told> todo;
    state_->add_message(linked, todo);
    state_->add_quiet_end(verdict.at, todo);
    state_->add_region(linked, todo);
    state_->carry_out(todo);
    state_->running.reset();
    state_->silence_id.clear();
    state_->annotation_id = 0;
}

}  // namespace weir::app
