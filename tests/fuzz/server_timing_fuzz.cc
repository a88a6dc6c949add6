// Whatever a target says in Server-Timing is read without harm: names are not empty, durations are
// finite and not negative, and what is kept of a header is bounded and says nothing else.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "record/server_timing.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    namespace record = weir::record;
    const std::string_view header(reinterpret_cast<const char*>(data), size);
    const auto all = record::parse_server_timing(header);
    CHECK(all.size() <= record::server_timings_most);
    for (const auto& each : all) {
        CHECK(!each.name.empty() && each.name.find(',') == std::string::npos);
        CHECK(!each.ms || (std::isfinite(*each.ms) && *each.ms >= 0));
    }
    const std::string kept = record::bounded_server_timing(std::string(header));
    CHECK(kept.size() <= record::server_timing_bytes_most);
    const auto of_kept = record::parse_server_timing(kept);
    CHECK(of_kept.size() <= all.size());
    CHECK(std::equal(of_kept.begin(), of_kept.end(), all.begin()));
    return 0;
}
