// Baton: the only way for a fiber to park. Everything that waits is built on it.
#pragma once

#include <cstdint>

#include "base/time.h"
#include "rt/loop.h"

namespace weir::rt {

enum class Wake : std::uint8_t { posted, timed_out, cancelled };

/// One waiter at a time. post() before wait() is remembered; wait() consumes the post.
/// wait() never parks inside a catch block or while unwinding (CHECKed).
class Baton {
public:
    explicit Baton(Loop& loop) noexcept;
    ~Baton() = default;
    Baton(const Baton&) = delete;
    Baton& operator=(const Baton&) = delete;

    /// Parks the current fiber until post(), the deadline, or Fiber::cancel().
    /// A cancelled fiber returns Wake::cancelled at once, posted or not. Where there is nothing to
    /// park for (posted, or the deadline has passed) the loop's own stack may call it too.
    [[nodiscard]] Wake wait(base::Instant deadline = base::never);
    void post();
    void reset() noexcept { posted_ = false; }
    [[nodiscard]] bool posted() const noexcept { return posted_; }

private:
    friend class Fiber;
    static void on_timeout(void* self);
    void wake();

    Loop* loop_;
    Fiber* waiter_ = nullptr;
    Timer timer_;
    bool posted_ = false;
    bool timed_out_ = false;
};

/// Parks the current fiber until `until`. False if the fiber was cancelled.
[[nodiscard]] bool sleep_until(Loop& loop, base::Instant until);

}  // namespace weir::rt
