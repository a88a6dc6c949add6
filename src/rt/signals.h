// SignalWatch: SIGINT and SIGTERM arrive as calls on a loop, never as interruptions.
#pragma once

#include <csignal>
#include <cstdint>
#include <functional>

#include "rt/epoll_loop.h"

namespace weir::rt {

/// While one exists, the two signals do not end the process. Make it in main(), before any worker
/// starts: threads inherit which signals are blocked. Does not keep the loop running by itself.
class SignalWatch {
public:
    /// `nth` counts from 1: the first asks for a graceful stop, the second for an immediate one.
    using Callback = std::function<void(int signal, unsigned nth)>;

    /// CHECKs that the kernel gives it a descriptor. `callback` runs as a posted task.
    SignalWatch(EpollLoop& loop, Callback callback);
    ~SignalWatch();
    SignalWatch(const SignalWatch&) = delete;
    SignalWatch& operator=(const SignalWatch&) = delete;

private:
    static void on_events(void* self, std::uint32_t events);

    EpollLoop* loop_;
    Callback callback_;
    sigset_t before_{};
    int fd_ = -1;
    unsigned count_ = 0;
    Watch watch_;
};

}  // namespace weir::rt
