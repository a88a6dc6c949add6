#include "tests/sim/sim_run.h"

#include <utility>

#include "app/shares_of_plan.h"
#include "base/assert.h"
#include "base/format.h"
#include "journey/bindings.h"

namespace weir::sim {

class Server::Peer final : public net::SimPeer {
public:
    explicit Peer(Server& server) : server_(&server) {}

    void on_bytes(net::SimConnection& connection, std::string_view bytes) override {
        inbox_ += bytes;
        std::size_t end = 0;
        while ((end = inbox_.find("\r\n\r\n")) != std::string::npos) {
            inbox_.erase(0, end + 4);
            server_->requests += 1;
            server_->arrivals.push_back(connection.now());
            answer(connection, server_->law_(connection.now()));
        }
    }

private:
    static void answer(net::SimConnection& connection, const Answer& how) {
        if (how.never) return;
        if (how.reset) return connection.reset(how.after);
        if (how.garbage) return connection.send("\x16\x03 this is no HTTP\r\n\r\n", how.after);
        const std::string head = base::format("HTTP/1.1 {} OK\r\nContent-Length: {}\r\n\r\n",
                                              how.status, how.truncated ? 99 : 2);
        connection.send(head + "ok", how.after);
        if (how.truncated) connection.close();
    }

    Server* server_;
    std::string inbox_;
};

net::SimAnswer Server::on_connect(std::uint64_t nth) {
    if (refuses && refuses(nth)) return net::SimAnswer::refuse();
    return net::SimAnswer::accept(std::make_unique<Peer>(*this));
}

std::string one_request_script() {
    return "import http from 'k6/http';\n"
           "export default function () { http.get('http://sim.test/', { timeout: '5s' }); }\n";
}

SimRun::SimRun(std::string script,
               std::vector<plan::Scenario> scenarios,
               Server::Law law,
               std::uint64_t seed)
    : server(law),
      candidate(std::move(law)),
      scenarios_(std::move(scenarios)),
      seed_(seed),
      net_(loop, seed),
      dialer_(net_),
      bindings_(journey::make_bindings()) {
    net_.serve("sim.test", 80, server);
    net_.serve("candidate.test", 80, candidate);
    script::ProgramRequest request;
    request.entry = "sim.js";
    request.entry_text = std::move(script);
    request.directory = "/journey";
    request.read = [](const std::string& path) -> base::Result<std::string> {
        return base::Error{base::Code::not_found, path};
    };
    request.bindings = bindings_.get();
    auto program = script::Program::compile(request);
    CHECK(program.ok());
    context_.program = std::move(program).value();
    context_.options = &options_;
    context_.registry = &registry_;
    context_.shared = &shared_;
    context_.evidence = &evidence_;
    context_.http = &client_;
    context_.progress = &progress_;
    context_.seed = seed;
    context_.cpu_slice_limit = {};
}

SimRun::~SimRun() = default;

record::RunRecord SimRun::execute() {
    engine::RunSpec spec;
    spec.context = &context_;
    spec.control = {.loop = &loop, .stacks = &stacks_, .dialer = &dialer_};
    spec.seats = {spec.control};
    spec.stop_rules = stop_rules;
    spec.observers = observers;
    spec.on_progress = on_progress;
    if (!scenarios_.empty() && scenarios_.front().pairing) {
        context_.env["BASE_URL"] = "http://sim.test";
        context_.side = record::Side::baseline;
        candidate_context_ = context_;
        candidate_context_.env["BASE_URL"] = "http://candidate.test";
        candidate_context_.side = record::Side::candidate;
        spec.seats.push_back(spec.control);
        spec.seats.back().context = &candidate_context_;
    }
    for (const auto& scenario : scenarios_) {
        spec.scenarios.push_back(app::plan_scenario(scenario, contexts_.emplace_back(), 1));
    }
    record::RunRecord record;
    {
        engine::Run run(std::move(spec));
        if (before_start) before_start(run);
        auto outcome = run.execute();
        CHECK(!outcome.init_error);
        record.seed = seed_;
        record.started = outcome.started;
        record.duration = outcome.duration;
        for (std::size_t i = 0; i < registry_.size(); ++i) {
            record.metrics.push_back(registry_.at(static_cast<record::MetricId>(i)));
        }
        record.series = std::move(outcome.totals.series);
        record.windows = std::move(outcome.totals.windows);
        record.pairs = std::move(outcome.pairs);
        record.scenarios = std::move(outcome.scenarios);
        record.evidence = evidence_.take(outcome.start);
        record.ending = std::move(outcome.ending);
    }
    return record;
}

}  // namespace weir::sim
