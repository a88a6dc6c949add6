// Part of the test binary only, as its name says to the build.
#include "journey/testing/sim_target.h"

#include <algorithm>
#include <cctype>
#include <charconv>

#include "base/format.h"
#include "net/stream.h"
#include "rt/baton.h"

namespace weir::journey::testing {

namespace {

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

/// Takes one whole request off the front of `bytes`.
std::optional<SeenRequest> take_request(std::string& bytes) {
    const std::size_t end = bytes.find("\r\n\r\n");
    if (end == std::string::npos) return std::nullopt;
    SeenRequest out;
    std::string_view head = std::string_view(bytes).substr(0, end);
    const std::string_view line = head.substr(0, head.find("\r\n"));
    out.method = line.substr(0, line.find(' '));
    out.target = line.substr(out.method.size() + 1, line.rfind(' ') - out.method.size() - 1);
    std::size_t at = line.size();
    while (at < head.size()) {
        const std::string_view rest = head.substr(at + 2);
        const std::string_view field = rest.substr(0, rest.find("\r\n"));
        const std::size_t colon = field.find(": ");
        out.headers.emplace_back(lower(field.substr(0, colon)), field.substr(colon + 2));
        at += 2 + field.size();
    }
    const std::string length = out.header("content-length");
    const std::size_t body = length.empty() ? 0 : std::stoul(length);
    if (bytes.size() < end + 4 + body) return std::nullopt;
    out.body = bytes.substr(end + 4, body);
    bytes.erase(0, end + 4 + body);
    return out;
}

std::string written(const Reply& reply, bool with_body) {
    std::string out =
        base::format("HTTP/1.1 {} {}\r\n", reply.status, reply.status < 400 ? "OK" : "Error");
    for (const auto& [name, value] : reply.headers) out += name + ": " + value + "\r\n";
    out += base::format("Content-Length: {}\r\n\r\n", reply.body.size());
    return with_body ? out + reply.body : out;
}

}  // namespace

std::string SeenRequest::header(std::string_view name) const {
    for (const auto& [key, value] : headers) {
        if (key == name) return value;
    }
    return {};
}

class SimStream final : public net::Stream {
public:
    SimStream(SimTarget& target,
              rt::Loop& loop,
              std::string host,
              std::uint16_t port,
              std::uint64_t number)
        : target_(&target), loop_(&loop), host_(std::move(host)), number_(number) {
        peer_.ip = "192.0.2.1";
        peer_.port = port;
    }

    net::IoResult read(std::span<std::byte> into, base::Instant deadline) override {
        for (;;) {
            if (ready_ <= loop_->clock().now() && !out_.empty()) {
                const std::size_t n = std::min(into.size(), out_.size());
                std::copy_n(reinterpret_cast<const std::byte*>(out_.data()), n, into.data());
                out_.erase(0, n);
                return {n, net::Fault::none};
            }
            if (ended_ && out_.empty()) return {0, net::Fault::closed};
            const base::Instant until = out_.empty() ? deadline : std::min(deadline, ready_);
            rt::Baton nobody(*loop_);
            if (nobody.wait(until) == rt::Wake::cancelled) return {0, net::Fault::cancelled};
            if (loop_->clock().now() >= deadline) return {0, net::Fault::timed_out};
        }
    }
    net::IoResult write(std::span<const std::byte> from, base::Instant) override {
        in_.append(reinterpret_cast<const char*>(from.data()), from.size());
        while (auto request = take_request(in_)) answer(std::move(*request));
        return {from.size(), net::Fault::none};
    }
    bool reusable() override { return !ended_; }
    void close() noexcept override { ended_ = true; }
    [[nodiscard]] const net::PeerAddress& peer() const noexcept override { return peer_; }

private:
    void answer(SeenRequest request) {
        request.host = host_;
        request.at = loop_->clock().now();
        request.connection = number_;
        const Reply reply = target_->handler_(request);
        ready_ = request.at + reply.delay;
        if (reply.closes) {
            ended_ = true;
        } else if (!reply.never) {
            out_ += written(reply, request.method != "HEAD");
        }
        target_->seen.push_back(std::move(request));
    }

    SimTarget* target_;
    rt::Loop* loop_;
    std::string host_;
    std::uint64_t number_;
    net::PeerAddress peer_;
    std::string in_;
    std::string out_;
    base::Instant ready_{};
    bool ended_ = false;
};

std::variant<net::Dialed, net::Failure> SimTarget::dial(const net::DialTarget& target,
                                                        base::Instant) {
    if (refusal_) return *refusal_;
    connections += 1;
    net::Dialed out;
    out.stream = std::make_unique<SimStream>(*this, *loop_, std::string(target.host), target.port,
                                             connections);
    return out;
}

}  // namespace weir::journey::testing
