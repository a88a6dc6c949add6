// Webhook payloads: whatever comes, what is passed on is JSON, and no alert is lost by being split.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/assert.h"
#include "base/json.h"
#include "notify/alert_payload.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using weir::notify::AlertPayload;
    using weir::notify::Cause;
    auto payload = AlertPayload::parse({reinterpret_cast<const char*>(data), size});
    if (!payload.ok()) return 0;
    const auto seen = payload.value().label(
        [](const weir::notify::Alert& alert) {
            return Cause{alert.labels.size() % 2 == 0 ? "R1" : "", "why"};
        },
        {});
    std::size_t count = 0;
    for (const auto part : {AlertPayload::Part::real, AlertPayload::Part::run}) {
        const auto text = payload.value().text(part);
        if (text.empty()) continue;
        const auto back = weir::base::parse_json(text);
        CHECK(back.ok());
        if (!seen.empty()) count += back.value().at("alerts").size();
    }
    CHECK(count == seen.size());
    return 0;
}
