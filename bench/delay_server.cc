// delay_server: an HTTP server that answers after known delays and reports what it really did.
//
// GET /delay            waits for the next delay of a fixed heavy-tailed sequence, then answers
// 200. GET /now              answers at once. GET /freeze?ms=2000   stops answering anything for
// that long (a garbage-collection pause, say). GET /truth            JSON: quantiles in ms of
// (answer written - request read) for /delay and /now.
//
// One thread, epoll, absolute timers: its own error is a few tens of microseconds, and /truth has
// it counted in. It is the reference that reported latencies are held against.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <queue>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

namespace {

constexpr std::string_view answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
constexpr std::int64_t never = INT64_MAX;

std::int64_t now_ns() {
    timespec t{};
    clock_gettime(CLOCK_MONOTONIC, &t);
    return std::int64_t{t.tv_sec} * 1'000'000'000 + t.tv_nsec;
}

struct Pending {
    std::int64_t due = 0;
    std::int64_t read_at = 0;
    int fd = -1;
    bool operator>(const Pending& other) const { return due > other.due; }
};

class Server {
public:
    explicit Server(std::uint16_t port) {
        listener_ = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        const int on = 1;
        setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
        sockaddr_in at{};
        at.sin_family = AF_INET;
        at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        at.sin_port = htons(port);
        if (bind(listener_, reinterpret_cast<sockaddr*>(&at), sizeof at) != 0 ||
            listen(listener_, 4096) != 0) {
            std::perror("delay_server: listen");
            std::exit(1);
        }
        socklen_t length = sizeof at;
        getsockname(listener_, reinterpret_cast<sockaddr*>(&at), &length);
        std::printf("%d\n", ntohs(at.sin_port));
        std::fflush(stdout);
        epoll_ = epoll_create1(0);
        timer_ = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
        watch(listener_);
        watch(timer_);
    }

    [[noreturn]] void serve() {
        while (true) {
            epoll_event events[256];
            const int count = epoll_wait(epoll_, events, 256, -1);
            for (int i = 0; i < count; ++i) on_event(events[i].data.fd);
            answer_due();
        }
    }

private:
    void watch(int fd) const {
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.fd = fd;
        epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event);
    }

    void on_event(int fd) {
        if (fd == listener_) {
            while (true) {
                const int client = accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK);
                if (client < 0) return;
                const int on = 1;
                setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
                watch(client);
            }
        }
        if (fd == timer_) {
            std::uint64_t fired = 0;
            (void)!read(timer_, &fired, sizeof fired);
            return;
        }
        on_client(fd);
    }

    void on_client(int fd) {
        char bytes[8192];
        const ssize_t got = read(fd, bytes, sizeof bytes);
        if (got <= 0) {
            if (got < 0 && errno == EAGAIN) return;
            close(fd);
            partial_.erase(fd);
            return;
        }
        std::string& text = partial_[fd];
        text.append(bytes, static_cast<std::size_t>(got));
        if (text.find("\r\n\r\n") == std::string::npos) return;
        const std::string request = std::exchange(text, {});
        on_request(fd, request, now_ns());
    }

    void on_request(int fd, std::string_view request, std::int64_t at) {
        if (request.starts_with("GET /truth")) return reply(fd, truth());
        if (request.starts_with("GET /freeze?ms=")) {
            frozen_until_ = at + std::atoll(request.data() + 15) * 1'000'000;
            return reply(fd, "frozen");
        }
        const std::int64_t delay = request.starts_with("GET /delay") ? next_delay() : 0;
        pending_.push({at + delay, at, fd});
    }

    /// 1 to about 60 ms, one in a hundred ten times as long: a shape like a web page's.
    std::int64_t next_delay() {
        state_ = state_ * 6364136223846793005U + 1442695040888963407U;
        const double u = static_cast<double>(state_ >> 11U) * 0x1p-53;
        const double ms = 2.0 - 8.0 * std::log(1.0 - u * 0.999) / 2.0;
        return static_cast<std::int64_t>((served_++ % 100 == 99 ? ms * 10 : ms) * 1e6);
    }

    void answer_due() {
        std::int64_t now = now_ns();
        if (now < frozen_until_) return arm(frozen_until_);
        while (!pending_.empty() && pending_.top().due <= now) {
            const Pending next = pending_.top();
            pending_.pop();
            (void)!write(next.fd, answer.data(), answer.size());
            now = now_ns();
            took_.push_back(now - next.read_at);
        }
        arm(pending_.empty() ? never : pending_.top().due);
    }

    void arm(std::int64_t due) const {
        itimerspec when{};
        if (due != never) {
            when.it_value.tv_sec = due / 1'000'000'000;
            when.it_value.tv_nsec = std::max<std::int64_t>(due % 1'000'000'000, 1);
        }
        timerfd_settime(timer_, TFD_TIMER_ABSTIME, &when, nullptr);
    }

    std::string truth() {
        std::sort(took_.begin(), took_.end());
        std::string json = "{\"count\":" + std::to_string(took_.size());
        for (const double q : {0.5, 0.9, 0.99, 0.999}) {
            const auto rank = static_cast<std::size_t>(q * static_cast<double>(took_.size()));
            const double ms =
                took_.empty() ? 0
                              : static_cast<double>(took_[std::min(rank, took_.size() - 1)]) / 1e6;
            char text[64];
            std::snprintf(text, sizeof text, ",\"p%g\":%.4f", q * 100, ms);
            json += text;
        }
        return json + "}";
    }

    static void reply(int fd, std::string_view body) {
        const std::string text =
            "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
            std::string(body);
        (void)!write(fd, text.data(), text.size());
    }

    int listener_ = -1;
    int epoll_ = -1;
    int timer_ = -1;
    std::int64_t frozen_until_ = 0;
    std::uint64_t state_ = 42;
    std::uint64_t served_ = 0;
    std::unordered_map<int, std::string> partial_;
    std::priority_queue<Pending, std::vector<Pending>, std::greater<>> pending_;
    std::vector<std::int64_t> took_;
};

}  // namespace

int main(int argc, char** argv) {
    Server(static_cast<std::uint16_t>(argc > 1 ? std::atoi(argv[1]) : 0)).serve();
}
