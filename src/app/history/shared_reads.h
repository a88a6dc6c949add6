// SharedReads: answers that are read on a thread of its own, once for all who ask at the same time,
// and kept for a moment: a busy page asks the store no more often than a quiet one.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "base/time.h"
#include "http/server/server.h"
#include "rt/epoll_loop.h"

namespace weir::app {

/// What was read.
struct Reading {
    http::ServerAnswer answer;
    std::string failure;  // for the log; empty: it was read
};

class SharedReads {
public:
    struct Limits {
        base::Nanos keep = std::chrono::seconds(4);
        base::Nanos keep_failures = std::chrono::seconds(1);
        base::Nanos patience = std::chrono::seconds(5);  // of who asks first; others share it
        std::size_t kept = 32;                           // at most
    };
    /// Runs on the thread; it owns, or shares, what it uses: who asked may have left.
    using Read = std::function<Reading()>;

    /// Answers come to `loop`, which outlives it. After the process' signals are blocked, which the
    /// thread inherits.
    SharedReads(rt::EpollLoop& loop, Limits limits);
    /// Does not wait for a read that is under way: see at_rest().
    ~SharedReads();
    SharedReads(const SharedReads&) = delete;
    SharedReads& operator=(const SharedReads&) = delete;

    /// What is known under `key`, read now unless that was a moment ago. Parks the calling fiber.
    /// Null when it was not read in time, or when too much else is asked for.
    [[nodiscard]] std::shared_ptr<const Reading> ask(const std::string& key, Read read);
    /// Nothing is being read: the process may end in the usual way.
    [[nodiscard]] bool at_rest() const;

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace weir::app
