#include "app/history/open_bypasses.h"

#include <optional>
#include <utility>

#include "app/bypass/desk.h"
#include "attest/bypass.h"

namespace weir::app {
namespace {

using attest::BypassState;

/// What the request says, whoever signed it.
std::optional<attest::BypassRequest> request_in(const BookedBypass& bypass) {
    const auto envelope = attest::decode_envelope(bypass.documents.request);
    if (!envelope.ok()) return std::nullopt;
    auto request = attest::open_bypass_request(envelope.value());
    if (!request.ok()) return std::nullopt;
    return std::move(request).value();
}

std::optional<report::BypassLine> not_judged(const BookedBypass& bypass,
                                             attest::BypassRequest request,
                                             base::WallTime now) {
    const bool over = request.expires <= now || bypass.used_by.size() >= request.uses ||
                      !bypass.documents.revocations.empty();
    if (over) return std::nullopt;
    attest::BypassStanding standing;
    standing.request = std::move(request);
    standing.reason =
        "who may ask and allow is not known here: start `weir history serve` with -c and the "
        "weir.toml of this suite";
    auto line = line_of(bypass, standing);
    line.state = "not judged";
    return line;
}

}  // namespace

std::vector<report::BypassLine> open_bypasses(const BypassBook& book,
                                              const std::map<std::string, BypassPeople>& people,
                                              base::WallTime now) {
    std::vector<report::BypassLine> open;
    for (const auto& each : book.bypasses) {
        auto request = request_in(each);
        if (!request) continue;
        const auto of_suite = people.find(request->suite);
        if (of_suite == people.end()) {
            if (auto line = not_judged(each, *std::move(request), now)) open.push_back(*line);
            continue;
        }
        const auto standing = stand(each, of_suite->second, {}, now);
        if (standing.state == BypassState::covers || standing.state == BypassState::pending) {
            open.push_back(line_of(each, standing));
        }
    }
    return open;
}

}  // namespace weir::app
