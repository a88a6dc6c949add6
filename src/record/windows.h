// Windows: what happened when: equal spans, fixed in number; their width doubles in long runs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "stats/histogram.h"

namespace weir::record {

/// One request name within one window.
struct NameWindow {
    std::uint64_t requests = 0;      // finished in this window
    std::uint64_t failed = 0;        // not as expected
    stats::Histogram response_time;  // ns from the intended start, of those that did not fail
    void merge(const NameWindow& other);
    [[nodiscard]] bool operator==(const NameWindow&) const = default;
};

struct Window {
    std::uint64_t iterations_started = 0;
    std::uint64_t iterations_finished = 0;
    std::uint64_t iterations_dropped = 0;
    std::uint64_t requests = 0;
    std::uint64_t failed = 0;
    std::uint64_t bytes_received = 0;
    std::uint64_t bytes_sent = 0;
    double vus = 0;                 // greatest value of the gauge in this window
    std::vector<NameWindow> names;  // by Windows::names; shorter when the last ones had no request
    void merge(const Window& other);
    [[nodiscard]] bool operator==(const Window&) const = default;
};

/// Spans [i * width, (i + 1) * width) from the run's start. Adding past the last window doubles the
/// width and merges neighbours until it fits.
class Windows {
public:
    static constexpr std::size_t windows_most = 120;
    static constexpr std::size_t names_most = 24;  // later names are counted under "(other)"
    static constexpr base::Nanos first_width = std::chrono::seconds(1);
    static constexpr std::string_view other_name = "(other)";

    /// The window of a moment after the run's start; a negative one counts as 0.
    [[nodiscard]] Window& at(base::Nanos since_start);
    /// The same name gives the same index; the last index is other_name once there are too many.
    [[nodiscard]] std::size_t name_index(std::string_view name);
    /// The part of `window` for a name, made when it is missing.
    [[nodiscard]] static NameWindow& of_name(Window& window, std::size_t name_index);

    void merge(const Windows& other);

    [[nodiscard]] base::Nanos width() const noexcept { return width_; }
    [[nodiscard]] const std::vector<Window>& all() const noexcept { return windows_; }
    [[nodiscard]] const std::vector<std::string>& names() const noexcept { return names_; }
    /// For the codec. CHECKs the limits above and width > 0.
    [[nodiscard]] static Windows from_parts(base::Nanos width,
                                            std::vector<std::string> names,
                                            std::vector<Window> windows);
    [[nodiscard]] bool operator==(const Windows&) const = default;

private:
    void double_width();

    base::Nanos width_ = first_width;
    std::vector<Window> windows_;
    std::vector<std::string> names_;
};

}  // namespace weir::record
