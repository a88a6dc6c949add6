#include "tests/story/raw_server.h"

#include <array>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/format.h"

namespace weir::story {

namespace {

bool send_all(int fd, const std::string& bytes) {
    std::size_t sent = 0;
    while (sent < bytes.size()) {
        const ssize_t n = send(fd, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
        if (n <= 0) return false;
        sent += static_cast<std::size_t>(n);
    }
    return true;
}

std::size_t content_length(const std::string& head) {
    for (const char* name : {"Content-Length: ", "content-length: "}) {
        const std::size_t at = head.find(name);
        if (at != std::string::npos) return std::stoul(head.substr(at + 16));
    }
    return 0;
}

/// Reads one request; false at the connection's end.
bool read_request(int fd, std::string& buffer, RawRequest& out) {
    for (;;) {
        const std::size_t end = buffer.find("\r\n\r\n");
        if (end != std::string::npos) {
            const std::size_t length = content_length(buffer.substr(0, end));
            if (buffer.size() >= end + 4 + length) {
                const std::size_t line = buffer.find("\r\n");
                const std::size_t space = buffer.find(' ');
                out.method = buffer.substr(0, space);
                out.target = buffer.substr(space + 1, buffer.rfind(' ', line) - space - 1);
                out.head = buffer.substr(line + 2, end - line);
                out.body = buffer.substr(end + 4, length);
                buffer.erase(0, end + 4 + length);
                return true;
            }
        }
        std::array<char, 16384> chunk{};
        const ssize_t n = recv(fd, chunk.data(), chunk.size(), 0);
        if (n <= 0) return false;
        buffer.append(chunk.data(), static_cast<std::size_t>(n));
    }
}

}  // namespace

RawReply ok(std::string body, std::string headers) {
    return {.bytes = base::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n{}\r\n{}", body.size(),
                                  headers, body)};
}

RawServer::RawServer(Answer answer) : answer_(std::move(answer)) {
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);  // NOLINT: the socket API's way
    CHECK(bind(listener_, generic, size) == 0 && listen(listener_, 64) == 0);
    CHECK(getsockname(listener_, generic, &size) == 0);
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread([this] { accept_all(); });
}

RawServer::~RawServer() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        for (const int fd : open_) shutdown(fd, SHUT_RDWR);
    }
    shutdown(listener_, SHUT_RDWR);
    acceptor_.join();
    for (std::thread& thread : threads_) thread.join();
    close(listener_);
}

std::string RawServer::url() const {
    return base::format("http://127.0.0.1:{}", port_);
}

bool RawServer::keep(int fd) {
    const std::lock_guard lock(mutex_);
    if (!stopping_) open_.push_back(fd);
    return !stopping_;
}

void RawServer::accept_all() {
    for (;;) {
        const int fd = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (fd < 0) return;
        if (!keep(fd)) {
            close(fd);
            return;
        }
        threads_.emplace_back(
            [this, fd, number = connections_.fetch_add(1)] { serve(fd, number); });
    }
}

void RawServer::serve(int fd, std::uint64_t number) {
    std::string buffer;
    RawRequest request;
    request.connection = number;
    while (read_request(fd, buffer, request)) {
        requests_ += 1;
        const RawReply reply = answer_(request);
        if (!send_all(fd, reply.bytes)) break;
        if (reply.hangs) {
            char nothing = 0;
            while (recv(fd, &nothing, 1, 0) > 0) {
            }
            break;
        }
        if (reply.closes) break;
    }
    const std::lock_guard lock(mutex_);
    std::erase(open_, fd);
    close(fd);
}

}  // namespace weir::story
