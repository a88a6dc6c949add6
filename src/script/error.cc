#include "script/error.h"

#include <charconv>

#include "base/format.h"
#include "script/engine.h"
#include "script/program_code.h"

namespace weir::script {

namespace {

/// Takes ":12" off the end of `text`. nullopt when there is none.
std::optional<std::uint32_t> cut_number(std::string_view& text) {
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos) return std::nullopt;
    std::uint32_t number = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data() + colon + 1, end, number);
    if (error != std::errc() || stop != end) return std::nullopt;
    text = text.substr(0, colon);
    return number;
}

/// "file:line:column", as far as it is there.
void read_place(std::string_view text, Frame& frame) {
    const auto column = cut_number(text);
    if (const auto line = cut_number(text)) {
        frame.line = *line;
        frame.column = column.value_or(0);
    } else {
        frame.line = column.value_or(0);
    }
    frame.file = text;
}

/// One line of the engine's stack: "    at name (file:1:2)", "    at file:1:2" or "(native)".
Frame read_frame(std::string_view line) {
    Frame frame;
    const std::size_t open = line.find(" (");
    if (open == std::string_view::npos || !line.ends_with(')')) {
        read_place(line, frame);
        return frame;
    }
    const std::string_view name = line.substr(0, open);
    const std::string_view place = line.substr(open + 2, line.size() - open - 3);
    if (name != "<anonymous>" && name != "<eval>") frame.function = name;
    if (place != "native" && place != "missing") read_place(place, frame);
    return frame;
}

/// String(value), or "" when even that throws.
std::string text_of(Isolate& js, const Value& value) {
    std::string out;
    if (!value.threw()) {
        const Text text = value.to_text(js);
        if (text.ok()) return text.str();
    }
    js.take_exception_value();
    return out;
}

/// What people see of a thrown value that is no Error: its JSON, or its text.
std::string show(Isolate& js, Ref thrown) {
    if (thrown.is_object() && !thrown.is_function(js)) {
        const Value json = stringify_json(js, thrown);
        if (json.is_string()) return text_of(js, json);
        if (json.threw()) js.take_exception_value();
    }
    return text_of(js, thrown.own(js));
}

/// A DOMException, or a class of the script's own that does not extend Error.
bool looks_like_error(Isolate& js, Ref thrown) {
    if (!thrown.is_object()) return false;
    const Value name = thrown.get(js, "name"), message = thrown.get(js, "message");
    if (name.threw() || message.threw()) js.take_exception_value();
    return name.is_string() && message.is_string();
}

}  // namespace

std::vector<Frame> parse_stack(std::string_view stack, const Program::Code* code) {
    constexpr std::string_view lead = "    at ";
    std::vector<Frame> frames;
    while (!stack.empty()) {
        const std::size_t end = stack.find('\n');
        std::string_view line = stack.substr(0, end);
        stack.remove_prefix(end == std::string_view::npos ? stack.size() : end + 1);
        if (!line.starts_with(lead)) continue;
        Frame frame = read_frame(line.substr(lead.size()));
        if (code != nullptr) code->map_back(frame);
        frames.push_back(std::move(frame));
    }
    return frames;
}

ScriptError Isolate::describe(Ref thrown) {
    ScriptError error;
    error.stop = stop_;
    if (!thrown.is_error() && !looks_like_error(*this, thrown)) {
        error.message = show(*this, thrown);
        return error;
    }
    error.name = text_of(*this, thrown.get(*this, "name"));
    error.message = text_of(*this, thrown.get(*this, "message"));
    const Value stack = thrown.get(*this, "stack");
    if (stack.is_string() || stack.threw())
        error.stack = parse_stack(text_of(*this, stack), state_->code);
    error.out_of_memory = error.name == "InternalError" && error.message == "out of memory";
    return error;
}

std::string ScriptError::headline() const {
    if (name.empty()) return message;
    return message.empty() ? name : name + ": " + message;
}

std::string ScriptError::text() const {
    std::string out = headline();
    for (const Frame& frame : stack) {
        const std::string place =
            frame.file.empty() ? "native"
                               : base::format("{}:{}:{}", frame.file, frame.line, frame.column);
        out += frame.function.empty() ? base::format("\n    at {}", place)
                                      : base::format("\n    at {} ({})", frame.function, place);
    }
    return out;
}

std::string ScriptError::where() const {
    for (const Frame& frame : stack) {
        if (!frame.file.empty())
            return base::format("{}:{}:{}", frame.file, frame.line, frame.column);
    }
    return {};
}

}  // namespace weir::script
