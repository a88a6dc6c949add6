#include "judge/compare.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/random.h"
#include "base/time.h"
#include "judge/counting.h"

namespace weir::judge {
namespace {

using record::RunRecord;

/// One request of one run, window by window.
struct Rows {
    std::string journey;
    std::string request;
    std::uint64_t good = 0;
    std::uint64_t all = 0;
    std::vector<stats::Histogram> windows;
};

std::vector<Rows> requests_of(const RunRecord& record) {
    std::vector<Rows> requests;
    const auto& windows = record.windows;
    for (std::size_t r = 0; r < windows.rows().size(); ++r) {
        const auto& tags = windows.rows()[r];
        const auto journey = tag_of(tags, "scenario");
        const auto name = tag_of(tags, "name");
        if (name.empty() || !selects({}, tags)) continue;
        auto same = std::find_if(requests.begin(), requests.end(), [&](const auto& each) {
            return each.journey == journey && each.request == name;
        });
        if (same == requests.end()) {
            requests.push_back({journey, name, 0, 0, {}});
            same = std::prev(requests.end());
            same->windows.resize(windows.all().size());
        }
        for (std::size_t i = 0; i < windows.all().size(); ++i) {
            if (r >= windows.all()[i].rows.size()) continue;
            const auto& row = windows.all()[i].rows[r];
            same->all += row.requests;
            same->good += row.response_time.count();
            same->windows[i].merge(row.response_time);
        }
    }
    std::erase_if(requests, [](const auto& each) { return each.all == 0; });
    return requests;
}

stats::Histogram merged(const std::vector<stats::Histogram>& windows) {
    stats::Histogram all;
    for (const auto& each : windows) all.merge(each);
    return all;
}

/// As many windows again, drawn in blocks of neighbours.
stats::Histogram resampled(const std::vector<stats::Histogram>& windows, base::Random& random) {
    constexpr std::size_t block_least = 3;
    const std::size_t count = windows.size();
    const auto root = static_cast<std::size_t>(std::lround(std::sqrt(static_cast<double>(count))));
    const std::size_t block = std::min(count, std::max(block_least, root));
    stats::Histogram all;
    for (std::size_t drawn = 0; drawn < count; drawn += block) {
        const std::size_t begin = random.below(count - block + 1);
        for (std::size_t i = 0; i < std::min(block, count - drawn); ++i) {
            all.merge(windows[begin + i]);
        }
    }
    return all;
}

constexpr std::size_t resamples = 1000;
constexpr double quantiles[] = {0.5, 0.95};

stats::Interval middle_of(std::vector<double> values, double level) {
    std::sort(values.begin(), values.end());
    const auto count = static_cast<double>(values.size());
    const auto low = static_cast<std::size_t>(level / 2 * count);
    return {values[low], values[values.size() - 1 - low]};
}

double ms_at(const stats::Histogram& times, double quantile) {
    return times.value_at_quantile(quantile) / 1e6;
}

/// Both figures of one request.
std::pair<Change, Change> changes_of(const Rows& before,
                                     const Rows& after,
                                     double level,
                                     base::Random& random) {
    std::vector<double> ratios[2];
    std::vector<double> differences[2];
    for (std::size_t i = 0; i < resamples; ++i) {
        const auto left = resampled(before.windows, random);
        const auto right = resampled(after.windows, random);
        if (left.empty() || right.empty()) continue;
        for (std::size_t q = 0; q < std::size(quantiles); ++q) {
            const double was = ms_at(left, quantiles[q]);
            const double is = ms_at(right, quantiles[q]);
            ratios[q].push_back(was > 0 ? is / was : 1);
            differences[q].push_back(is - was);
        }
    }
    const auto all_before = merged(before.windows);
    const auto all_after = merged(after.windows);
    const auto change = [&](std::size_t q) {
        Change made{.before_ms = ms_at(all_before, quantiles[q]),
                    .after_ms = ms_at(all_after, quantiles[q])};
        if (ratios[q].empty()) return made;
        made.ratio = middle_of(std::move(ratios[q]), level);
        made.difference_ms = middle_of(std::move(differences[q]), level);
        return made;
    };
    return {change(0), change(1)};
}

bool is_slower(const Change& change, const plan::PracticalThreshold& threshold) {
    return change.ratio.low > 1 + threshold.relative &&
           change.difference_ms.low > base::to_ms(threshold.absolute);
}
bool is_faster(const Change& change, const plan::PracticalThreshold& threshold) {
    return change.ratio.high < 1 / (1 + threshold.relative) &&
           change.difference_ms.high < -base::to_ms(threshold.absolute);
}
bool is_no_slower(const Change& change, const plan::PracticalThreshold& threshold) {
    return change.ratio.high <= 1 + threshold.relative ||
           change.difference_ms.high <= base::to_ms(threshold.absolute);
}

ChangeWord judge_change(const RequestChange& request, const plan::PracticalThreshold& threshold) {
    // A few windows resampled are always much alike.
    constexpr std::uint64_t answers_least = 100;
    if (request.before < answers_least || request.after < answers_least) {
        return ChangeWord::unclear;
    }
    if (is_slower(request.median, threshold) || is_slower(request.p95, threshold))
        return ChangeWord::slower;
    if (is_faster(request.median, threshold) || is_faster(request.p95, threshold))
        return ChangeWord::faster;
    const bool same =
        is_no_slower(request.median, threshold) && is_no_slower(request.p95, threshold);
    return same ? ChangeWord::same : ChangeWord::unclear;
}

}  // namespace

std::string_view word_of(ChangeWord word) noexcept {
    switch (word) {
        case ChangeWord::same:
            return "same";
        case ChangeWord::slower:
            return "slower";
        case ChangeWord::faster:
            return "faster";
        case ChangeWord::unclear:
            return "unclear";
    }
    return "";
}

Comparison compare(const RunRecord& before,
                   const RunRecord& after,
                   const plan::PracticalThreshold& slower_than,
                   double level) {
    Comparison comparison;
    const auto left = requests_of(before);
    const auto right = requests_of(after);
    base::Random random(1);
    const double share_of_level =
        level / static_cast<double>(std::max<std::size_t>(left.size(), 1) * std::size(quantiles));
    const auto find = [](const std::vector<Rows>& among, const Rows& wanted) {
        return std::find_if(among.begin(), among.end(), [&](const auto& each) {
            return each.journey == wanted.journey && each.request == wanted.request;
        });
    };
    for (const auto& was : left) {
        const auto is = find(right, was);
        if (is == right.end()) {
            comparison.only_before.push_back(was.request);
            continue;
        }
        RequestChange change{.journey = was.journey,
                             .request = was.request,
                             .before = was.good,
                             .after = is->good,
                             .errors_before = 1 - share(was.good, was.all),
                             .errors_after = 1 - share(is->good, is->all),
                             .median = {},
                             .p95 = {}};
        std::tie(change.median, change.p95) = changes_of(was, *is, share_of_level, random);
        change.word = judge_change(change, slower_than);
        comparison.requests.push_back(std::move(change));
    }
    for (const auto& is : right) {
        if (find(left, is) == left.end()) comparison.only_after.push_back(is.request);
    }
    return comparison;
}

}  // namespace weir::judge
