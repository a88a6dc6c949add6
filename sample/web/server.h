// HttpServer: one listening origin; connections on one I/O thread, answers on lanes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "sample/result.h"
#include "sample/web/lane.h"
#include "sample/web/message.h"

namespace weir::sample {

/// What answers on an origin. `lane` says who does the work (nothing there may block); `respond`
/// runs on that lane's thread.
struct Site {
    std::function<Lane&(const Request&)> lane;
    std::function<Response(const Request&, std::size_t thread)> respond;
    Pairs headers;  // added to each response
};

/// Runs the event loop that all servers of the process share.
class IoThread {
public:
    IoThread();
    ~IoThread();
    IoThread(const IoThread&) = delete;
    IoThread& operator=(const IoThread&) = delete;

    void start();
    /// Ends the loop: connections are closed as they are. Safe to call twice.
    void stop();

    struct Loop;
    [[nodiscard]] Loop& loop() { return *loop_; }

private:
    std::unique_ptr<Loop> loop_;
};

/// HTTP/1.1 with keep-alive over Boost.Beast. A request waits in its lane's bounded queue; when
/// that is full the answer is 503 at once. At most `max_connections` are open, the rest wait in
/// the kernel's accept queue, which is bounded too: an overloaded pod behaves no better.
class HttpServer {
public:
    static constexpr std::size_t max_connections = 4096;

    /// Both must outlive the loop's last turn: stop the IoThread before they go.
    HttpServer(IoThread& io, const Site& site);
    ~HttpServer();
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    /// Binds and starts to accept; port 0 takes any free one.
    Result<void> listen(const std::string& address, std::uint16_t port);
    [[nodiscard]] std::uint16_t port() const;

    /// Accepts no more; what is being answered goes on. Thread-safe.
    void stop_accepting();
    /// Requests taken and not yet answered in full. Thread-safe.
    [[nodiscard]] std::size_t in_flight() const;

private:
    struct Acceptor;
    std::shared_ptr<Acceptor> acceptor_;
};

}  // namespace weir::sample
