#include "app/history/shared_reads.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <list>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include "rt/baton.h"
#include "rt/clock.h"

namespace weir::app {

/// Shared by the owner, its thread, and what the thread posts to the loop.
struct SharedReads::State : std::enable_shared_from_this<State> {
    State(rt::EpollLoop& answers_to, Limits given) : loop(&answers_to), limits(given) {}

    struct Job {
        std::string key;
        Read read;
        base::Instant asked{};
    };
    struct Entry {
        std::shared_ptr<const Reading> reading;
        base::Instant begun{};  // when what is under way, or was last, was asked for
        base::Instant read_at{};
        std::uint64_t times = 0;  // how often it was read, or given up
        bool under_way = false;
        std::list<rt::Baton*> waiting;

        [[nodiscard]] bool idle() const { return !under_way && waiting.empty(); }
    };

    // The thread's.
    void run();
    [[nodiscard]] std::shared_ptr<const Reading> read(const Job& job) const;

    // The loop's.
    [[nodiscard]] bool is_fresh(const Entry& entry) const;
    [[nodiscard]] Entry* entry_of(const std::string& key);
    void begin(const std::string& key, Read read);
    void take(const std::string& key, std::shared_ptr<const Reading> found);

    rt::EpollLoop* loop;
    Limits limits;
    std::map<std::string, Entry> entries;  // the loop's

    std::mutex mutex;
    std::condition_variable wanted;
    std::deque<Job> jobs;
    bool reading = false;
    bool over = false;
    std::thread thread;
};

/// Nothing for who has long gone: when a store hangs, those who come after do not wait for the
/// questions of all before them.
std::shared_ptr<const Reading> SharedReads::State::read(const Job& job) const {
    if (rt::SystemClock().now() - job.asked > limits.patience) return nullptr;
    return std::make_shared<const Reading>(job.read());
}

void SharedReads::State::run() {
    std::unique_lock lock(mutex);
    while (true) {
        wanted.wait(lock, [this] { return over || !jobs.empty(); });
        if (over) return;
        const Job job = std::move(jobs.front());
        jobs.pop_front();
        reading = true;
        lock.unlock();
        auto found = read(job);
        lock.lock();
        reading = false;
        if (over) return;  // the loop may be gone
        loop->post_from_any_thread(
            [own = shared_from_this(), key = job.key, found] { own->take(key, found); });
    }
}

bool SharedReads::State::is_fresh(const Entry& entry) const {
    if (!entry.reading || entry.under_way) return false;
    const auto keep = entry.reading->failure.empty() ? limits.keep : limits.keep_failures;
    return loop->clock().now() - entry.read_at < keep;
}

/// Null when there is no room, because all that is kept is being waited for.
SharedReads::State::Entry* SharedReads::State::entry_of(const std::string& key) {
    if (const auto found = entries.find(key); found != entries.end()) return &found->second;
    if (entries.size() >= limits.kept) {
        auto oldest = entries.end();
        for (auto each = entries.begin(); each != entries.end(); ++each) {
            if (!each->second.idle()) continue;
            if (oldest == entries.end() || each->second.read_at < oldest->second.read_at) {
                oldest = each;
            }
        }
        if (oldest == entries.end()) return nullptr;
        entries.erase(oldest);
    }
    return &entries[key];
}

void SharedReads::State::begin(const std::string& key, Read read) {
    {
        const std::lock_guard lock(mutex);
        jobs.push_back({key, std::move(read), loop->clock().now()});
    }
    wanted.notify_one();
}

void SharedReads::State::take(const std::string& key, std::shared_ptr<const Reading> found) {
    const auto place = entries.find(key);
    if (place == entries.end()) return;
    auto& entry = place->second;
    entry.reading = std::move(found);
    entry.read_at = loop->clock().now();
    entry.times += 1;
    entry.under_way = false;
    for (auto* baton : entry.waiting) baton->post();
}

SharedReads::SharedReads(rt::EpollLoop& loop, Limits limits)
    : state_(std::make_shared<State>(loop, limits)) {
    state_->thread = std::thread([own = state_] { own->run(); });
}

SharedReads::~SharedReads() {
    bool rests = false;
    {
        const std::lock_guard lock(state_->mutex);
        state_->over = true;
        rests = !state_->reading;
    }
    state_->wanted.notify_one();
    rests ? state_->thread.join() : state_->thread.detach();
}

bool SharedReads::at_rest() const {
    const std::lock_guard lock(state_->mutex);
    return !state_->reading;
}

std::shared_ptr<const Reading> SharedReads::ask(const std::string& key, Read read) {
    const auto own = state_;
    auto* const entry = own->entry_of(key);
    if (entry == nullptr) return nullptr;
    if (own->is_fresh(*entry)) return entry->reading;
    if (!entry->under_way) {
        entry->under_way = true;
        entry->begun = own->loop->clock().now();
        own->begin(key, std::move(read));
    }
    rt::Baton baton(*own->loop);
    // While it waits here, the entry stays.
    const auto place = entry->waiting.insert(entry->waiting.end(), &baton);
    const auto times = entry->times;
    // From when it was asked for first: while a store hangs, who comes late is told so at once.
    const auto deadline = entry->begun + own->limits.patience;
    bool patient = true;
    while (patient && entry->times == times) {
        patient = baton.wait(deadline) == rt::Wake::posted;
    }
    entry->waiting.erase(place);
    return entry->times == times ? nullptr : entry->reading;
}

}  // namespace weir::app
