// Settings: what a virtual user needs to know of the run's options, taken out once per worker.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "base/time.h"
#include "record/tags.h"

namespace weir::plan {
struct Options;
}
namespace weir::journey {

/// k6's system tags. Source: k6 documentation, "Tags and groups", "System tags".
enum class SystemTag : std::uint8_t {
    proto,
    subproto,
    status,
    method,
    url,
    name,
    group,
    check,
    error,
    error_code,
    tls_version,
    scenario,
    service,
    expected_response,
    ip,
    count_,
};

class SystemTags {
public:
    constexpr SystemTags() = default;
    constexpr SystemTags(std::initializer_list<SystemTag> tags) {
        for (const SystemTag tag : tags) bits_ |= bit(tag);
    }
    /// k6's default: all but `ip`. (iter, vu and ocsp_status would give each sample a series of its
    /// own and cannot be had.)
    [[nodiscard]] static constexpr SystemTags defaults() {
        SystemTags all;
        all.bits_ = bit(SystemTag::count_) - 1;
        all.bits_ &= ~bit(SystemTag::ip);
        return all;
    }
    [[nodiscard]] constexpr bool has(SystemTag tag) const noexcept {
        return (bits_ & bit(tag)) != 0;
    }
    /// False when `name` is none that can be switched on.
    bool add(std::string_view name) noexcept;

private:
    static constexpr std::uint32_t bit(SystemTag tag) {
        return std::uint32_t{1} << static_cast<unsigned>(tag);
    }
    std::uint32_t bits_ = 0;
};

/// Option httpDebug: exchanges in the log, with or without bodies.
enum class HttpDebug : std::uint8_t { off, headers, full };

/// Names and defaults as in k6's options.
struct Settings {
    SystemTags system_tags = SystemTags::defaults();
    record::Tags tags;
    std::string user_agent;
    int redirects_max = 10;
    std::uint32_t batch = 20;
    std::uint32_t batch_per_host = 6;
    base::Nanos request_timeout = std::chrono::seconds(60);
    base::Nanos min_iteration{};
    base::Nanos between_requests{};  // option rps: of all users together; zero: no limit
    HttpDebug debug = HttpDebug::off;
    bool throws = false;  // option `throw`
    bool cookies_reset = true;
    bool connection_reuse_by_user = true;
    bool discard_bodies = false;
};

[[nodiscard]] Settings settings_from(const plan::Options& options);

}  // namespace weir::journey
