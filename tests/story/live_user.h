// LiveUser: one virtual user with a script, on a real loop and real sockets, and what it recorded.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "journey/bindings.h"
#include "journey/evidence.h"
#include "journey/run_context.h"
#include "journey/shared_data.h"
#include "journey/user.h"
#include "meter/recorder.h"
#include "net/net_dialer.h"
#include "plan/options.h"
#include "rt/epoll_loop.h"

namespace weir::story {

class LiveUser {
public:
    explicit LiveUser(const std::string& source);
    ~LiveUser();
    LiveUser(const LiveUser&) = delete;
    LiveUser& operator=(const LiveUser&) = delete;

    plan::Options options;    // to change before the first iterate()
    journey::RunContext run;  // the same

    journey::IterationOutcome iterate();
    /// Cancels the iteration as soon as `when` says so; asked every few milliseconds.
    journey::IterationOutcome iterate_until(const std::function<bool()>& when);

    [[nodiscard]] std::string console() const { return console_; }
    [[nodiscard]] std::string log() const { return log_; }
    [[nodiscard]] record::Evidence evidence() { return evidence_.take(start_); }
    /// How many samples `metric` has whose tags contain key=value; all when `key` is empty.
    [[nodiscard]] std::uint64_t samples(std::string_view metric,
                                        std::string_view key = "",
                                        std::string_view value = "");

private:
    class Listener;
    void prepare();
    void drive(const std::function<bool()>& done);

    std::string source_;
    rt::EpollLoop loop_;
    rt::StackPool stacks_;
    std::unique_ptr<net::NetDialer> dialer_;
    std::unique_ptr<const script::Bindings> bindings_;
    meter::Registry registry_;
    std::unique_ptr<meter::Recorder> recorder_;
    journey::SharedData shared_;
    journey::Evidence evidence_;
    http::ClientSettings http_;
    journey::RunProgress progress_;
    journey::ScenarioContext scenario_;
    journey::WorkerContext worker_;
    std::unique_ptr<Listener> listener_;
    std::unique_ptr<journey::User> user_;
    base::Instant start_{};
    std::string console_;
    std::string log_;
};

}  // namespace weir::story
