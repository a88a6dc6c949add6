// SimRun: a whole run, from script text to outcome, on virtual time against a simulated server.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/random.h"
#include "engine/run.h"
#include "journey/evidence.h"
#include "journey/shared_data.h"
#include "net/sim_net.h"
#include "plan/scenario.h"
#include "record/run_record.h"
#include "rt/sim_loop.h"
#include "script/program.h"

namespace weir::sim {

/// What the server does with one request.
struct Answer {
    base::Nanos after{};
    int status = 200;
    bool never = false;  // hangs
    bool reset = false;
    bool truncated = false;  // says more than it sends
    bool garbage = false;
};

/// Answers every complete request as `law` says; `at` is the virtual time of its arrival.
class Server final : public net::SimServer {
public:
    using Law = std::function<Answer(base::Instant at)>;
    explicit Server(Law law) : law_(std::move(law)) {}
    [[nodiscard]] net::SimAnswer on_connect(std::uint64_t nth) override;
    void obey(Law law) { law_ = std::move(law); }

    std::function<bool(std::uint64_t nth)> refuses;
    std::uint64_t requests = 0;
    std::vector<base::Instant> arrivals;

private:
    class Peer;
    Law law_;
};

/// Everything that a run needs, built once; execute() once.
class SimRun {
public:
    SimRun(std::string script,
           std::vector<plan::Scenario> scenarios,
           Server::Law law,
           std::uint64_t seed = 1);
    ~SimRun();

    [[nodiscard]] record::RunRecord execute();

    rt::SimLoop loop;
    Server server;
    Server candidate;  // http://candidate.test; the law of `server` until it is given its own
    std::vector<engine::StopRule> stop_rules;
    std::vector<engine::Observer> observers;
    std::function<void(const engine::Progress&)> on_progress;
    std::function<void(engine::Run&)> before_start;  // e.g. to plan an abort

private:
    std::vector<plan::Scenario> scenarios_;
    std::uint64_t seed_;
    net::SimNet net_;
    net::SimDialer dialer_;
    rt::StackPool stacks_;
    std::unique_ptr<const script::Bindings> bindings_;
    meter::Registry registry_;
    journey::SharedData shared_;
    journey::Evidence evidence_;
    journey::RunProgress progress_;
    http::ClientSettings client_;
    plan::Options options_;
    journey::RunContext context_;
    journey::RunContext candidate_context_;  // where scenarios are paired
    std::deque<journey::ScenarioContext> contexts_;
};

/// One request per iteration to the simulated server.
[[nodiscard]] std::string one_request_script();

}  // namespace weir::sim
