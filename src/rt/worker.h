// Worker: a named thread with an epoll loop of its own; shares nothing with other workers.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "base/result.h"
#include "rt/epoll_loop.h"

namespace weir::rt {

struct WorkerOptions {
    std::string name{};             // as tools show it; at most 15 bytes are kept
    std::optional<unsigned> cpu{};  // pinned to this one; where that is not allowed, it is not
};

class Worker {
public:
    /// Runs on the worker's thread: builds what lives there, calls loop.run(), takes it down again.
    using Body = std::function<void(EpollLoop&)>;

    explicit Worker(WorkerOptions options);
    ~Worker();  // CHECKs that join() was called
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    /// Once. The error says why the system gives no thread.
    [[nodiscard]] base::Result<void> start(Body body);
    /// Waits for the body to end. The loop lives on until the worker is destroyed, so that a late
    /// post_from_any_thread() harms nobody.
    void join();
    /// For post_from_any_thread() only, once started.
    [[nodiscard]] EpollLoop& loop() noexcept { return loop_; }

private:
    void run(const Body& body);

    WorkerOptions options_;
    EpollLoop loop_;
    std::thread thread_;
};

/// How many workers can run at once: processors that this process may use, less where a container
/// has a smaller quota (cgroup v2 cpu.max). At least 1.
[[nodiscard]] unsigned usable_cpus();

}  // namespace weir::rt
