// TimingNames: the parts of its work that a target speaks of in Server-Timing; few in a run.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>

namespace weir::journey {

/// Shared by all workers; a name that is known is found without a lock.
class TimingNames {
public:
    static constexpr std::size_t most = 16;
    static constexpr std::size_t length_most = 64;
    static constexpr std::string_view other = "(other)";

    TimingNames() = default;
    TimingNames(const TimingNames&) = delete;
    TimingNames& operator=(const TimingNames&) = delete;

    /// The tag's value for a name as the target sent it: letters, digits, '_', '-' and '.' stay,
    /// anything else becomes '_', what is too long is cut; "(other)" once there are `most` others.
    /// The view lives as long as this.
    [[nodiscard]] std::string_view known_as(std::string_view sent);

private:
    /// Written once each, before `size_` says so; so readers need no lock.
    std::array<std::string, most> names_;
    std::atomic<std::size_t> size_{0};
    std::mutex adding_;

    [[nodiscard]] std::string_view find(std::string_view name, std::size_t size) const noexcept;
};

}  // namespace weir::journey
