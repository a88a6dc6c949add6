#include "journey/host/settings.h"

#include <array>
#include <utility>

#include "base/version.h"
#include "plan/options.h"

namespace weir::journey {

namespace {

constexpr std::array<std::pair<std::string_view, SystemTag>, 15> system_tag_names{{
    {"proto", SystemTag::proto},
    {"subproto", SystemTag::subproto},
    {"status", SystemTag::status},
    {"method", SystemTag::method},
    {"url", SystemTag::url},
    {"name", SystemTag::name},
    {"group", SystemTag::group},
    {"check", SystemTag::check},
    {"error", SystemTag::error},
    {"error_code", SystemTag::error_code},
    {"tls_version", SystemTag::tls_version},
    {"scenario", SystemTag::scenario},
    {"service", SystemTag::service},
    {"expected_response", SystemTag::expected_response},
    {"ip", SystemTag::ip},
}};

}  // namespace

bool SystemTags::add(std::string_view name) noexcept {
    for (const auto& [text, tag] : system_tag_names) {
        if (text != name) continue;
        bits_ |= bit(tag);
        return true;
    }
    return false;
}

Settings settings_from(const plan::Options& options) {
    Settings out;
    if (options.system_tags) {
        out.system_tags = {};
        for (const std::string& name : *options.system_tags) {
            static_cast<void>(out.system_tags.add(name));  // unknown names were reported by plan
        }
    }
    if (options.tags) {
        for (const auto& [key, value] : *options.tags) out.tags.set(key, value);
    }
    out.user_agent = options.user_agent.value_or("weir/" + std::string(base::version));
    out.redirects_max = options.max_redirects.value_or(out.redirects_max);
    out.batch = options.batch.value_or(out.batch);
    out.batch_per_host = options.batch_per_host.value_or(out.batch_per_host);
    out.min_iteration = options.min_iteration_duration.value_or(base::Nanos::zero());
    if (options.rps.value_or(0) > 0) {
        out.between_requests =
            base::Nanos(std::chrono::seconds(1)) / static_cast<std::int64_t>(*options.rps);
    }
    if (options.http_debug) {
        out.debug = *options.http_debug == "full" ? HttpDebug::full : HttpDebug::headers;
    }
    out.throws = options.throw_on_failure.value_or(false);
    out.cookies_reset = !options.no_cookies_reset.value_or(false);
    out.connection_reuse_by_user = !options.no_vu_connection_reuse.value_or(false);
    out.discard_bodies = options.discard_response_bodies.value_or(false);
    return out;
}

}  // namespace weir::journey
