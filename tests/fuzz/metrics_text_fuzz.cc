// Whatever a target says of itself is read without harm, and gives finite figures that are not
// negative.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "app/watch/metrics_text.h"
#include "base/assert.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto reading = weir::app::read_metrics(
        std::string_view(reinterpret_cast<const char*>(data), size), weir::base::Nanos{});
    for (const double each :
         {reading.process_start, reading.process_cpu_seconds, reading.machine_cpu_seconds,
          reading.machine_idle_seconds, static_cast<double>(reading.memory_bytes)}) {
        CHECK(std::isfinite(each) && each >= 0);
    }
    return 0;
}
