#include "app/attribute/store_watch.h"

#include <condition_variable>
#include <cstdint>
#include <list>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "ledger/ledger.h"
#include "rt/baton.h"
#include "rt/clock.h"

namespace weir::app {

struct StoreWatch::State {
    State(std::string store, std::string name, rt::EpollLoop& answers_to)
        : url(std::move(store)), suite(std::move(name)), loop(&answers_to) {}

    void run();
    [[nodiscard]] View read();
    void take(std::uint64_t number, std::shared_ptr<const View> found);

    std::string url;
    std::string suite;
    rt::EpollLoop* loop;
    std::optional<ledger::Ledger> ledger;  // the thread's

    std::mutex mutex;
    std::condition_variable wanted;
    std::uint64_t asked = 0;  // number of the last question
    bool over = false;

    // The loop's.
    std::uint64_t answered = 0;
    std::shared_ptr<const View> view = std::make_shared<const View>();
    std::list<rt::Baton*> waiting;

    std::thread thread;
};

StoreWatch::View StoreWatch::State::read() {
    View found;
    if (!ledger) {
        auto opened = ledger::Ledger::open(url);
        if (!opened.ok()) {
            found.failure = opened.error().text;
            return found;
        }
        ledger.emplace(std::move(opened).value());
    }
    const auto now = rt::SystemClock().wall();
    auto spans = ledger->spans(suite, now - spans_age, now);
    if (!spans.ok()) {
        found.failure = spans.error().text;
        ledger.reset();  // a new connection may do better
        return found;
    }
    found.failure.clear();
    found.runs = std::move(spans).value();
    return found;
}

void StoreWatch::State::run() {
    std::uint64_t done = 0;
    while (true) {
        std::unique_lock lock(mutex);
        wanted.wait(lock, [&] { return over || asked > done; });
        if (over) return;
        done = asked;
        lock.unlock();
        auto found = std::make_shared<const View>(read());
        loop->post_from_any_thread([this, done, found] { take(done, found); });
    }
}

void StoreWatch::State::take(std::uint64_t number, std::shared_ptr<const View> found) {
    answered = number;
    view = std::move(found);
    for (auto* baton : waiting) baton->post();
}

StoreWatch::StoreWatch(std::string url, std::string suite, rt::EpollLoop& loop)
    : state_(std::make_unique<State>(std::move(url), std::move(suite), loop)) {
    state_->thread = std::thread([own = state_.get()] { own->run(); });
}

StoreWatch::~StoreWatch() {
    {
        const std::lock_guard lock(state_->mutex);
        state_->over = true;
    }
    state_->wanted.notify_one();
    state_->thread.join();
}

std::shared_ptr<const StoreWatch::View> StoreWatch::ask(base::Instant deadline) {
    std::uint64_t mine = 0;
    {
        const std::lock_guard lock(state_->mutex);
        mine = ++state_->asked;
    }
    state_->wanted.notify_one();
    rt::Baton baton(*state_->loop);
    const auto place = state_->waiting.insert(state_->waiting.end(), &baton);
    bool patient = true;
    while (patient && state_->answered < mine) {
        patient = baton.wait(deadline) == rt::Wake::posted;
    }
    state_->waiting.erase(place);
    if (state_->answered >= mine) return state_->view;
    return std::make_shared<const View>();
}

}  // namespace weir::app
