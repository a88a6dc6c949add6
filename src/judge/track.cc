#include "judge/track.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "judge/counting.h"

namespace weir::judge {
namespace {

using plan::Condition;
using plan::ConditionKind;
using record::RowWindow;

bool has_status(std::uint16_t status, const std::string& pattern) {
    const std::string text = std::to_string(status);
    return text.size() == pattern.size() &&
           std::equal(text.begin(), text.end(), pattern.begin(),
                      [](char digit, char wanted) { return wanted == 'x' || digit == wanted; });
}

/// Requests under way at the end that had not passed the limit say neither yes nor no.
std::uint64_t known(const RowWindow& row, const Condition& condition) {
    if (condition.kind != ConditionKind::share_under) return row.requests;
    std::uint64_t known = row.requests - row.unfinished.count_at_most(condition.limit.count());
    if (!condition.errors_count) known -= row.failed;
    return known;
}

stats::ShareBlock count_row(const RowWindow& row, const Condition& condition, std::int64_t tail) {
    stats::ShareBlock block;
    switch (condition.kind) {
        case ConditionKind::share_under:
            block.trials = known(row, condition);
            block.hits = row.response_time.count_at_most(condition.limit.count());
            break;
        case ConditionKind::errors:
            block.trials = row.requests;
            block.hits = row.response_time.count();
            break;
        case ConditionKind::status:
            for (const auto& [status, times] : row.statuses) {
                block.trials += times;
                if (!has_status(status, condition.status)) block.hits += times;
            }
            break;
        default:
            return {.trials = row.checks_passed + row.checks_failed,
                    .hits = row.checks_passed,
                    .tail = 0};
    }
    block.hits = std::min(block.hits, block.trials);
    block.tail = std::min(row.response_time.count_over(tail), block.trials);
    return block;
}

/// Rows that the condition speaks of.
std::vector<std::size_t> rows_for(const record::Windows& windows, const Condition& condition) {
    std::vector<std::size_t> rows;
    for (std::size_t i = 0; i < windows.rows().size(); ++i) {
        if (selects(condition.selection, windows.rows()[i])) rows.push_back(i);
    }
    return rows;
}

template <typename Visit>
void each_row(const record::Window& window, const std::vector<std::size_t>& rows, Visit visit) {
    for (const std::size_t row : rows) {
        if (row < window.rows.size()) visit(window.rows[row]);
    }
}

/// Beyond this time an answer counts as one of the slower ones, whose clustering shows correlation:
/// the 90 % quantile of all good answers, but nothing that is far from the limit. How milliseconds
/// cluster says nothing of a limit of two seconds, and errors do not come of slowness.
std::int64_t tail_of(const record::Windows& windows,
                     const std::vector<std::size_t>& rows,
                     const Condition& condition) {
    if (condition.kind != ConditionKind::share_under) return INT64_MAX;
    stats::Histogram all;
    for (const auto& window : windows.all()) {
        each_row(window, rows, [&all](const RowWindow& row) { all.merge(row.response_time); });
    }
    constexpr double tail = 0.9;
    constexpr std::int64_t far = 4;
    return std::max(static_cast<std::int64_t>(all.value_at_quantile(tail)),
                    condition.limit.count() / far);
}

double sum_ms(const stats::Histogram& times) {
    double sum = 0;
    times.for_each([&sum](const stats::Histogram::Bucket& bucket) {
        const double middle =
            static_cast<double>(bucket.low) + static_cast<double>(bucket.width - 1) / 2;
        sum += middle / 1e6 * static_cast<double>(bucket.count);
    });
    return sum;
}

void add_window(Track& track,
                const record::Window& window,
                const std::vector<std::size_t>& rows,
                const Condition& condition,
                std::pair<std::int64_t, double> tail_and_seconds) {
    stats::ShareBlock share;
    stats::MeanBlock mean;
    double good = 0;
    each_row(window, rows, [&](const RowWindow& row) {
        if (condition.kind == ConditionKind::flow) {
            good += static_cast<double>(row.response_time.count());
        } else if (condition.kind == ConditionKind::mean_under) {
            mean.count += row.response_time.count() + row.unfinished.count();
            mean.sum += sum_ms(row.response_time) + sum_ms(row.unfinished);
        } else {
            const auto own = count_row(row, condition, tail_and_seconds.first);
            share.trials += own.trials;
            share.hits += own.hits;
            share.tail += own.tail;
        }
    });
    if (condition.kind == ConditionKind::flow) {
        track.flows.push_back(good / tail_and_seconds.second);
    } else if (condition.kind == ConditionKind::mean_under) {
        track.means.push_back(mean);
    } else {
        track.shares.push_back(share);
    }
}

/// Mean and 99 % interval of one value a window.
void summarise(std::span<const double> values, Ruling& ruling) {
    const auto count = static_cast<double>(values.size());
    if (values.empty()) return;
    double sum = 0;
    for (const double each : values) sum += each;
    const double mean = sum / count;
    double squares = 0;
    for (const double each : values) squares += (each - mean) * (each - mean);
    constexpr double normal_99 = 2.576;
    const double half = count < 2 ? 0 : normal_99 * std::sqrt(squares / (count - 1) / count);
    ruling.interval = {ruling.value - half, ruling.value + half};
}

void rule_on_shares(const Track& track, const Condition& condition, Ruling& ruling) {
    std::uint64_t hits = 0;
    for (const auto& each : track.shares) {
        ruling.samples += each.trials;
        hits += each.hits;
    }
    ruling.value = share(hits, ruling.samples);
    if (condition.kind == ConditionKind::errors || condition.kind == ConditionKind::status) {
        ruling.value = ruling.samples == 0 ? 0 : 1 - ruling.value;
    }
    ruling.dispersion = stats::dispersion(track.shares);
}

stats::Evidence evidence_of(const Track& track, const Condition& condition) {
    switch (condition.kind) {
        case ConditionKind::mean_under:
            return stats::mean_evidence(track.means, base::to_ms(condition.limit));
        case ConditionKind::flow:
            return stats::flow_evidence(track.flows, condition.least);
        case ConditionKind::errors:
        case ConditionKind::status:
            return stats::share_evidence(track.shares, 1 - condition.share);
        default:
            return stats::share_evidence(track.shares, condition.share);
    }
}

}  // namespace

bool is_inferred(ConditionKind kind) noexcept {
    return kind != ConditionKind::rate && kind != ConditionKind::generator;
}

Track track_of(const record::Windows& windows, const Condition& condition, Stretch stretch) {
    Track track;
    if (windows.crowded() && condition.selection != plan::Selection{}) return track;
    const auto rows = rows_for(windows, condition);
    if (rows.empty()) return track;
    const auto tail = tail_of(windows, rows, condition);
    const double seconds = base::to_seconds(windows.width());
    base::Nanos begin{};
    for (const auto& window : windows.all()) {
        const base::Nanos end = begin + windows.width();
        if (begin >= stretch.begin && end <= stretch.end) {
            add_window(track, window, rows, condition, {tail, seconds});
        }
        begin = end;
    }
    return track;
}

Ruling rule_on(const Track& track,
               const Condition& condition,
               const stats::ErrorLevels& levels,
               double margin) {
    Ruling ruling;
    if (condition.kind == ConditionKind::mean_under) {
        double sum = 0;
        std::vector<double> means;
        for (const auto& each : track.means) {
            ruling.samples += each.count;
            sum += each.sum;
            if (each.count > 0) means.push_back(each.sum / static_cast<double>(each.count));
        }
        ruling.value = ruling.samples == 0 ? 0 : sum / static_cast<double>(ruling.samples);
        summarise(means, ruling);
    } else if (condition.kind == ConditionKind::flow) {
        for (const double each : track.flows) {
            ruling.value += each / static_cast<double>(track.flows.size());
        }
        summarise(track.flows, ruling);
    } else {
        rule_on_shares(track, condition, ruling);
    }
    ruling.decision = stats::decide(evidence_of(track, condition), levels, margin);
    return ruling;
}

}  // namespace weir::judge
