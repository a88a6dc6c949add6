// Windows: what happened when: equal spans, fixed in number; their width doubles in long runs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "record/tags.h"
#include "stats/histogram.h"

namespace weir::record {

/// What a request was, without what became of it: its tags but for method, url, proto, status,
/// tls_version, expected_response, error, error_code, check and the like.
[[nodiscard]] Tags row_of(const Tags& tags);

/// What became of it: whether the tags tell of an answer that was expected. Tags that say neither
/// expected_response nor status (a script may switch both off) tell of none: nobody can know that
/// it was good.
[[nodiscard]] bool was_expected(const Tags& tags) noexcept;

/// One row within one window: what was *intended to start* in it. By the time of ends, a window's
/// quick requests would be in it and its slow ones in a later one.
struct RowWindow {
    std::uint64_t requests = 0;      // answered, failed or unfinished
    std::uint64_t failed = 0;        // not as expected
    stats::Histogram response_time;  // ns from the intended start, of those that did not fail
    stats::Histogram unfinished;     // ages at the run's end, ns
    std::vector<std::pair<std::uint16_t, std::uint64_t>> statuses;  // of answers; ascending
    std::uint64_t checks_passed = 0;                                // by when they were made
    std::uint64_t checks_failed = 0;
    void add_status(std::uint16_t status, std::uint64_t times);
    void merge(const RowWindow& other);
    [[nodiscard]] bool operator==(const RowWindow&) const = default;
};

/// But for the rows, all is counted when it happened: when a request ended.
struct Window {
    std::uint64_t iterations_started = 0;
    std::uint64_t iterations_finished = 0;
    std::uint64_t iterations_dropped = 0;
    std::uint64_t requests = 0;
    std::uint64_t failed = 0;
    std::uint64_t bytes_received = 0;
    std::uint64_t bytes_sent = 0;
    double vus = 0;               // greatest value of the gauge in this window
    std::vector<RowWindow> rows;  // by Windows::rows; shorter when the last ones had no request
    void merge(const Window& other);
    [[nodiscard]] bool operator==(const Window&) const = default;
};

/// Spans [i * width, (i + 1) * width) from the run's start. Adding past the last window doubles the
/// width and merges neighbours until it fits.
class Windows {
public:
    static constexpr std::size_t windows_most = 120;
    static constexpr std::size_t rows_most = 48;  // later rows are counted under "(other)"
    static constexpr base::Nanos first_width = std::chrono::seconds(1);
    static constexpr std::string_view other_name = "(other)";

    /// The window of a moment after the run's start; a negative one counts as 0.
    [[nodiscard]] Window& at(base::Nanos since_start);
    /// The same row gives the same index; the last one is {name: other_name} once there are too
    /// many.
    [[nodiscard]] std::size_t row_index(const Tags& row);
    /// The part of `window` for a row, made when it is missing.
    [[nodiscard]] static RowWindow& of_row(Window& window, std::size_t row_index);

    void merge(const Windows& other);

    [[nodiscard]] base::Nanos width() const noexcept { return width_; }
    [[nodiscard]] const std::vector<Window>& all() const noexcept { return windows_; }
    [[nodiscard]] const std::vector<Tags>& rows() const noexcept { return rows_; }
    /// Whether some requests could not be told apart: rows_most were not enough.
    [[nodiscard]] bool crowded() const noexcept { return rows_.size() > rows_most; }
    /// For the codec. CHECKs the limits above and width > 0.
    [[nodiscard]] static Windows from_parts(base::Nanos width,
                                            std::vector<Tags> rows,
                                            std::vector<Window> windows);
    [[nodiscard]] bool operator==(const Windows&) const = default;

private:
    void double_width();

    base::Nanos width_ = first_width;
    std::vector<Window> windows_;
    std::vector<Tags> rows_;
};

}  // namespace weir::record
