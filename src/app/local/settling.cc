#include "app/local/settling.h"

#include <algorithm>
#include <utility>

#include <sys/epoll.h>

namespace weir::app {

std::shared_ptr<Settling> Settling::start(rt::EpollLoop& loop,
                                          FileWatch& files,
                                          std::function<void()> settled) {
    std::shared_ptr<Settling> made(new Settling(loop, files, std::move(settled)));
    made->self_ = made;
    // When the kernel refuses, saves still count between runs.
    static_cast<void>(made->watch_.add_level_triggered(files.descriptor(), EPOLLIN));
    if (files.drain() || files.changed()) made->look();
    return made;
}

Settling::Settling(rt::EpollLoop& loop, FileWatch& files, std::function<void()> settled)
    : loop_(&loop),
      files_(&files),
      settled_(std::move(settled)),
      timer_(&Settling::on_rest, this),
      watch_(loop, &Settling::on_events, this) {}

void Settling::on_events(void* self, std::uint32_t /*events*/) {
    auto* const here = static_cast<Settling*>(self);
    if (!here->files_->drain()) return;
    // The task may find this gone.
    here->loop_->post([weak = here->self_] {
        if (const auto still = weak.lock()) still->look();
    });
}

void Settling::look() {
    if (!settled_) return;
    const base::Instant now = loop_->clock().now();
    if (latest_ == base::never) latest_ = now + most;
    loop_->arm(timer_, std::min(now + rest, latest_));
}

void Settling::on_rest(void* self) {
    if (auto settled = std::exchange(static_cast<Settling*>(self)->settled_, nullptr)) settled();
}

}  // namespace weir::app
