#include "record/codec/pairs_codec.h"

#include <cstdint>
#include <string>

namespace weir::record {
namespace {

constexpr std::uint64_t baseline_bit = 1;
constexpr std::uint64_t candidate_bit = 2;

std::vector<std::int64_t> read_column(const Fields& fields, const char* key) {
    std::vector<std::int64_t> column;
    const base::Json* list = fields.find(key);
    if (list == nullptr) return column;
    bool whole = list->is_array() && list->size() <= PairSeries::pairs_most;
    for (std::size_t i = 0; whole && i < list->size(); ++i) {
        const base::Json& value = (*list)[i];
        whole =
            value.is_number_integer() && (!value.is_number_unsigned() ||
                                          std::in_range<std::int64_t>(value.get<std::uint64_t>()));
        if (whole) column.push_back(value.get<std::int64_t>());
    }
    if (!whole) fields.complain(base::format("has no column \"{}\" that this version reads", key));
    return column;
}

}  // namespace

base::Json write(const PairSeries& series) {
    base::Json json = base::Json::object();
    json["journey"] = series.journey;
    json["name"] = series.name;
    base::Json baseline = base::Json::array();
    base::Json candidate = base::Json::array();
    base::Json at = base::Json::array();
    base::Json failed = base::Json::array();
    for (const auto& pair : series.pairs) {
        baseline.push_back(pair.baseline.count());
        candidate.push_back(pair.candidate.count());
        at.push_back(pair.at.count());
        failed.push_back((pair.baseline_failed ? baseline_bit : 0) |
                         (pair.candidate_failed ? candidate_bit : 0));
    }
    json["baseline_ns"] = std::move(baseline);
    json["candidate_ns"] = std::move(candidate);
    json["at_ns"] = std::move(at);
    json["failed_sides"] = std::move(failed);
    if (series.unkept > 0) json["unkept"] = series.unkept;
    if (series.baseline_only > 0) json["baseline_only"] = series.baseline_only;
    if (series.candidate_only > 0) json["candidate_only"] = series.candidate_only;
    return json;
}

PairSeries read_pairs(const Fields& fields) {
    PairSeries series;
    fields.get("journey", series.journey);
    fields.get("name", series.name);
    const auto baseline = read_column(fields, "baseline_ns");
    const auto candidate = read_column(fields, "candidate_ns");
    const auto at = read_column(fields, "at_ns");
    const auto failed = read_column(fields, "failed_sides");
    if (candidate.size() != baseline.size() || at.size() != baseline.size() ||
        failed.size() != baseline.size()) {
        fields.complain("has columns of pairs that differ in length");
        return series;
    }
    for (std::size_t i = 0; i < baseline.size(); ++i) {
        if (failed[i] < 0 || failed[i] > 3)
            fields.complain("has a pair that failed in no known way");
        const auto bits = static_cast<std::uint64_t>(failed[i]);
        series.pairs.push_back({.baseline = base::Nanos(baseline[i]),
                                .candidate = base::Nanos(candidate[i]),
                                .at = base::Nanos(at[i]),
                                .baseline_failed = (bits & baseline_bit) != 0,
                                .candidate_failed = (bits & candidate_bit) != 0});
    }
    fields.get("unkept", series.unkept);
    fields.get("baseline_only", series.baseline_only);
    fields.get("candidate_only", series.candidate_only);
    return series;
}

}  // namespace weir::record
