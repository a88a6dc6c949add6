#include "net/sim_net.h"

#include <algorithm>
#include <cstring>

#include "base/assert.h"
#include "base/format.h"

namespace weir::net {
namespace {

using base::Instant;
using base::Nanos;

/// Finished connections are cleared away when this many live ones could be kept in their place.
constexpr std::size_t sweep_slack = 64;

std::string_view words_for(Fault fault) {
    switch (fault) {
        case Fault::connection_refused:
            return "connection refused";
        case Fault::dns_not_found:
            return "no such host";
        case Fault::reset:
            return "connection reset by peer";
        default:
            return "simulated fault";
    }
}

}  // namespace

class SimStream final : public Stream {
public:
    SimStream(SimConnection& connection, std::uint16_t port, bool tls)
        : connection_(&connection), peer_{"192.0.2.1", port}, tls_(tls) {
        facts_ = {"tls1.3", "TLS_AES_128_GCM_SHA256", "http/1.1"};
    }
    ~SimStream() override { close(); }
    SimStream(const SimStream&) = delete;
    SimStream& operator=(const SimStream&) = delete;

    [[nodiscard]] IoResult read(std::span<std::byte> into, Instant deadline) override;
    [[nodiscard]] IoResult write(std::span<const std::byte> from, Instant deadline) override;
    [[nodiscard]] bool reusable() override {
        return connection_ != nullptr && connection_->inbox_.empty() && !at_end();
    }
    void close() noexcept override;
    [[nodiscard]] Fault wait_readable(Instant deadline) override;
    [[nodiscard]] const PeerAddress& peer() const noexcept override { return peer_; }
    [[nodiscard]] const TlsFacts* tls() const noexcept override { return tls_ ? &facts_ : nullptr; }
    [[nodiscard]] std::string_view fault_text() const noexcept override {
        return words_for(Fault::reset);
    }

private:
    [[nodiscard]] bool at_end() const { return connection_->ended_ || connection_->reset_; }

    SimConnection* connection_;
    PeerAddress peer_;
    TlsFacts facts_;
    bool tls_;
};

Fault SimStream::wait_readable(Instant deadline) {
    if (connection_ == nullptr) return Fault::closed;
    while (connection_->inbox_.empty() && !at_end()) {
        connection_->arrived_.reset();
        const rt::Wake wake = connection_->arrived_.wait(deadline);
        if (wake == rt::Wake::cancelled) return Fault::cancelled;
        if (wake == rt::Wake::timed_out) return Fault::timed_out;
    }
    return Fault::none;
}

IoResult SimStream::read(std::span<std::byte> into, Instant deadline) {
    if (const Fault fault = wait_readable(deadline); fault != Fault::none) return {0, fault};
    if (connection_->reset_) return {0, Fault::reset};
    if (connection_->inbox_.empty()) return {0, Fault::closed};
    const std::size_t count = std::min(into.size(), connection_->inbox_.size());
    std::memcpy(into.data(), connection_->inbox_.data(), count);
    connection_->inbox_.erase(0, count);
    return {count, Fault::none};
}

IoResult SimStream::write(std::span<const std::byte> from, Instant /*deadline*/) {
    if (connection_ == nullptr) return {0, Fault::closed};
    if (connection_->reset_) return {0, Fault::reset};
    connection_->schedule(
        connection_->to_server_,
        {connection_->now() + connection_->net_->journey(), SimConnection::Kind::bytes,
         std::string(reinterpret_cast<const char*>(from.data()), from.size())});
    return {from.size(), Fault::none};
}

void SimStream::close() noexcept {
    SimConnection* const connection = std::exchange(connection_, nullptr);
    if (connection == nullptr) return;
    connection->client_closed_ = true;
    connection->to_client_.events.clear();
    connection->net_->loop_->cancel(connection->to_client_.timer);
    connection->inbox_.clear();
    connection->net_->open_ -= 1;
    connection->schedule(
        connection->to_server_,
        {connection->now() + connection->net_->journey(), SimConnection::Kind::end, {}});
}

SimConnection::SimConnection(SimNet& net, std::unique_ptr<SimPeer> peer)
    : net_(&net),
      peer_(std::move(peer)),
      to_client_(&SimConnection::on_client_event, this),
      to_server_(&SimConnection::on_server_event, this),
      arrived_(*net.loop_) {}

Instant SimConnection::now() const {
    return net_->loop_->clock().now();
}

void SimConnection::schedule(Lane& lane, Event event) {
    if (!lane.events.empty()) event.due = std::max(event.due, lane.events.back().due);
    lane.events.push_back(std::move(event));
    if (!lane.timer.armed()) net_->loop_->arm(lane.timer, lane.events.front().due);
}

void SimConnection::send(std::string bytes, Nanos after) {
    if (client_closed_ || server_closed_ || bytes.empty()) return;
    schedule(to_client_, {now() + after + net_->journey(), Kind::bytes, std::move(bytes)});
}

void SimConnection::trickle(std::string_view bytes, std::size_t piece, Nanos between, Nanos after) {
    CHECK(piece > 0);
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
        send(std::string(bytes.substr(at, piece)), after);
        after += between;
    }
}

void SimConnection::close(Nanos after) {
    if (client_closed_ || server_closed_) return;
    server_closed_ = true;
    schedule(to_client_, {now() + after + net_->journey(), Kind::end, {}});
}

