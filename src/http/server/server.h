// Server: HTTP/1.1 on one loop, a fiber for each connection, bounded in every direction.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "http/server/request_parser.h"
#include "net/address.h"
#include "rt/epoll_loop.h"
#include "rt/fiber.h"

namespace weir::http {

struct ServerAnswer {
    int status = 200;
    std::string body;  // as it is
    std::string content_type = "text/plain; charset=utf-8";
    std::vector<std::pair<std::string, std::string>> headers;
};

struct ServerLimits {
    RequestLimits request;
    std::size_t connections = 64;  // at once; the longest idle one makes room, else 503
    base::Nanos request_time = std::chrono::seconds(10);  // from its first byte to its last
    base::Nanos idle_time = std::chrono::seconds(60);     // between requests of a connection
    base::Nanos answer_time = std::chrono::seconds(10);   // to take an answer
};

/// What became of connections and requests, since the start.
struct ServerTotals {
    std::uint64_t requests = 0;
    std::uint64_t refused = 0;  // 4xx and 5xx that the server itself answered
    std::uint64_t busy = 0;     // 503: too many connections
    std::uint64_t slow = 0;     // a request that did not come in time
};

class Server {
public:
    /// Called on the connection's fiber; may park.
    using Handler = std::function<ServerAnswer(const ReceivedRequest&)>;

    /// The error says which address could not be had and why. `loop` and `stacks` outlive it.
    [[nodiscard]] static base::Result<std::unique_ptr<Server>> listen(rt::EpollLoop& loop,
                                                                      rt::StackPool& stacks,
                                                                      const net::Endpoint& at,
                                                                      ServerLimits limits,
                                                                      Handler handler);
    ~Server();  // CHECKs that ended() holds
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
    [[nodiscard]] const ServerTotals& totals() const noexcept { return totals_; }
    /// No new connections and requests; those under way are answered, idle ones closed. Twice:
    /// those under way are given up, too.
    void stop();
    [[nodiscard]] bool ended() const noexcept { return acceptor_->done() && open_.empty(); }

private:
    struct Open;
    Server(rt::EpollLoop& loop, rt::StackPool& stacks, ServerLimits limits, Handler handler);

    void accept_all();
    void take(int connected, const net::Endpoint& peer);
    void let_others_run();
    [[nodiscard]] bool make_room();
    void serve(Open& open, int connected, const net::Endpoint& peer);

    rt::EpollLoop* loop_;
    rt::StackPool* stacks_;
    ServerLimits limits_;
    Handler handler_;
    ServerTotals totals_;
    int listener_ = -1;
    std::uint16_t port_ = 0;
    bool stopping_ = false;
    std::unique_ptr<rt::Fiber> acceptor_;
    std::list<std::unique_ptr<Open>> open_;
};

}  // namespace weir::http
