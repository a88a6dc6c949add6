// Thresholds, conditions, options and weir.toml as anybody may write them: an Error at worst.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "plan/condition.h"
#include "plan/parse_options.h"
#include "plan/suite.h"
#include "plan/threshold.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    (void)weir::plan::parse_threshold(text);
    (void)weir::plan::parse_threshold_key(text);
    (void)weir::plan::parse_condition(text);
    if (auto options = weir::plan::parse_options_json(text); options.ok()) {
        (void)weir::plan::scenarios_of(options.value());
    }
    (void)weir::plan::parse_suite(text, "weir.toml");
    return 0;
}
