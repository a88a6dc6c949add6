#include "app/watch/interruption.h"

#include <csignal>
#include <ctime>

#include <pthread.h>

namespace weir::app {
namespace {

sigset_t stop_signals() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    return set;
}

}  // namespace

Interruption::Interruption() {
    const auto set = stop_signals();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

Interruption::~Interruption() {
    const auto set = stop_signals();
    pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

bool Interruption::asked() {
    const auto set = stop_signals();
    constexpr timespec moment{.tv_sec = 0, .tv_nsec = 50'000'000};
    if (!asked_) asked_ = sigtimedwait(&set, nullptr, &moment) > 0;
    return asked_;
}

}  // namespace weir::app
