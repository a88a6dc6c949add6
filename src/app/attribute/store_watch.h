// StoreWatch: asks the history store when runs were under way, on a thread of its own: a store that
// hangs holds no alert up.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/time.h"
#include "record/history.h"
#include "rt/epoll_loop.h"

namespace weir::app {

/// So far back alerts are looked into.
inline constexpr base::Nanos spans_age = std::chrono::hours(24 * 7);

class StoreWatch {
public:
    /// Answers come to `loop`, which outlives it.
    StoreWatch(std::string url, std::string suite, rt::EpollLoop& loop);
    ~StoreWatch();  // waits for a question that is under way
    StoreWatch(const StoreWatch&) = delete;
    StoreWatch& operator=(const StoreWatch&) = delete;

    struct View {
        std::string failure = "it did not answer in time";  // empty: this is what it said
        std::vector<record::RunSpan> runs;
    };
    /// What the store says from now on; questions of one moment are asked once. Parks the calling
    /// fiber.
    [[nodiscard]] std::shared_ptr<const View> ask(base::Instant deadline);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace weir::app
