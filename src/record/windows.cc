#include "record/windows.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"

namespace weir::record {

void NameWindow::merge(const NameWindow& other) {
    requests += other.requests;
    failed += other.failed;
    response_time.merge(other.response_time);
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
    for (std::size_t i = 0; i < other.names.size(); ++i) {
        Windows::of_name(*this, i).merge(other.names[i]);
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

std::size_t Windows::name_index(std::string_view name) {
    const auto found = std::find(names_.begin(), names_.end(), name);
    if (found != names_.end()) return static_cast<std::size_t>(found - names_.begin());
    if (names_.size() >= names_most) {
        if (names_.size() == names_most) names_.emplace_back(other_name);
        return names_most;
    }
    names_.emplace_back(name);
    return names_.size() - 1;
}

NameWindow& Windows::of_name(Window& window, std::size_t name_index) {
    if (name_index >= window.names.size()) window.names.resize(name_index + 1);
    return window.names[name_index];
}

void Windows::merge(const Windows& other) {
    while (width_ < other.width_) double_width();
    std::vector<std::size_t> mine;
    mine.reserve(other.names_.size());
    for (const auto& name : other.names_) mine.push_back(name_index(name));
    for (std::size_t i = 0; i < other.windows_.size(); ++i) {
        const Window& theirs = other.windows_[i];
        Window moved = theirs;
        moved.names.clear();
        for (std::size_t n = 0; n < theirs.names.size(); ++n) {
            of_name(moved, mine[n]).merge(theirs.names[n]);
        }
        at(other.width_ * static_cast<std::int64_t>(i)).merge(moved);
    }
}

Windows Windows::from_parts(base::Nanos width,
                            std::vector<std::string> names,
                            std::vector<Window> windows) {
    CHECK(width.count() > 0 && windows.size() <= windows_most && names.size() <= names_most + 1);
    for (const auto& window : windows) CHECK(window.names.size() <= names.size());
    Windows made;
    made.width_ = width;
    made.names_ = std::move(names);
    made.windows_ = std::move(windows);
    return made;
}

}  // namespace weir::record
