#include "pace/user_curve.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "pace/wide.h"

namespace weir::pace {
namespace {

std::uint32_t distance(std::uint32_t a, std::uint32_t b) noexcept {
    return a < b ? b - a : a - b;
}

std::uint32_t moved(std::uint32_t from, std::uint32_t to, std::uint32_t by) noexcept {
    return from < to ? from + by : from - by;
}

/// Changes that have happened `t` into a stage: the greatest j with ceil(L * j / n) <= t.
std::uint32_t changes_by(base::Nanos t, base::Nanos length, std::uint32_t n) noexcept {
    return static_cast<std::uint32_t>(Wide{t.count()} * n / length.count());
}

void append(std::vector<UserStep>& steps, base::Nanos at, std::uint32_t users) {
    if (!steps.empty() && steps.back().at == at) {
        steps.back().users = users;
    } else if (steps.empty() || steps.back().users != users) {
        steps.push_back({at, users});
    }
}

}  // namespace

UserCurve::UserCurve(std::uint32_t start, std::vector<UserStage> stages)
    : start_(start), stages_(std::move(stages)) {
    for (const auto& stage : stages_) CHECK(stage.duration.count() >= 0);
}

std::uint32_t UserCurve::users_at(base::Nanos at) const noexcept {
    std::uint32_t users = start_;
    base::Nanos begin{};
    for (const auto& stage : stages_) {
        if (at < begin) break;
        const base::Nanos into = at - begin;
        if (into < stage.duration) {
            const std::uint32_t n = distance(users, stage.target);
            return moved(users, stage.target, changes_by(into, stage.duration, n));
        }
        users = stage.target;
        begin += stage.duration;
    }
    return users;
}

std::uint32_t UserCurve::most() const noexcept {
    std::uint32_t most = start_;
    for (const auto& stage : stages_) most = std::max(most, stage.target);
    return most;
}

base::Nanos UserCurve::duration() const noexcept {
    base::Nanos all{};
    for (const auto& stage : stages_) all += stage.duration;
    return all;
}

std::vector<UserStep> UserCurve::steps() const {
    std::vector<UserStep> steps;
    append(steps, {}, start_);
    std::uint32_t users = start_;
    base::Nanos begin{};
    for (const auto& stage : stages_) {
        const std::uint32_t n = distance(users, stage.target);
        for (std::uint32_t j = 1; j <= n; ++j) {
            // Rounded up: at a whole ns the change has come, as users_at() says.
            const Wide into = (Wide{stage.duration.count()} * j + n - 1) / n;
            append(steps, begin + base::Nanos(static_cast<std::int64_t>(into)),
                   moved(users, stage.target, j));
        }
        users = stage.target;
        begin += stage.duration;
    }
    return steps;
}

std::uint32_t share_of(std::uint32_t users, std::uint32_t part, std::uint32_t parts) noexcept {
    CHECK(part < parts);
    return users / parts + (part < users % parts ? 1 : 0);
}

std::vector<UserStep> share_of(const std::vector<UserStep>& steps,
                               std::uint32_t part,
                               std::uint32_t parts) {
    std::vector<UserStep> own;
    for (const auto& step : steps) append(own, step.at, share_of(step.users, part, parts));
    return own;
}

}  // namespace weir::pace
