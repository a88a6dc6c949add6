// SimTarget: a simulated HTTP/1.1 server behind a Dialer, for tests of journeys on a SimLoop.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "net/dialer.h"
#include "rt/loop.h"

namespace weir::journey::testing {

/// A request as it came over the wire.
struct SeenRequest {
    std::string method;
    std::string target;
    std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
    std::string body;
    std::string host;  // dialled
    base::Instant at{};
    std::uint64_t connection = 0;
    /// "" when absent.
    [[nodiscard]] std::string header(std::string_view name) const;
};

struct Reply {
    int status = 200;
    std::string body = {};
    std::vector<std::pair<std::string, std::string>> headers = {};
    base::Nanos delay{};
    bool never = false;   // no answer at all
    bool closes = false;  // the connection ends instead of an answer
};

/// All of the target's behaviour is one function of the request.
class SimTarget final : public net::Dialer {
public:
    using Handler = std::function<Reply(const SeenRequest&)>;

    explicit SimTarget(rt::Loop& loop) : loop_(&loop) {}

    void set_handler(Handler handler) { handler_ = std::move(handler); }
    /// Every dial fails so, until reset.
    void refuse(std::optional<net::Failure> failure) { refusal_ = std::move(failure); }

    [[nodiscard]] std::variant<net::Dialed, net::Failure> dial(const net::DialTarget& target,
                                                               base::Instant deadline) override;

    std::vector<SeenRequest> seen;
    std::uint64_t connections = 0;

private:
    friend class SimStream;
    rt::Loop* loop_;
    Handler handler_ = [](const SeenRequest&) { return Reply{}; };
    std::optional<net::Failure> refusal_;
};

}  // namespace weir::journey::testing
