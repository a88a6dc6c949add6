#include "rt/signals.h"

#include <utility>

#include <pthread.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/assert.h"

namespace weir::rt {

SignalWatch::SignalWatch(EpollLoop& loop, Callback callback)
    : loop_(&loop), callback_(std::move(callback)), watch_(loop, &SignalWatch::on_events, this) {
    sigset_t wanted{};
    sigemptyset(&wanted);
    sigaddset(&wanted, SIGINT);
    sigaddset(&wanted, SIGTERM);
    CHECK(pthread_sigmask(SIG_BLOCK, &wanted, &before_) == 0);
    fd_ = signalfd(-1, &wanted, SFD_NONBLOCK | SFD_CLOEXEC);
    CHECK(fd_ >= 0 && watch_.add(fd_));
}

SignalWatch::~SignalWatch() {
    watch_.remove();
    close(fd_);
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

void SignalWatch::on_events(void* self, std::uint32_t /*events*/) {
    auto* const here = static_cast<SignalWatch*>(self);
    signalfd_siginfo info{};
    while (read(here->fd_, &info, sizeof info) == sizeof info) {
        // A copy: the watch may be gone when the task runs.
        here->loop_->post([callback = here->callback_, signal = static_cast<int>(info.ssi_signo),
                           nth = ++here->count_] { callback(signal, nth); });
    }
}

}  // namespace weir::rt
