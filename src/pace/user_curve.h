// UserCurve: how many users a ramping-vus scenario plans at each moment, as arithmetic.
#pragma once

#include <cstdint>
#include <vector>

#include "base/time.h"

namespace weir::pace {

/// `target` users at the end of `duration`, one at a time at even distances; zero duration is a
/// jump.
struct UserStage {
    base::Nanos duration{};
    std::uint32_t target = 0;
};

/// From `at` on there are `users`.
struct UserStep {
    base::Nanos at{};
    std::uint32_t users = 0;
    [[nodiscard]] bool operator==(const UserStep&) const = default;
};

/// k6's ramping-vus: within a stage from a to b users, the j-th change comes at duration * j / |b -
/// a|, so the target is reached right at the stage's end.
class UserCurve {
public:
    UserCurve(std::uint32_t start, std::vector<UserStage> stages);

    [[nodiscard]] std::uint32_t users_at(base::Nanos at) const noexcept;
    [[nodiscard]] std::uint32_t most() const noexcept;
    [[nodiscard]] base::Nanos duration() const noexcept;
    /// Every change, the first at 0; at most one entry per instant; at most most() entries a stage.
    [[nodiscard]] std::vector<UserStep> steps() const;

private:
    std::uint32_t start_;
    std::vector<UserStage> stages_;
};

/// Part `part` of `parts` gets users part, part + parts, …: how many of `users` that is.
[[nodiscard]] std::uint32_t share_of(std::uint32_t users,
                                     std::uint32_t part,
                                     std::uint32_t parts) noexcept;
/// Steps of one part, with those that change nothing for it left out.
[[nodiscard]] std::vector<UserStep> share_of(const std::vector<UserStep>& steps,
                                             std::uint32_t part,
                                             std::uint32_t parts);

}  // namespace weir::pace
