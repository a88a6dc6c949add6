// Settling: waits on a loop until saves have come to rest, then says so once.
#pragma once

#include <functional>
#include <memory>

#include "app/local/file_watch.h"
#include "rt/epoll_loop.h"

namespace weir::app {

/// One save is many events, and an editor saves several files at once: what comes within
/// `rest` of the last one belongs to it, but no more than `most` after the first.
class Settling {
public:
    static constexpr base::Nanos rest = std::chrono::milliseconds(100);
    static constexpr base::Nanos most = std::chrono::seconds(1);

    /// `settled` runs on the loop, at most once; saves that `files` has already count.
    [[nodiscard]] static std::shared_ptr<Settling> start(rt::EpollLoop& loop,
                                                         FileWatch& files,
                                                         std::function<void()> settled);
    ~Settling() = default;
    Settling(const Settling&) = delete;
    Settling& operator=(const Settling&) = delete;

private:
    Settling(rt::EpollLoop& loop, FileWatch& files, std::function<void()> settled);
    static void on_events(void* self, std::uint32_t events);
    static void on_rest(void* self);
    void look();

    rt::EpollLoop* loop_;
    FileWatch* files_;
    std::function<void()> settled_;
    rt::Timer timer_;
    base::Instant latest_ = base::never;  // by then it is said
    std::weak_ptr<Settling> self_;
    rt::Watch watch_;
};

}  // namespace weir::app
