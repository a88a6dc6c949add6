#include "http/server/server.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <span>
#include <string_view>

#include <sys/socket.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/format.h"
#include "net/tcp_stream.h"
#include "rt/baton.h"

namespace weir::http {
namespace {

/// Handlers parse documents and ask databases; only touched pages count.
constexpr std::size_t stack_bytes = 512UL * 1024;
constexpr std::string_view busy_answer =
    "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nConnection: close\r\n"
    "Content-Length: 21\r\n\r\ntoo many connections\n";

std::string_view reason_of(int status) {
    switch (status) {
        case 200:
            return "OK";
        case 400:
            return "Bad Request";
        case 401:
            return "Unauthorized";
        case 404:
            return "Not Found";
        case 405:
            return "Method Not Allowed";
        case 408:
            return "Request Timeout";
        case 413:
            return "Content Too Large";
        case 421:
            return "Misdirected Request";
        case 431:
            return "Request Header Fields Too Large";
        case 502:
            return "Bad Gateway";
        case 503:
            return "Service Unavailable";
        default:
            return status < 400 ? "OK" : status < 500 ? "Refused" : "Failed";
    }
}

/// RFC 9112 §4.
std::string bytes_of(const ServerAnswer& answer, bool keep_alive, bool head) {
    std::string out =
        base::format("HTTP/1.1 {} {}\r\nContent-Type: {}\r\nContent-Length: {}\r\n", answer.status,
                     reason_of(answer.status), answer.content_type, answer.body.size());
    for (const auto& [name, value] : answer.headers) out += name + ": " + value + "\r\n";
    if (!keep_alive) out += "Connection: close\r\n";
    out += "\r\n";
    if (!head) out += answer.body;
    return out;
}

std::span<const std::byte> as_bytes(std::string_view text) {
    return std::as_bytes(std::span(text));
}

/// Without waiting: who floods gets what fits, and is let go.
void turn_away(int connected) {
    static_cast<void>(send(connected, busy_answer.data(), busy_answer.size(), MSG_NOSIGNAL));
    shutdown(connected, SHUT_WR);
    // What lies unread would turn the close into a reset, which takes the answer with it.
    std::array<char, 4096> unread{};
    while (recv(connected, unread.data(), unread.size(), MSG_DONTWAIT) > 0) {
    }
    close(connected);
}

}  // namespace

struct Server::Open {
    std::unique_ptr<rt::Fiber> fiber;
    bool idle = true;
    base::Instant idle_since{};
};

Server::Server(rt::EpollLoop& loop, rt::StackPool& stacks, ServerLimits limits, Handler handler)
    : loop_(&loop), stacks_(&stacks), limits_(limits), handler_(std::move(handler)) {}

Server::~Server() {
    CHECK(ended());
    close(listener_);
}

base::Result<std::unique_ptr<Server>> Server::listen(rt::EpollLoop& loop,
                                                     rt::StackPool& stacks,
                                                     const net::Endpoint& at,
                                                     ServerLimits limits,
                                                     Handler handler) {
    sockaddr_storage address{};
    const socklen_t length = at.to_socket(address);
    auto* const plain = reinterpret_cast<sockaddr*>(&address);
    const int fd = socket(address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const int on = 1;
    const bool ready = fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
                       bind(fd, plain, length) == 0 && ::listen(fd, SOMAXCONN) == 0;
    if (!ready) {
        const int cause = errno;
        if (fd >= 0) close(fd);
        return base::Error{base::Code::io,
                           base::format("listening on {}: {}", at.text(), std::strerror(cause))};
    }
    std::unique_ptr<Server> server(new Server(loop, stacks, limits, std::move(handler)));
    server->listener_ = fd;
    socklen_t size = sizeof address;
    getsockname(fd, plain, &size);
    server->port_ = net::Endpoint::from_socket(address).value_or(at).port;
    server->acceptor_ = std::make_unique<rt::Fiber>(loop, stacks, rt::io_stack_bytes,
                                                    [own = server.get()] { own->accept_all(); });
    server->acceptor_->start();
    return server;
}

void Server::accept_all() {
    rt::Readiness ready(*loop_);
    if (!ready.add(listener_)) return;
    while (ready.wait_readable(base::never) == rt::Wake::posted) {
        sockaddr_storage from{};
        socklen_t length = sizeof from;
        const int connected = accept4(listener_, reinterpret_cast<sockaddr*>(&from), &length,
                                      SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (connected >= 0) {
            take(connected, net::Endpoint::from_socket(from).value_or(net::Endpoint{}));
            if (open_.size() > limits_.connections) let_others_run();
            continue;
        }
        const bool again = errno == EINTR || errno == ECONNABORTED;
        if (errno == EAGAIN || errno == EWOULDBLOCK) {
            ready.drained();
        } else if (!again) {
            // Out of descriptors: the connection waits in the kernel until one is free.
            if (!rt::sleep_until(*loop_, loop_->clock().now() + std::chrono::milliseconds(100))) {
                break;
            }
        }
    }
    ready.remove();
}

/// So that connections that were ended are gone before the next one asks for room.
void Server::let_others_run() {
    const auto baton = std::make_shared<rt::Baton>(*loop_);
    loop_->post([baton] { baton->post(); });
    static_cast<void>(baton->wait());
}

/// Ends the connection that has been idle for longest.
bool Server::make_room() {
    Open* longest = nullptr;
    for (const auto& each : open_) {
        if (!each->idle || each->fiber->cancelled()) continue;
        if (longest == nullptr || each->idle_since < longest->idle_since) longest = each.get();
    }
    if (longest == nullptr) return false;
    longest->fiber->cancel();
    return true;
}

void Server::take(int connected, const net::Endpoint& peer) {
    // Some that are being ended may still be there: twice the limit is the end of patience.
    const bool full = open_.size() >= limits_.connections &&
                      (open_.size() >= 2 * limits_.connections || !make_room());
    if (full || stopping_) {
        totals_.busy += 1;
        turn_away(connected);
        return;
    }
    open_.push_back(std::make_unique<Open>());
    const auto place = std::prev(open_.end());
    Open& open = **place;
    open.idle_since = loop_->clock().now();
    open.fiber = std::make_unique<rt::Fiber>(
        *loop_, *stacks_, stack_bytes,
        [this, &open, connected, peer] { serve(open, connected, peer); });
    open.fiber->on_done([this, place] { open_.erase(place); });
    open.fiber->start();
}

void Server::serve(Open& open, int connected, const net::Endpoint& peer) {
    net::TcpStream stream(*loop_, connected, peer);
    RequestParser parser(limits_.request);
    std::array<std::byte, 16384> buffer{};
    bool keep = true;
    while (keep && !stopping_) {
        ReceivedRequest request;
        parser.begin(request);
        open.idle = parser.untouched();
        open.idle_since = loop_->clock().now();
        base::Instant deadline =
            open.idle_since + (open.idle ? limits_.idle_time : limits_.request_time);
        auto progress = parser.feed({});
        while (progress == RequestParser::Progress::more) {
            if (parser.wants_continue()) {
                const auto sent = stream.write(as_bytes("HTTP/1.1 100 Continue\r\n\r\n"), deadline);
                if (sent.fault != net::Fault::none) return;
            }
            const auto got = stream.read(buffer, deadline);
            if (got.bytes > 0 && open.idle) {
                open.idle = false;
                deadline = loop_->clock().now() + limits_.request_time;
            }
            if (got.bytes > 0) progress = parser.feed(std::span(buffer).first(got.bytes));
            if (got.fault == net::Fault::none) continue;
            if (progress == RequestParser::Progress::done) break;
            if (got.fault == net::Fault::timed_out && !open.idle) totals_.slow += 1;
            return;
        }
        open.idle = false;
        ServerAnswer answer;
        if (progress == RequestParser::Progress::failed) {
            totals_.refused += 1;
            answer = {.status = parser.problem(),
                      .body = parser.problem_text() + "\n",
                      .content_type = "text/plain; charset=utf-8",
                      .headers = {}};
        } else {
            totals_.requests += 1;
            answer = handler_(request);
        }
        keep = progress == RequestParser::Progress::done && parser.keep_alive() && !stopping_;
        const auto bytes = bytes_of(answer, keep, request.method == "HEAD");
        const auto until = loop_->clock().now() + limits_.answer_time;
        if (stream.write(as_bytes(bytes), until).fault != net::Fault::none) return;
        if (progress != RequestParser::Progress::failed) continue;
        // Who still sends must be able to read why nobody listens.
        shutdown(connected, SHUT_WR);
        const auto drained_by = loop_->clock().now() + std::chrono::seconds(1);
        while (stream.read(buffer, drained_by).fault == net::Fault::none) {
        }
    }
}

void Server::stop() {
    const bool again = std::exchange(stopping_, true);
    acceptor_->cancel();
    for (const auto& each : open_) {
        if (each->idle || again) each->fiber->cancel();
    }
}

}  // namespace weir::http
