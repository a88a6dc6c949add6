#include "meter/pair_log.h"

#include <algorithm>
#include <optional>
#include <tuple>

namespace weir::meter {
namespace {

using record::PairedRequest;
using record::PairSeries;
using record::Side;

PairedRequest join(const PairHalf& baseline, const PairHalf& candidate, base::Instant start) {
    return {.baseline = baseline.response_time,
            .candidate = candidate.response_time,
            .at = std::min(baseline.due, candidate.due) - start,
            .baseline_failed = baseline.failed,
            .candidate_failed = candidate.failed};
}

/// The n-th of an iteration on one side belongs to the n-th on the other.
void match(std::vector<PairHalf> halves, base::Instant start, PairSeries& into) {
    const auto earlier = [](const PairHalf& a, const PairHalf& b) {
        return std::tie(a.iteration, a.side, a.due) < std::tie(b.iteration, b.side, b.due);
    };
    std::stable_sort(halves.begin(), halves.end(), earlier);
    for (std::size_t first = 0; first < halves.size();) {
        const auto of_side = [&](Side side) {
            return [&, side](const PairHalf& half) {
                return half.iteration == halves[first].iteration && half.side == side;
            };
        };
        const auto begin = halves.begin() + static_cast<std::ptrdiff_t>(first);
        const auto middle = std::find_if_not(begin, halves.end(), of_side(Side::baseline));
        const auto end = std::find_if_not(middle, halves.end(), of_side(Side::candidate));
        const auto left = static_cast<std::size_t>(middle - begin);
        const auto right = static_cast<std::size_t>(end - middle);
        const std::size_t both = std::min(left, right);
        for (std::size_t i = 0; i < both; ++i) {
            into.pairs.push_back(join(halves[first + i], halves[first + left + i], start));
        }
        into.baseline_only += left - both;
        into.candidate_only += right - both;
        first += left + right;
    }
    std::stable_sort(into.pairs.begin(), into.pairs.end(),
                     [](const auto& a, const auto& b) { return a.at < b.at; });
}

/// The first in time stay: all names then end at the same instant.
void keep_most(std::vector<PairSeries>& all, std::size_t most) {
    std::vector<base::Nanos> times;
    for (const auto& series : all) {
        for (const auto& pair : series.pairs) times.push_back(pair.at);
    }
    if (times.size() <= most) return;
    const auto last = times.begin() + static_cast<std::ptrdiff_t>(most);
    std::nth_element(times.begin(), last, times.end());
    for (auto& series : all) {
        const auto end = std::partition_point(series.pairs.begin(), series.pairs.end(),
                                              [&](const auto& pair) { return pair.at < *last; });
        series.unkept += static_cast<std::uint64_t>(series.pairs.end() - end);
        series.pairs.erase(end, series.pairs.end());
    }
}

}  // namespace

void PairLog::add(std::string_view journey, std::string_view name, const PairHalf& half) {
    if (last_ == nullptr || last_key_->first != journey || last_key_->second != name) {
        const auto place = series_.try_emplace({std::string(journey), std::string(name)}).first;
        last_key_ = &place->first;
        last_ = &place->second;
    }
    if (kept_ == most_) {
        last_->unkept += 1;
        return;
    }
    kept_ += 1;
    last_->kept.push_back(half);
}

void PairLog::merge(PairLog other) {
    for (auto& [key, halves] : other.series_) {
        auto& mine = series_[key];
        mine.kept.insert(mine.kept.end(), halves.kept.begin(), halves.kept.end());
        mine.unkept += halves.unkept;
    }
    kept_ += other.kept_;
}

std::vector<record::PairSeries> PairLog::pair_up(base::Instant start) && {
    std::vector<PairSeries> all;
    for (auto& [key, halves] : series_) {
        PairSeries& series = all.emplace_back();
        series.journey = key.first;
        series.name = key.second;
        series.unkept = halves.unkept / 2;
        match(std::move(halves.kept), start, series);
    }
    keep_most(all, PairSeries::pairs_most);
    return all;
}

}  // namespace weir::meter
