// Scripted: for tests: a dialer whose connections say, on virtual time, what the test wrote down.
#pragma once

#include <algorithm>
#include <cstring>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/assert.h"
#include "net/dialer.h"
#include "net/stream.h"
#include "rt/baton.h"
#include "rt/fiber.h"
#include "rt/sim_loop.h"
#include "rt/stack_pool.h"

namespace weir::http::testing {

/// What the peer does next: waits, then sends bytes (none: only the fault), then perhaps ends.
struct Say {
    std::string bytes{};
    base::Nanos after{};
    net::Fault fault = net::Fault::none;
};

/// One connection to be dialed, and what was done with it.
struct ScriptedConnection {
    std::vector<Say> says{};    // after the last one: silence
    net::Failure refuses{};     // dialing fails so
    net::DialTimings takes{};   // dialing lasts so long
    base::Nanos write_takes{};  // each write
    net::Fault write_fault = net::Fault::none;
    std::size_t write_fault_after = 0;  // bytes taken before it
    bool alive = true;                  // reusable(): false: closed while idle
    std::shared_ptr<net::TlsFacts> tls{};

    std::string written{};
    std::vector<std::size_t> writes{};  // sizes
    bool closed = false;
};

class ScriptedStream final : public net::Stream {
public:
    ScriptedStream(rt::Loop& loop, std::shared_ptr<ScriptedConnection> script)
        : loop_(loop), script_(std::move(script)) {}
    ~ScriptedStream() override { script_->closed = true; }

    net::IoResult read(std::span<std::byte> into, base::Instant deadline) override {
        if (next_ >= script_->says.size()) return {0, wait(base::never, deadline)};
        Say& say = script_->says[next_];
        if (say.after > base::Nanos::zero()) {
            const auto fault = wait(loop_.clock().now() + say.after, deadline);
            if (fault != net::Fault::none) return {0, fault};
            say.after = {};
        }
        if (say.bytes.empty()) {
            ++next_;
            if (say.fault == net::Fault::none) return read(into, deadline);
            return {0, say.fault};
        }
        const std::size_t count = std::min(into.size(), say.bytes.size());
        std::memcpy(into.data(), say.bytes.data(), count);
        say.bytes.erase(0, count);
        if (say.bytes.empty() && say.fault == net::Fault::none) ++next_;
        return {count, net::Fault::none};
    }
    net::IoResult write(std::span<const std::byte> from, base::Instant deadline) override {
        if (script_->write_takes > base::Nanos::zero()) {
            const auto fault = wait(loop_.clock().now() + script_->write_takes, deadline);
            if (fault != net::Fault::none) return {0, fault};
        }
        std::size_t count = from.size();
        if (script_->write_fault != net::Fault::none) {
            count = std::min(count, script_->write_fault_after);
        }
        script_->written.append(reinterpret_cast<const char*>(from.data()), count);
        script_->writes.push_back(count);
        return {count, script_->write_fault};
    }
    bool reusable() override { return script_->alive; }
    void close() noexcept override { script_->closed = true; }
    [[nodiscard]] const net::PeerAddress& peer() const noexcept override { return peer_; }
    [[nodiscard]] const net::TlsFacts* tls() const noexcept override { return script_->tls.get(); }
    [[nodiscard]] std::string_view fault_text() const noexcept override { return "io went wrong"; }

private:
    /// none: `until` has come.
    net::Fault wait(base::Instant until, base::Instant deadline) {
        rt::Baton nobody_posts(loop_);
        const bool in_time = until <= deadline;
        const auto wake = nobody_posts.wait(in_time ? until : deadline);
        if (wake == rt::Wake::cancelled) return net::Fault::cancelled;
        return in_time ? net::Fault::none : net::Fault::timed_out;
    }

    rt::Loop& loop_;
    std::shared_ptr<ScriptedConnection> script_;
    net::PeerAddress peer_{"192.0.2.1", 80};
    std::size_t next_ = 0;
};

/// Hands out the expected connections in order.
class ScriptedDialer final : public net::Dialer {
public:
    explicit ScriptedDialer(rt::Loop& loop) : loop_(loop) {}

    std::shared_ptr<ScriptedConnection> expect(ScriptedConnection connection) {
        expected_.push_back(std::make_shared<ScriptedConnection>(std::move(connection)));
        return expected_.back();
    }
    /// Answers with `response` for each request, one after another, at once.
    std::shared_ptr<ScriptedConnection> expect_answers(std::vector<std::string> responses) {
        ScriptedConnection made;
        for (auto& response : responses) made.says.push_back({.bytes = std::move(response)});
        return expect(std::move(made));
    }
    [[nodiscard]] bool all_dialed() const { return expected_.empty(); }

    std::variant<net::Dialed, net::Failure> dial(const net::DialTarget& target,
                                                 base::Instant deadline) override {
        targets.push_back(std::string(target.host) + ":" + std::to_string(target.port) +
                          (target.tls ? " tls" : ""));
        proxies.push_back(target.proxy == nullptr ? "" : target.proxy->href);
        CHECK(!expected_.empty());
        const auto script = expected_.front();
        expected_.pop_front();
        const auto& takes = script->takes;
        const auto done =
            loop_.clock().now() + takes.looking_up + takes.connecting + takes.tls_handshaking;
        if (done > loop_.clock().now() && !rt::sleep_until(loop_, std::min(done, deadline))) {
            return net::Failure{net::Fault::cancelled, "cancelled"};
        }
        if (done > deadline) return net::Failure{net::Fault::dial_timed_out, "no answer in time"};
        if (script->refuses.failed()) return script->refuses;
        return net::Dialed{std::make_unique<ScriptedStream>(loop_, script), takes};
    }

    std::vector<std::string> targets;
    std::vector<std::string> proxies;

private:
    rt::Loop& loop_;
    std::deque<std::shared_ptr<ScriptedConnection>> expected_;
};

/// A simulated loop and the fibers on it.
class SimWorld {
public:
    rt::SimLoop loop;
    ScriptedDialer dialer{loop};

    ~SimWorld() {
        for (const auto& fiber : fibers_) fiber->cancel();
        loop.run();
    }
    rt::Fiber& spawn(rt::Fiber::Body body) {
        fibers_.push_back(
            std::make_unique<rt::Fiber>(loop, stacks_, rt::io_stack_bytes, std::move(body)));
        fibers_.back()->start();
        return *fibers_.back();
    }
    /// Until nothing is left to do.
    void run(rt::Fiber::Body body) {
        spawn(std::move(body));
        loop.run();
    }
    [[nodiscard]] base::Instant now() const { return loop.clock().now(); }

private:
    rt::StackPool stacks_;
    std::vector<std::unique_ptr<rt::Fiber>> fibers_;
};

}  // namespace weir::http::testing
