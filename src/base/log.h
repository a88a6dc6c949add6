// Log: leveled lines to a sink that is passed in. No global logger; tests capture, app prints.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <utility>

namespace weir::base {

enum class Level : std::uint8_t { debug, info, warn, error };

/// Thread-safe only if the sink is. Secrets are redacted before they get here.
class Log {
public:
    using Sink = std::function<void(Level, std::string_view line)>;

    Log() = default;
    explicit Log(Sink sink) : sink_(std::move(sink)) {}

    void write(Level level, std::string_view line) const {
        if (sink_) sink_(level, line);
    }
    void debug(std::string_view line) const { write(Level::debug, line); }
    void info(std::string_view line) const { write(Level::info, line); }
    void warn(std::string_view line) const { write(Level::warn, line); }
    void error(std::string_view line) const { write(Level::error, line); }

private:
    Sink sink_;
};

}  // namespace weir::base