void SimConnection::reset(Nanos after) {
    if (client_closed_) return;
    server_closed_ = true;
    schedule(to_client_, {now() + after + net_->journey(), Kind::reset, {}});
}

void SimConnection::on_client_event(void* self) {
    auto* const here = static_cast<SimConnection*>(self);
    Event event = std::move(here->to_client_.events.front());
    here->to_client_.events.pop_front();
    if (!here->to_client_.events.empty()) {
        here->net_->loop_->arm(here->to_client_.timer, here->to_client_.events.front().due);
    }
    here->deliver_to_client(std::move(event));
}

void SimConnection::on_server_event(void* self) {
    auto* const here = static_cast<SimConnection*>(self);
    Event event = std::move(here->to_server_.events.front());
    here->to_server_.events.pop_front();
    if (!here->to_server_.events.empty()) {
        here->net_->loop_->arm(here->to_server_.timer, here->to_server_.events.front().due);
    }
    here->deliver_to_server(std::move(event));
}

void SimConnection::deliver_to_client(Event event) {
    switch (event.kind) {
        case Kind::bytes:
            inbox_ += event.bytes;
            break;
        case Kind::end:
            ended_ = true;
            break;
        case Kind::reset:
            reset_ = true;
            inbox_.clear();
            break;
    }
    arrived_.post();
}

void SimConnection::deliver_to_server(Event event) {
    if (event.kind == Kind::end) {
        peer_->on_close();
    } else if (server_closed_ && !client_closed_) {
        reset();  // RFC 9293 §3.10.7.1: data for a closed connection is answered by a reset
    } else if (!server_closed_) {
        peer_->on_bytes(*this, event.bytes);
    }
}

bool SimConnection::finished() const noexcept {
    return client_closed_ && to_server_.events.empty();
}

SimNet::SimNet(rt::Loop& loop, std::uint64_t seed, const SimLink& link)
    : loop_(&loop), link_(link), random_(seed) {}

SimNet::~SimNet() {
    CHECK(open_ == 0);
}

void SimNet::serve(std::string host, std::uint16_t port, SimServer& server) {
    servers_.insert_or_assign({std::move(host), port}, &server);
}

Nanos SimNet::journey() {
    if (link_.jitter <= Nanos::zero()) return link_.one_way;
    const auto most = static_cast<std::uint64_t>(link_.jitter.count());
    return link_.one_way + Nanos(static_cast<Nanos::rep>(random_.below(most)));
}

SimConnection& SimNet::add(std::unique_ptr<SimPeer> peer) {
    if (connections_.size() > 2 * open_ + sweep_slack) sweep();
    connections_.emplace_back(new SimConnection(*this, std::move(peer)));
    open_ += 1;
    return *connections_.back();
}

void SimNet::sweep() {
    std::erase_if(connections_, [](const auto& each) { return each->finished(); });
}

Failure SimDialer::wait(Instant until, Instant deadline, std::string_view doing) {
    if (!rt::sleep_until(*net_->loop_, std::min(until, deadline))) {
        return {Fault::cancelled, base::format("{}: cancelled", doing)};
    }
    if (until <= deadline) return {};
    return {Fault::dial_timed_out, base::format("{}: no answer in time", doing)};
}

std::variant<SimAnswer, Failure> SimDialer::ask(const DialTarget& target) {
    const auto known = net_->servers_.lower_bound({std::string(target.host), 0});
    if (known == net_->servers_.end() || known->first.first != target.host) {
        return Failure{Fault::dns_not_found, base::format("looking up {}: {}", target.host,
                                                          words_for(Fault::dns_not_found))};
    }
    const auto found = net_->servers_.find({std::string(target.host), target.port});
    if (found == net_->servers_.end()) return SimAnswer::refuse();
    return found->second->on_connect(net_->attempts_++);
}

std::variant<Dialed, Failure> SimDialer::dial(const DialTarget& target, Instant deadline) {
    const rt::Clock& clock = net_->loop_->clock();
    const std::string place = base::format("{}:{}", target.host, target.port);
    DialTimings timings{.looking_up = net_->link_.look_up};
    Failure late = wait(clock.now() + timings.looking_up, deadline, "looking up " + place);
    if (late.failed()) return late;
    auto asked = ask(target);
    if (auto* const failure = std::get_if<Failure>(&asked)) return std::move(*failure);

    SimAnswer& answer = std::get<SimAnswer>(asked);
    const bool hangs = answer.peer == nullptr && answer.fault == Fault::none;
    timings.connecting = answer.after + net_->journey() + net_->journey();
    late = wait(hangs ? base::never : clock.now() + timings.connecting, deadline,
                "connecting to " + place);
    if (late.failed()) return late;
    if (answer.fault != Fault::none) {
        return Failure{answer.fault,
                       base::format("connecting to {}: {}", place, words_for(answer.fault))};
    }
    if (target.tls) {
        timings.tls_handshaking = net_->link_.tls_handshake;
        late = wait(clock.now() + timings.tls_handshaking, deadline, "TLS handshake with " + place);
        if (late.failed()) return late;
    }
    SimConnection& connection = net_->add(std::move(answer.peer));
    return Dialed{std::make_unique<SimStream>(connection, target.port, target.tls), timings};
}

}  // namespace weir::net
