// Fiber: a stack of its own on one loop. Parks only through a Baton; is cancelled, never destroyed.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

#include "rt/loop.h"
#include "rt/stack_pool.h"

namespace weir::rt {

/// Pinned to its loop's thread. May hold C frames (a JavaScript engine) while parked, so it must
/// *finish* before it is destroyed: cancel() makes every wait return Wake::cancelled until it has.
/// The destructor CHECKs done().
class Fiber {
public:
    using Body = std::function<void()>;

    /// `stack_bytes` is rounded up to pages; x4 under AddressSanitizer and ThreadSanitizer.
    Fiber(Loop& loop, StackPool& stacks, std::size_t stack_bytes, Body body);
    ~Fiber();
    Fiber(const Fiber&) = delete;
    Fiber& operator=(const Fiber&) = delete;

    /// Makes the body ready to run; it begins in a later turn.
    void start();
    /// Asks the body to end: a parked wait returns Wake::cancelled, and so does each later one.
    /// Idempotent; no effect once done.
    void cancel();
    [[nodiscard]] bool cancelled() const noexcept { return cancelled_; }
    [[nodiscard]] bool done() const noexcept { return done_; }
    /// Called on the loop's stack right after the body returned; may destroy this fiber.
    void on_done(std::function<void()> callback) { on_done_ = std::move(callback); }

    [[nodiscard]] Loop& loop() const noexcept { return *loop_; }
    /// Bounds of the stack, for engines that check it: usable bytes from bottom to top.
    [[nodiscard]] std::size_t stack_bytes() const noexcept { return stack_.size(); }
    /// Loop only: switch to this fiber until it parks or ends.
    void resume();
    /// Baton only: back to the loop, until make_ready().
    void park();

private:
    struct Switch;  // raw context and sanitizer bookkeeping
    friend class Baton;
    friend class Agenda;

    void finish();

    Loop* loop_;
    Stack stack_;
    StackPool* stacks_;
    Body body_;
    std::function<void()> on_done_;
    std::unique_ptr<Switch> switch_;
    class Baton* waiting_on_ = nullptr;
    Fiber* next_ready_ = nullptr;  // Agenda's list, so that becoming ready allocates nothing
    bool ready_ = false;
    bool started_ = false;
    bool cancelled_ = false;
    bool done_ = false;
};

/// The default stack of a fiber that runs JavaScript (style: 256 KiB; only touched pages count).
inline constexpr std::size_t script_stack_bytes = 256UL * 1024;
/// The default stack of a fiber that only does I/O (TLS included).
inline constexpr std::size_t io_stack_bytes = 64UL * 1024;

}  // namespace weir::rt
