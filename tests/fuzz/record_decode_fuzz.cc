// Any text may be read as a run record: it is refused, or it is read, judged and written without
// harm.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "record/codec.h"
#include "record/group_tree.h"
#include "record/metric_view.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto record =
        weir::record::decode(std::string_view(reinterpret_cast<const char*>(data), size));
    if (!record.ok()) return 0;
    const weir::record::MetricView view(record.value());
    for (const auto& metric : record.value().metrics) {
        const auto selected = view.select(metric.name);
        CHECK(selected.has_value());
        if (selected->distribution() != nullptr) (void)selected->quantile(0.95);
    }
    (void)weir::record::group_tree(record.value().metrics, record.value().series);
    auto windows = record.value().windows;
    windows.merge(record.value().windows);
    const std::string text = weir::record::encode(record.value());
    const auto again = weir::record::decode(text);
    CHECK(again.ok() && weir::record::encode(again.value()) == text);
    return 0;
}
