#include "app/notify/notices.h"

#include <utility>

namespace weir::app {

struct Notices::State {
    base::Log log;
};

Notices::Notices(const plan::Suite&, const std::string&, base::Log log)
    : state_(std::make_unique<State>(State{std::move(log)})) {}
Notices::~Notices() = default;

void Notices::send(const notify::Notice& notice) {
    state_->log.debug(notice.headline);
}
void Notices::run_begins(const notify::RunWindow& window) {
    state_->log.debug(window.run_id);
}
void Notices::run_ends(const notify::Notice& verdict) {
    state_->log.debug(verdict.headline);
}

}  // namespace weir::app
