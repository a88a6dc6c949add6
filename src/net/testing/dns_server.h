// DnsServer: for tests: answers A and AAAA questions over UDP on 127.0.0.1, or misbehaves as told.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/assert.h"
#include "net/address.h"
#include "net/testing/loopback.h"

namespace weir::net::testing {

/// Source: RFC 1035 §4.1; no compression but the pointer to the question's name.
class DnsServer {
public:
    explicit DnsServer(Loopback& net) : socket_(socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        CHECK(bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
        socklen_t length = sizeof address;
        CHECK(getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &length) == 0);
        port_ = ntohs(address.sin_port);
        fiber_ = &net.spawn([this, &net] { serve(net.loop); });
        loop_ = &net.loop;
    }
    ~DnsServer() {
        fiber_->cancel();
        loop_->post([loop = loop_] { loop->stop(); });  // one turn: others may still wait
        loop_->run();
        CHECK(fiber_->done());
        close(socket_);
    }
    DnsServer(const DnsServer&) = delete;
    DnsServer& operator=(const DnsServer&) = delete;

    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
    /// How many A or AAAA questions came for this name, whichever came more.
    [[nodiscard]] int asked(const std::string& name) const {
        int most = 0;
        for (const auto& [question, count] : counts_) {
            if (question.first == name) most = std::max(most, count);
        }
        return most;
    }
    /// Sends what `hold` kept back.
    void release() {
        hold = false;
        for (const auto& send : held_) send();
        held_.clear();
    }

    std::map<std::string, std::vector<std::string>> addresses;  // "name." → literals
    bool broken = false;                                        // SERVFAIL
    bool silent = false;
    bool hold = false;
    int ignore = 0;  // this many questions get no answer
    int queries = 0;

private:
    static constexpr std::size_t header_bytes = 12;
    static constexpr unsigned type_aaaa = 28;

    void serve(rt::EpollLoop& loop) {
        rt::Readiness ready(loop);
        CHECK(ready.add(socket_));
        std::array<unsigned char, 512> packet{};
        while (ready.wait_readable(base::never) == rt::Wake::posted) {
            sockaddr_in from{};
            socklen_t length = sizeof from;
            const ssize_t got = recvfrom(socket_, packet.data(), packet.size(), 0,
                                         reinterpret_cast<sockaddr*>(&from), &length);
            if (got < 0) {
                ready.drained();
                continue;
            }
            const std::vector<unsigned char> question(packet.begin(), packet.begin() + got);
            answer(question, from);
        }
    }

    void answer(const std::vector<unsigned char>& question, const sockaddr_in& to) {
        std::string name;
        std::size_t at = header_bytes;
        while (question.at(at) != 0) {
            for (std::size_t i = 1; i <= question[at]; ++i) {
                name.push_back(static_cast<char>(question.at(at + i)));
            }
            name.push_back('.');
            at += question[at] + 1U;
        }
        const unsigned type = question.at(at + 1) * 256U + question.at(at + 2);
        queries += 1;
        counts_[{name, type}] += 1;
        if (silent || ignore-- > 0) return;
        ignore = 0;
        std::vector<unsigned char> reply(question.begin(),
                                         question.begin() + static_cast<std::ptrdiff_t>(at) + 5);
        fill(reply, name, type == type_aaaa);
        const auto send = [this, reply, to] {
            sendto(socket_, reply.data(), reply.size(), 0, reinterpret_cast<const sockaddr*>(&to),
                   sizeof to);
        };
        if (hold) {
            held_.emplace_back(send);
        } else {
            send();
        }
    }

    void fill(std::vector<unsigned char>& reply, const std::string& name, bool v6) const {
        const auto known = addresses.find(name);
        reply[2] = 0x81;  // a response, recursion as asked for
        reply[3] = 0x80;
        reply[8] = reply[9] = reply[10] = reply[11] = 0;
        if (broken) reply[3] |= 2;
        if (!broken && known == addresses.end()) reply[3] |= 3;  // NXDOMAIN
        if (broken || known == addresses.end()) return;
        for (const auto& text : known->second) {
            const IpAddress ip = *IpAddress::parse(text);
            if (ip.v6() != v6) continue;
            reply[7] = static_cast<unsigned char>(reply[7] + 1);
            const unsigned char size = v6 ? 16 : 4;
            const std::array<unsigned char, 12> head{
                0xc0, 12, 0, static_cast<unsigned char>(v6 ? 28 : 1), 0, 1, 0, 0, 0, 60, 0, size};
            reply.insert(reply.end(), head.begin(), head.end());
            reply.insert(reply.end(), ip.bytes().begin(), ip.bytes().begin() + size);
        }
    }

    int socket_;
    std::uint16_t port_ = 0;
    std::map<std::pair<std::string, unsigned>, int> counts_;
    std::vector<std::function<void()>> held_;
    rt::Fiber* fiber_ = nullptr;
    rt::EpollLoop* loop_ = nullptr;
};

}  // namespace weir::net::testing
