// SimNet: a simulated network on virtual time: servers are objects that get bytes and schedule
// bytes.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/random.h"
#include "base/time.h"
#include "net/dialer.h"
#include "net/fault.h"
#include "net/stream.h"
#include "rt/baton.h"
#include "rt/loop.h"

namespace weir::net {

/// How far away the servers are. All times are virtual; jitter is drawn from the net's seed.
struct SimLink {
    base::Nanos look_up = std::chrono::microseconds(200);
    base::Nanos one_way = std::chrono::microseconds(100);
    base::Nanos jitter{};  // each journey of bytes takes up to this much longer, uniformly
    base::Nanos tls_handshake = std::chrono::milliseconds(1);
};

class SimConnection;

/// A simulated server's side of one connection. Its calls come on the loop's own stack.
class SimPeer {
public:
    virtual ~SimPeer() = default;
    /// Bytes the client wrote have arrived; in order, in pieces of any size.
    virtual void on_bytes(SimConnection& connection, std::string_view bytes) = 0;
    /// The client has closed. Nothing that is sent from here on arrives.
    virtual void on_close() {}
};

/// What comes of an attempt to connect: a peer, a fault (refused, untrusted, …), or nothing at all.
struct SimAnswer {
    std::unique_ptr<SimPeer> peer{};
    Fault fault = Fault::none;
    base::Nanos after{};  // on top of the link's own time

    [[nodiscard]] static SimAnswer accept(std::unique_ptr<SimPeer> peer) {
        return {std::move(peer)};
    }
    [[nodiscard]] static SimAnswer refuse(Fault fault = Fault::connection_refused) {
        return {nullptr, fault};
    }
    /// The dialler waits until its deadline.
    [[nodiscard]] static SimAnswer hang() { return {}; }
};

class SimServer {
public:
    virtual ~SimServer() = default;
    /// `nth` counts attempts on this net from 0.
    [[nodiscard]] virtual SimAnswer on_connect(std::uint64_t nth) = 0;
};

class SimNet;

/// What a SimPeer can do to its client. Each call takes effect `after` from now plus the link's
/// time, and never before what was asked for earlier.
class SimConnection {
public:
    void send(std::string bytes, base::Nanos after = {});
    /// In pieces of `piece` bytes, `between` apart.
    void trickle(std::string_view bytes,
                 std::size_t piece,
                 base::Nanos between,
                 base::Nanos after = {});
    /// The orderly end. Sending less than was announced and then closing truncates.
    void close(base::Nanos after = {});
    /// As a crashed server: bytes the client has not read are lost.
    void reset(base::Nanos after = {});
    /// The instant of the current event.
    [[nodiscard]] base::Instant now() const;

private:
    friend class SimNet;
    friend class SimStream;
    enum class Kind : std::uint8_t { bytes, end, reset };
    struct Event {
        base::Instant due;
        Kind kind = Kind::bytes;
        std::string bytes;
    };
    /// One direction: events in the order in which they arrive.
    struct Lane {
        Lane(rt::Timer::Callback callback, SimConnection* owner) : timer(callback, owner) {}
        std::deque<Event> events;
        rt::Timer timer;
    };

    SimConnection(SimNet& net, std::unique_ptr<SimPeer> peer);
    void schedule(Lane& lane, Event event);
    static void on_client_event(void* self);
    static void on_server_event(void* self);
    void deliver_to_client(Event event);
    void deliver_to_server(Event event);
    [[nodiscard]] bool finished() const noexcept;

    SimNet* net_;
    std::unique_ptr<SimPeer> peer_;
    Lane to_client_;
    Lane to_server_;
    std::string inbox_;  // arrived and not read
    rt::Baton arrived_;
    bool ended_ = false;          // the client has seen the server's end
    bool reset_ = false;          // the client has seen a reset
    bool server_closed_ = false;  // asked for; bytes that arrive now are answered by a reset
    bool client_closed_ = false;
};

/// Names, servers and connections. One loop; outlives its dialers and streams.
class SimNet {
public:
    SimNet(rt::Loop& loop, std::uint64_t seed, const SimLink& link = {});
    ~SimNet();  // CHECKs that the clients' streams are gone
    SimNet(const SimNet&) = delete;
    SimNet& operator=(const SimNet&) = delete;

    /// `server` answers at host:port and lives as long as the net. Other ports of a known host
    /// refuse; other hosts are not found.
    void serve(std::string host, std::uint16_t port, SimServer& server);
    [[nodiscard]] std::uint64_t attempts() const noexcept { return attempts_; }
    /// Connections whose client has not closed.
    [[nodiscard]] std::size_t open() const noexcept { return open_; }

private:
    friend class SimConnection;
    friend class SimDialer;
    friend class SimStream;
    [[nodiscard]] base::Nanos journey();
    [[nodiscard]] SimConnection& add(std::unique_ptr<SimPeer> peer);
    void sweep();

    rt::Loop* loop_;
    SimLink link_;
    base::Random random_;
    std::map<std::pair<std::string, std::uint16_t>, SimServer*> servers_;
    std::vector<std::unique_ptr<SimConnection>> connections_;
    std::uint64_t attempts_ = 0;
    std::size_t open_ = 0;
};

/// Proxies are ignored: there are none on this net.
class SimDialer final : public Dialer {
public:
    explicit SimDialer(SimNet& net) : net_(&net) {}
    [[nodiscard]] std::variant<Dialed, Failure> dial(const DialTarget& target,
                                                     base::Instant deadline) override;

private:
    [[nodiscard]] Failure wait(base::Instant until, base::Instant deadline, std::string_view doing);
    [[nodiscard]] std::variant<SimAnswer, Failure> ask(const DialTarget& target);

    SimNet* net_;
};

}  // namespace weir::net
