#include "sample/web/lane.h"

#include <utility>

namespace weir::sample {

Lane::Lane(std::size_t threads, std::size_t queue_limit)
    : thread_count_(threads), queue_limit_(queue_limit) {
    threads_.reserve(threads);
    for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this, i] { work(i); });
}

Lane::~Lane() {
    close();
}

bool Lane::try_submit(Job job) {
    {
        const std::lock_guard lock(mutex_);
        if (closing_ || queue_.size() >= queue_limit_ + idle_) return false;
        queue_.push_back(std::move(job));
    }
    ready_.notify_one();
    return true;
}

void Lane::close() {
    std::deque<Job> dropped;
    {
        const std::lock_guard lock(mutex_);
        closing_ = true;
        dropped.swap(queue_);
    }
    ready_.notify_all();
    for (auto& thread : threads_) {
        if (thread.joinable()) thread.join();
    }
}

Lane::Job Lane::take() {
    std::unique_lock lock(mutex_);
    ++idle_;
    ready_.wait(lock, [this] { return closing_ || !queue_.empty(); });
    --idle_;
    if (closing_) return nullptr;
    Job job = std::move(queue_.front());
    queue_.pop_front();
    return job;
}

void Lane::work(std::size_t thread) {
    while (const auto job = take()) job(thread);
}

}  // namespace weir::sample
