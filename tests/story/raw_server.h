// RawServer: an HTTP server that says exactly what a test wants it to say, on threads of its own.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace weir::story {

struct RawRequest {
    std::string method;
    std::string target;
    std::string head;  // all header lines, names as sent
    std::string body;
    std::uint64_t connection = 0;
};

/// What goes over the wire, byte for byte.
struct RawReply {
    std::string bytes = {};
    bool closes = false;  // the connection, after the bytes
    bool hangs = false;   // nothing more ever comes; the connection stays open
};

/// "HTTP/1.1 200 OK" with a length, and `headers` ("Name: value\r\n…").
[[nodiscard]] RawReply ok(std::string body, std::string headers = "");

/// Listens on a free port of 127.0.0.1 until destroyed. `answer` is called from many threads.
class RawServer {
public:
    using Answer = std::function<RawReply(const RawRequest&)>;

    explicit RawServer(Answer answer);
    ~RawServer();
    RawServer(const RawServer&) = delete;
    RawServer& operator=(const RawServer&) = delete;

    /// "http://127.0.0.1:port"
    [[nodiscard]] std::string url() const;
    [[nodiscard]] std::uint64_t connections() const noexcept { return connections_.load(); }
    [[nodiscard]] std::uint64_t requests() const noexcept { return requests_.load(); }

private:
    void accept_all();
    void serve(int fd, std::uint64_t number);
    [[nodiscard]] bool keep(int fd);

    Answer answer_;
    int listener_ = -1;
    std::uint16_t port_ = 0;
    std::atomic<std::uint64_t> connections_{0};
    std::atomic<std::uint64_t> requests_{0};
    std::mutex mutex_;  // guards the two below
    std::vector<int> open_;
    bool stopping_ = false;
    std::vector<std::thread> threads_;  // of the accepting thread, until it has ended
    std::thread acceptor_;
};

}  // namespace weir::story
