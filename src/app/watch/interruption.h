// Interruption: SIGINT and SIGTERM kept back for a while, and asked for instead.
#pragma once

namespace weir::app {

/// While this lives the two signals end nothing by themselves, in this thread and those that it
/// starts; a signal that nobody asked for takes effect afterwards.
class Interruption {
public:
    Interruption();
    ~Interruption();
    Interruption(const Interruption&) = delete;
    Interruption& operator=(const Interruption&) = delete;
    /// Waits a moment (50 ms) for one; true from then on.
    [[nodiscard]] bool asked();

private:
    bool asked_ = false;
};

}  // namespace weir::app
