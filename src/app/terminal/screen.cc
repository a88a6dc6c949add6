#include "app/terminal/screen.h"

#include <utility>

#include "base/format.h"

namespace weir::app {
namespace {

// ECMA-48: erase to the end of the line, and of the screen.
constexpr std::string_view erase_line = "\x1b[K";
constexpr std::string_view erase_below = "\x1b[J";

}  // namespace

Screen::~Screen() {
    clear();
}

/// To where the view begins.
std::string Screen::to_top() const {
    return shown_ == 0 ? std::string() : base::format("\r\x1b[{}A", shown_);
}

void Screen::append_view(std::string& out) {
    for (const auto& line : view_) out.append(line).append(erase_line).append("\n");
    shown_ = view_.size();
}

void Screen::say(std::string_view text) {
    const std::lock_guard lock(mutex_);
    std::string out = to_top();
    if (shown_ > 0) out += erase_below;
    shown_ = 0;
    out += text;
    if (++said_ <= said_most) append_view(out);
    write_(out);
}

void Screen::draw(std::vector<std::string> view) {
    const std::lock_guard lock(mutex_);
    said_ = 0;
    if (view.empty() && shown_ == 0) {
        view_.clear();
        return;
    }
    std::string out = to_top();
    const bool erases = shown_ > 0;
    view_ = std::move(view);
    append_view(out);
    if (erases) out += erase_below;
    write_(out);
}

void Screen::clear() {
    draw({});
}

}  // namespace weir::app
