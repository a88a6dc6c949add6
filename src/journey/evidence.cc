#include "journey/evidence.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/url.h"
#include "record/server_timing.h"

namespace weir::journey {

namespace {

/// Texts that come from the script or the target; the rest cannot hold a secret.
void scrub(const plan::Secrets& secrets, record::Exchange& exchange) {
    secrets.redact_in_place(exchange.name);
    secrets.redact_in_place(exchange.url);
    secrets.redact_in_place(exchange.error);
    // In this order: half a secret would not be recognised.
    secrets.redact_in_place(exchange.server_timing);
    exchange.server_timing = record::bounded_server_timing(std::move(exchange.server_timing));
}

}  // namespace

bool speaks_of_secrets(std::string_view name) {
    constexpr std::array<std::string_view, 10> words{"token", "secret",  "passw", "pwd",  "key",
                                                     "auth",  "session", "sig",   "code", "ticket"};
    std::string lower(name);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
        return lower.find(word) != std::string::npos;
    });
}

std::string redacted_url(const base::Url& url) {
    std::string out = url.origin() + url.path;
    std::string_view rest = url.query;
    char separator = '?';
    if (!rest.empty()) rest.remove_prefix(1);
    while (!rest.empty()) {
        const std::string_view pair = rest.substr(0, rest.find('&'));
        rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
        const std::string_view name = pair.substr(0, pair.find('='));
        out += separator;
        separator = '&';
        if (name.size() < pair.size() && speaks_of_secrets(name)) {
            out.append(name).append("=***");
        } else {
            out.append(pair);
        }
    }
    return out;
}

bool Evidence::note_failure(const script::ScriptError& error) {
    const std::string headline = settings_.secrets.redact(error.headline());
    const std::string where = error.where();
    const std::string key = headline + '\n' + where;
    const std::lock_guard lock(mutex_);
    failures_total_ += 1;
    const auto found = failure_index_.find(key);
    if (found != failure_index_.end()) {
        failures_[found->second].count += 1;
        return false;
    }
    if (failures_.size() >= record::Evidence::list_most) return false;
    failure_index_.emplace(key, failures_.size());
    failures_.push_back({headline, where, settings_.secrets.redact(error.text()), 1});
    return true;
}

bool Evidence::first_time(std::string_view words) {
    const std::lock_guard lock(mutex_);
    if (words_.find(words) != words_.end() || words_.size() >= most_words) return false;
    words_.emplace(std::string(words), true);
    return true;
}

void Evidence::note_slow(SlowRow& row, record::Exchange exchange, base::Instant start) {
    scrub(settings_.secrets, exchange);
    slow_.note(row, std::move(exchange), start);
}

void Evidence::note_failed_request(record::Exchange exchange, base::Instant start) {
    scrub(settings_.secrets, exchange);
    const std::lock_guard lock(mutex_);
    if (failed_requests_.size() >= record::Evidence::list_most) return;
    failed_requests_.push_back({std::move(exchange), start});
}

void Evidence::note_unfinished(record::UnfinishedRequest request, base::Instant start) {
    settings_.secrets.redact_in_place(request.name);
    settings_.secrets.redact_in_place(request.url);
    const std::lock_guard lock(mutex_);
    unfinished_total_ += 1;
    if (unfinished_.size() >= record::Evidence::list_most) return;
    unfinished_.emplace_back(std::move(request), start);
}

void Evidence::note_violation(record::GuardViolation violation) {
    settings_.secrets.redact_in_place(violation.url);
    const std::lock_guard lock(mutex_);
    violations_total_.fetch_add(1);
    const auto same = std::find_if(violations_.begin(), violations_.end(), [&](const auto& known) {
        return known.method == violation.method && known.url == violation.url &&
               known.location == violation.location;
    });
    if (same != violations_.end()) {
        same->count += 1;
    } else if (violations_.size() < record::Evidence::list_most) {
        violation.count = 1;
        violations_.push_back(std::move(violation));
    }
}

std::string Evidence::first_violation() const {
    const std::lock_guard lock(mutex_);
    if (violations_.empty()) return {};
    const record::GuardViolation& first = violations_.front();
    return first.method + " " + first.url + " at " + first.location;
}

SeenTarget* Evidence::seen(std::string_view version,
                           std::string_view instance,
                           base::Instant at,
                           record::Side side) {
    const std::lock_guard lock(mutex_);
    for (SeenTarget& target : targets_) {
        if (target.version != version || target.instance != instance || target.side != side) {
            continue;
        }
        target.first = std::min(target.first, at);
        return &target;
    }
    // A header that never repeats is no version: the last place gathers what is too much.
    if (targets_.size() < most_targets) {
        SeenTarget& made = targets_.emplace_back();
        made.version = version;
        made.instance = instance;
        made.side = side;
        made.first = at;
    }
    return &targets_.back();
}

record::Evidence Evidence::take(base::Instant run_start) const {
    const std::lock_guard lock(mutex_);
    record::Evidence out;
    out.script_failures = failures_;
    std::stable_sort(out.script_failures.begin(), out.script_failures.end(),
                     [](const auto& a, const auto& b) { return a.count > b.count; });
    out.script_failures_total = failures_total_;
    const auto spans = [&](std::vector<Timed> from) {
        std::vector<record::Exchange> to;
        for (Timed& each : from) {
            each.exchange.start = each.start - run_start;
            to.push_back(std::move(each.exchange));
        }
        return to;
    };
    out.failed_requests = spans(failed_requests_);
    std::stable_sort(out.failed_requests.begin(), out.failed_requests.end(),
                     [](const auto& a, const auto& b) { return a.start < b.start; });
    out.failed_requests_total = failed_.load();
    out.slowest = slow_.take(run_start);
    for (const auto& [request, start] : unfinished_) {
        out.unfinished.push_back(request);
        out.unfinished.back().start = start - run_start;
    }
    std::stable_sort(out.unfinished.begin(), out.unfinished.end(),
                     [](const auto& a, const auto& b) { return a.age > b.age; });
    out.unfinished_total = unfinished_total_;
    out.guard_violations = violations_;
    out.guard_violations_total = violations_total_.load();
    return out;
}

std::vector<record::SeenInstance> Evidence::targets(base::Instant run_start) const {
    const std::lock_guard lock(mutex_);
    std::vector<record::SeenInstance> out;
    for (const SeenTarget& target : targets_) {
        const auto last = target.last_ns.load(std::memory_order_relaxed);
        out.push_back({.version = target.version,
                       .instance = target.instance,
                       .first_seen = target.first - run_start,
                       .answers = target.answers.load(std::memory_order_relaxed),
                       .last_seen = base::Instant(base::Nanos(last)) - run_start,
                       .side = target.side});
    }
    std::stable_sort(out.begin(), out.end(),
                     [](const auto& a, const auto& b) { return a.first_seen < b.first_seen; });
    return out;
}

}  // namespace weir::journey
