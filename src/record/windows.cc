#include "record/windows.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/assert.h"

namespace weir::record {

Tags row_of(const Tags& tags) {
    constexpr std::array outcome_keys{
        "method",     "url",   "proto", "status", "tls_version", "expected_response", "error",
        "error_code", "check", "ip",    "vu",     "iter",        "ocsp_status"};
    Tags row;
    for (const auto& [key, value] : tags.pairs()) {
        if (std::find(outcome_keys.begin(), outcome_keys.end(), key) != outcome_keys.end())
            continue;
        row.set(key, value);
    }
    return row;
}

bool was_expected(const Tags& tags) noexcept {
    if (const auto* expected = tags.find("expected_response")) return *expected == "true";
    const auto* status = tags.find("status");
    return status != nullptr && status->size() == 3 && *status < "400";
}

void RowWindow::add_status(std::uint16_t status, std::uint64_t times) {
    const auto at = std::lower_bound(
        statuses.begin(), statuses.end(), status,
        [](const auto& pair, std::uint16_t wanted) { return pair.first < wanted; });
    if (at != statuses.end() && at->first == status) {
        at->second += times;
    } else {
        statuses.insert(at, {status, times});
    }
}

void RowWindow::merge(const RowWindow& other) {
    requests += other.requests;
    failed += other.failed;
    response_time.merge(other.response_time);
    unfinished.merge(other.unfinished);
    for (const auto& [status, times] : other.statuses) add_status(status, times);
    checks_passed += other.checks_passed;
    checks_failed += other.checks_failed;
}

void Window::merge(const Window& other) {
    iterations_started += other.iterations_started;
    iterations_finished += other.iterations_finished;
    iterations_dropped += other.iterations_dropped;
    requests += other.requests;
    failed += other.failed;
    bytes_received += other.bytes_received;
    bytes_sent += other.bytes_sent;
    vus = std::max(vus, other.vus);
    for (std::size_t i = 0; i < other.rows.size(); ++i) {
        Windows::of_row(*this, i).merge(other.rows[i]);
    }
}

Window& Windows::at(base::Nanos since_start) {
    const base::Nanos at = std::max(since_start, base::Nanos{});
    while (at / width_ >= static_cast<std::int64_t>(windows_most)) double_width();
    const auto index = static_cast<std::size_t>(at / width_);
    if (index >= windows_.size()) windows_.resize(index + 1);
    return windows_[index];
}

void Windows::double_width() {
    width_ *= 2;
    for (std::size_t i = 0; i < windows_.size(); ++i) {
        if (i == 0) continue;
        if (i % 2 == 1) {
            windows_[i / 2].merge(windows_[i]);
        } else {
            windows_[i / 2] = std::move(windows_[i]);
        }
    }
    windows_.resize((windows_.size() + 1) / 2);
}

std::size_t Windows::row_index(const Tags& row) {
    const auto found = std::find(rows_.begin(), rows_.end(), row);
    if (found != rows_.end()) return static_cast<std::size_t>(found - rows_.begin());
    if (rows_.size() >= rows_most) {
        if (rows_.size() == rows_most) rows_.emplace_back().set("name", other_name);
        return rows_most;
    }
    rows_.push_back(row);
    return rows_.size() - 1;
}

RowWindow& Windows::of_row(Window& window, std::size_t row_index) {
    if (row_index >= window.rows.size()) window.rows.resize(row_index + 1);
    return window.rows[row_index];
}

void Windows::merge(const Windows& other) {
    while (width_ < other.width_) double_width();
    std::vector<std::size_t> mine;
    mine.reserve(other.rows_.size());
    for (const auto& row : other.rows_) mine.push_back(row_index(row));
    for (std::size_t i = 0; i < other.windows_.size(); ++i) {
        const Window& theirs = other.windows_[i];
        Window moved = theirs;
        moved.rows.clear();
        for (std::size_t r = 0; r < theirs.rows.size(); ++r) {
            of_row(moved, mine[r]).merge(theirs.rows[r]);
        }
        at(other.width_ * static_cast<std::int64_t>(i)).merge(moved);
    }
}

Windows Windows::from_parts(base::Nanos width,
                            std::vector<Tags> rows,
                            std::vector<Window> windows) {
    CHECK(width.count() > 0 && windows.size() <= windows_most && rows.size() <= rows_most + 1);
    for (const auto& window : windows) CHECK(window.rows.size() <= rows.size());
    Windows made;
    made.width_ = width;
    made.rows_ = std::move(rows);
    made.windows_ = std::move(windows);
    return made;
}

}  // namespace weir::record
