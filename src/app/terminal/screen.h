// Screen: what goes to standard error while a run lasts: lines, and below them a view that is
// redrawn in place.
#pragma once

#include <cstddef>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir::app {

/// One writer for all threads, so that nothing is torn. The cursor always rests at the beginning of
/// the line below the view and nothing of the terminal's state is changed: whenever the program
/// ends, by whatever signal, the screen is as it should be. Without a view it writes text alone.
class Screen {
public:
    /// Gets whole pieces: what one call of say() or draw() has to change.
    using Write = std::function<void(std::string_view)>;

    explicit Screen(Write write) : write_(std::move(write)) {}
    ~Screen();
    Screen(const Screen&) = delete;
    Screen& operator=(const Screen&) = delete;

    /// Whole lines, above the view. After many of them the view stays away until it is drawn again:
    /// a script that logs a lot must not write it a thousand times.
    void say(std::string_view text);
    /// The view from now on; each line is shorter than the terminal is wide, and there are fewer
    /// than it has rows.
    void draw(std::vector<std::string> view);
    /// Takes the view away.
    void clear();

private:
    static constexpr std::size_t said_most = 20;  // between two drawings

    [[nodiscard]] std::string to_top() const;
    void append_view(std::string& out);

    Write write_;
    std::mutex mutex_;
    std::vector<std::string> view_;
    std::size_t shown_ = 0;  // lines of it that are on the screen
    std::size_t said_ = 0;
};

}  // namespace weir::app
