#include "notify/attribution.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/format.h"
#include "base/units.h"
#include "base/url.h"

namespace weir::notify {
namespace {

constexpr std::array<std::string_view, 3> agent_names{"user_agent", "http_user_agent", "useragent"};
constexpr std::array<std::string_view, 3> run_names{"x_weir_run", "weir_run", "run_id"};
constexpr std::array<std::string_view, 3> address_names{"url", "target", "instance"};

std::string_view value_in(const std::map<std::string, std::string>& texts, std::string_view name) {
    const auto found = texts.find(std::string(name));
    return found == texts.end() ? std::string_view() : std::string_view(found->second);
}

/// Of the labels, else of the annotations.
template <typename Names>
std::string_view mark_in(const Alert& alert, const Names& names) {
    for (const auto* texts : {&alert.labels, &alert.annotations}) {
        for (const auto name : names) {
            if (const auto value = value_in(*texts, name); !value.empty()) return value;
        }
    }
    return {};
}

/// To the second, as people read it; at least "0s".
std::string span_text(base::Nanos span) {
    return base::write_duration(std::chrono::floor<std::chrono::seconds>(span));
}

enum class Address : std::uint8_t { none, ours, others };

/// A whole URL of another host or port is another's; "host:port" of an instance may be the same
/// service's port for metrics, so it speaks for the run or not at all.
Address address_of(const Alert& alert, const std::string& base_url) {
    const auto base = base::parse_url(base_url);
    if (!base.ok()) return Address::none;
    const auto& ours = base.value();
    Address found = Address::none;
    for (const auto name : address_names) {
        const auto value = value_in(alert.labels, name);
        if (value.empty()) continue;
        if (value.find("://") == std::string_view::npos) {
            const bool same = value == ours.authority() ||
                              value == base::format("{}:{}", ours.host, ours.port) ||
                              (value == ours.host && ours.port_is_default);
            if (same) found = Address::ours;
            continue;
        }
        const auto url = base::parse_url(value);
        if (!url.ok() || url.value().host != ours.host || url.value().port != ours.port) {
            return Address::others;
        }
        found = Address::ours;
    }
    return found;
}

/// Words why the alert is not one of the run's deployment; nothing when it is.
std::optional<std::string> stranger(const Alert& alert,
                                    const RunSpan& run,
                                    const AttributionScope& scope) {
    const auto owner =
        std::find_if(scope.owners.begin(), scope.owners.end(),
                     [&run](const AlertOwner& o) { return o.environment == run.environment; });
    const bool known = owner != scope.owners.end() && !owner->matchers.empty();
    if (known) {
        for (const auto& each : owner->matchers) {
            const auto value = value_in(alert.labels, each.label());
            if (each.holds(value)) continue;
            return base::format("its {} is '{}', and alerts of {} have {}", each.label(), value,
                                run.environment, each.text());
        }
    }
    const auto address = address_of(alert, run.base_url);
    if (address == Address::others) {
        return base::format("its address is not that of {}", run.base_url);
    }
    const bool marked = mark_in(alert, run_names) == run.run_id ||
                        mark_in(alert, agent_names).find(run.run_id) != std::string_view::npos;
    if (known || marked || address == Address::ours) return std::nullopt;
    return base::format("nothing in it names {} (environment.{} has no alerts = […] either)",
                        run.base_url, run.environment);
}

/// Words why it did not happen because of the run, by its marks and times; nothing when it may
/// have.
std::optional<std::string> untimely(const Alert& alert,
                                    const RunSpan& run,
                                    const plan::AttributionRules& rules,
                                    base::WallTime now) {
    const auto marked = mark_in(alert, run_names);
    if (!marked.empty() && marked != run.run_id) {
        return base::format("it names run {}, not {}", marked, run.run_id);
    }
    const auto agent = mark_in(alert, agent_names);
    if (!agent.empty() && agent.find(run.run_id) == std::string_view::npos) {
        return base::format("it is about requests of '{}', which are not those of run {}", agent,
                            run.run_id);
    }
    if (alert.starts < run.started) {
        return base::format("it began {} before run {}", span_text(run.started - alert.starts),
                            run.run_id);
    }
    if (alert.starts < run.started + rules.warm_up) {
        return base::format(
            "it began {} into run {}, sooner than warm_up: what it is about may "
            "have begun before",
            span_text(alert.starts - run.started), run.run_id);
    }
    if (run.under_way) return std::nullopt;
    if (alert.starts > run.last_seen + rules.settle) {
        return base::format("it began {} after run {} had ended",
                            span_text(alert.starts - run.last_seen), run.run_id);
    }
    if (alert.firing && now > run.last_seen + rules.linger) {
        return base::format("it still fires {} after run {} has ended",
                            span_text(now - run.last_seen), run.run_id);
    }
    return std::nullopt;
}

}  // namespace

std::string always_real(const Alert& alert, const plan::AttributionRules& rules) {
    for (const auto& each : rules.always_real) {
        if (each.holds(value_in(alert.labels, each.label()))) return each.text();
    }
    return {};
}

Cause cause_of(const Alert& alert,
               const std::vector<RunSpan>& runs,
               const AttributionScope& scope,
               base::WallTime now) {
    if (const auto held = always_real(alert, scope.rules); !held.empty()) {
        return {"", "always_real has " + held};
    }
    constexpr base::Nanos skew = std::chrono::minutes(1);
    if (alert.starts > now + skew) return {"", "it begins in the future: clocks differ"};
    std::vector<const RunSpan*> newest_first;
    for (const auto& run : runs) newest_first.push_back(&run);
    std::sort(newest_first.begin(), newest_first.end(),
              [](const RunSpan* a, const RunSpan* b) { return a->started > b->started; });
    // Of the reasons against, that of the latest run which was this deployment's says most.
    std::string why_deployment;
    std::string why_any;
    for (const auto* run : newest_first) {
        const auto not_its = stranger(alert, *run, scope);
        const auto not_then = untimely(alert, *run, scope.rules, now);
        if (!not_its && !not_then) {
            return {run->run_id,
                    base::format("it began {} into run {} of {} in {}, which drove synthetic load "
                                 "against {}",
                                 span_text(alert.starts - run->started), run->run_id, run->suite,
                                 run->environment, run->base_url)};
        }
        if (!not_its && why_deployment.empty()) why_deployment = *not_then;
        if (not_its && !not_then && why_any.empty()) why_any = *not_its;
    }
    if (!why_any.empty()) {
        return {"", base::format("a run was under way, but {}", why_any)};
    }
    if (!why_deployment.empty()) return {"", why_deployment};
    return {"", "no run was under way when it began"};
}

}  // namespace weir::notify
