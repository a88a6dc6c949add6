// Lane: a fixed number of threads that answer requests, with a bounded queue in front.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace weir::sample {

/// Connections cost no thread here; only work does. So idle keep-alive connections, however many,
/// never stand in the way of a request, and overload shows as a queue that fills and then refuses.
/// Thread-safe. Jobs get the number of the thread that runs them, in [0, threads).
class Lane {
public:
    using Job = std::function<void(std::size_t thread)>;

    Lane(std::size_t threads, std::size_t queue_limit);
    ~Lane();
    Lane(const Lane&) = delete;
    Lane& operator=(const Lane&) = delete;

    /// Queues the job, or answers false when the queue is full or the lane is closing.
    [[nodiscard]] bool try_submit(Job job);

    /// Drops what is queued, waits for what runs. Safe to call twice.
    void close();

    [[nodiscard]] std::size_t threads() const { return thread_count_; }

private:
    /// Waits for the next job; nothing when the lane closes.
    Job take();
    void work(std::size_t thread);

    const std::size_t thread_count_;
    const std::size_t queue_limit_;
    std::mutex mutex_;
    std::condition_variable ready_;
    std::deque<Job> queue_;
    std::size_t idle_ = 0;  // threads that wait for work, and so for the front of the queue
    bool closing_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace weir::sample
