// Seats: the threads, loops, stacks and dialers that a run's users live on.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/worker_run.h"
#include "net/net_dialer.h"
#include "plan/options.h"
#include "rt/epoll_loop.h"
#include "rt/stack_pool.h"
#include "rt/worker.h"

namespace weir::app {

/// k6's network options as the dialer takes them. The error names the option.
[[nodiscard]] base::Result<net::NetSettings> net_settings_from(const plan::Options& options);

/// How many workers serve so many users well: one, until each has enough to do; never more than
/// cores.
[[nodiscard]] std::size_t workers_for(std::size_t users, std::size_t asked);

/// The control seat (its loop runs on the caller's thread) and the workers' (threads of their own).
class Seats {
public:
    [[nodiscard]] static base::Result<std::unique_ptr<Seats>> make(
        const net::NetSettings& settings);
    ~Seats();  // ends the workers' loops and joins their threads
    Seats(const Seats&) = delete;
    Seats& operator=(const Seats&) = delete;

    /// Once, when it is known how many.
    [[nodiscard]] base::Result<void> start_workers(std::size_t count);

    [[nodiscard]] rt::EpollLoop& control_loop() noexcept { return control_loop_; }
    [[nodiscard]] engine::Seat control() noexcept;
    [[nodiscard]] std::vector<engine::Seat> workers() noexcept;
    /// Of each worker's loop. After the run.
    [[nodiscard]] std::vector<rt::LoopHealth> health();

private:
    struct Place {
        std::unique_ptr<rt::Worker> worker;
        rt::StackPool stacks;
        std::unique_ptr<net::NetDialer> dialer;
    };
    explicit Seats(net::NetSettings settings) : settings_(std::move(settings)) {}

    net::NetSettings settings_;
    rt::EpollLoop control_loop_;
    rt::StackPool control_stacks_;
    std::unique_ptr<net::NetDialer> control_dialer_;
    std::vector<std::unique_ptr<Place>> places_;
};

}  // namespace weir::app
