#include "app/history/report_pass.h"

#include <charconv>

#include "attest/digest.h"
#include "base/format.h"
#include "base/random.h"

namespace weir::app {
namespace {

std::int64_t seconds_of(base::WallTime at) {
    return std::chrono::floor<std::chrono::seconds>(at.time_since_epoch()).count();
}

}  // namespace

ReportPass ReportPass::with_new_key() {
    return ReportPass(base::format("{:016x}{:016x}{:016x}{:016x}", base::entropy(), base::entropy(),
                                   base::entropy(), base::entropy()));
}

std::string ReportPass::pass_until(std::string_view run_id, std::int64_t until_s) const {
    return base::format("{}-{}", until_s,
                        attest::hmac_sha256_hex(key_, base::format("{} {}", run_id, until_s)));
}

std::string ReportPass::link_to(std::string_view run_id, base::WallTime now) const {
    const auto link = base::format("reports/{}/report.html", run_id);
    if (key_.empty()) return link;
    const auto hour = std::chrono::floor<std::chrono::hours>(now + valid_for);
    return base::format("{}?pass={}", link, pass_until(run_id, seconds_of(hour)));
}

bool ReportPass::admits(std::string_view run_id, std::string_view pass, base::WallTime now) const {
    if (key_.empty()) return true;
    std::int64_t until = 0;
    const auto read = std::from_chars(pass.data(), pass.data() + pass.size(), until);
    if (read.ec != std::errc() || until < seconds_of(now)) return false;
    return attest::same_secret(pass, pass_until(run_id, until));
}

}  // namespace weir::app
