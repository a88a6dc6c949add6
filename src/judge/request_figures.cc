#include "judge/request_figures.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <variant>

#include "judge/counting.h"
#include "stats/hdr_codec.h"

namespace weir::judge {
std::vector<record::RequestFigures> request_figures(const record::RunRecord& record) {
    struct Sum {
        record::RequestFigures figures;
        stats::Distribution times = stats::Distribution::time();
    };
    std::vector<Sum> sums;
    for (const auto* series : series_of(record, "weir_response_time")) {
        const auto journey = tag_of(series->tags, "scenario");
        const auto request = tag_of(series->tags, "name");
        if (!selects({}, series->tags)) continue;
        auto same = std::find_if(sums.begin(), sums.end(), [&](const auto& each) {
            return each.figures.journey == journey && each.figures.request == request;
        });
        if (same == sums.end()) {
            sums.emplace_back();
            same = std::prev(sums.end());
            same->figures.journey = journey;
            same->figures.request = request;
        }
        const auto& times = std::get<stats::Distribution>(series->total);
        if (failed(series->tags)) {
            same->figures.failed += times.count();
        } else {
            same->times.merge(times);
        }
    }
    std::vector<record::RequestFigures> figures;
    for (auto& [each, times] : sums) {
        each.answered = times.count();
        if (!times.empty()) {
            each.mean_ms = times.sum() / static_cast<double>(times.count());
            each.median_ms = times.quantile(0.5);
            each.p95_ms = times.quantile(0.95);
            each.p99_ms = times.quantile(0.99);
            each.histogram = stats::encode_hdr(times.positive());
        }
        figures.push_back(std::move(each));
    }
    return figures;
}

}  // namespace weir::judge
