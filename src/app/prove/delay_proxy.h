// DelayProxy: passes TCP on to a target, and holds back each answer of sequential HTTP/1.1 for a
// while.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "base/time.h"

namespace weir::app {

/// Listens on 127.0.0.1. The first bytes that the target sends after new bytes of a client are held
/// back by the delay, on top of the time that the target took; what follows them is not. Pipelined
/// requests would share one delay.
class DelayProxy {
public:
    /// `host` a name or address. The error says what could not be had.
    [[nodiscard]] static base::Result<std::unique_ptr<DelayProxy>> start(const std::string& host,
                                                                         std::uint16_t port,
                                                                         base::Nanos delay);
    ~DelayProxy();  // closes all connections
    DelayProxy(const DelayProxy&) = delete;
    DelayProxy& operator=(const DelayProxy&) = delete;

    [[nodiscard]] std::uint16_t port() const noexcept;

private:
    struct State;
    explicit DelayProxy(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace weir::app
