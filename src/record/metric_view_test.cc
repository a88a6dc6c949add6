#include "record/metric_view.h"

#include <gtest/gtest.h>

#include "record/threshold_result.h"

namespace weir::record {
namespace {

Tags tags(std::initializer_list<std::pair<const char*, const char*>> pairs) {
    Tags made;
    for (const auto& [key, value] : pairs) made.set(key, value);
    return made;
}

/// Two names of requests, a counter, a gauge and a rate, over ten seconds.
class MetricViewTest : public testing::Test {
protected:
    MetricViewTest() {
        metrics = {{"http_req_duration", MetricType::trend, MetricContains::time},
                   {"http_reqs", MetricType::counter, MetricContains::plain},
                   {"checks", MetricType::rate, MetricContains::plain},
                   {"vus", MetricType::gauge, MetricContains::plain},
                   {"never", MetricType::trend, MetricContains::time}};
        for (int ms = 1; ms <= 100; ++ms) {
            put(0, tags({{"name", "fast"}, {"status", "200"}}), ms);
            put(0, tags({{"name", "slow"}, {"status", ms <= 50 ? "200" : "500"}}), ms * 10);
            put(1, tags({{"name", "fast"}}), 1);
            put(1, tags({{"name", "slow"}}), 1);
        }
        for (int i = 0; i < 8; ++i) put(2, tags({{"check", "is 200"}}), i < 6 ? 1 : 0);
        put(3, {}, 5);
        put(3, {}, 9);
        put(3, {}, 7);
    }

    void put(std::uint32_t metric, const Tags& of, double value) {
        const auto id = static_cast<MetricId>(metric);
        tick += std::chrono::milliseconds(1);
        for (auto& each : series) {
            if (each.metric == id && each.tags == of) return add(each.total, value, tick);
        }
        series.push_back({id, of, aggregate_for(metrics[metric])});
        add(series.back().total, value, tick);
    }
    [[nodiscard]] MetricView view() const { return {metrics, series, std::chrono::seconds(10)}; }

    std::vector<MetricSpec> metrics;
    std::vector<Series> series;
    base::Instant tick{};
};

TEST_F(MetricViewTest, SelectsAllOrTheSeriesWhoseTagsContainTheSelector) {
    EXPECT_EQ(view().select("http_req_duration")->samples(), 200U);
    EXPECT_EQ(view().select("http_req_duration", tags({{"name", "slow"}}))->samples(), 100U);
    EXPECT_EQ(
        view().select("http_req_duration", tags({{"name", "slow"}, {"status", "500"}}))->min(),
        510);
    EXPECT_EQ(view().select("http_req_duration", tags({{"name", "none"}}))->samples(), 0U);
    EXPECT_FALSE(view().select("no_such_metric").has_value());
}

TEST_F(MetricViewTest, FiguresHaveK6sMeaning) {
    const auto fast = *view().select("http_req_duration", tags({{"name", "fast"}}));
    EXPECT_DOUBLE_EQ(fast.avg(), 50.5);
    EXPECT_DOUBLE_EQ(fast.min(), 1);
    EXPECT_DOUBLE_EQ(fast.max(), 100);
    EXPECT_DOUBLE_EQ(fast.med(), 50.5);
    EXPECT_DOUBLE_EQ(fast.quantile(0.95), 95.05);
    EXPECT_DOUBLE_EQ(view().select("http_reqs")->count(), 200);
    EXPECT_DOUBLE_EQ(view().select("http_reqs")->rate(), 20);
    EXPECT_DOUBLE_EQ(view().select("checks")->rate(), 0.75);
    const auto vus = *view().select("vus");
    EXPECT_DOUBLE_EQ(vus.value(), 7);
    EXPECT_DOUBLE_EQ(vus.min(), 5);
    EXPECT_DOUBLE_EQ(vus.max(), 9);
}

TEST_F(MetricViewTest, NamesTheValuesOfATag) {
    EXPECT_EQ(view().tag_values("http_req_duration", "name"),
              (std::vector<std::string>{"fast", "slow"}));
    EXPECT_TRUE(view().tag_values("http_req_duration", "scenario").empty());
}

TEST_F(MetricViewTest, AGaugesLastIsTheLatestOfAllWorkers) {
    GaugeTotal early{.last = 1, .min = 1, .max = 4, .samples = 2, .last_at = tick};
    GaugeTotal late{
        .last = 2, .min = 2, .max = 2, .samples = 1, .last_at = tick + std::chrono::seconds(1)};
    GaugeTotal one = early;
    one.merge(late);
    GaugeTotal other = late;
    other.merge(early);
    EXPECT_EQ(one, other);
    EXPECT_EQ(one.last, 2);
    EXPECT_EQ(one.max, 4);
}

plan::Threshold threshold(plan::Aggregation aggregation,
                          plan::Comparison comparison,
                          double limit) {
    plan::Threshold made;
    made.source = "as written";
    made.aggregation = aggregation;
    made.percentile = 95;
    made.comparison = comparison;
    made.limit = limit;
    return made;
}

TEST_F(MetricViewTest, ThresholdsHoldOrAreCrossedOnTheirSubMetric) {
    plan::ThresholdSet set{.key = "http_req_duration{name:fast}",
                           .metric = "http_req_duration",
                           .selector = {{"name", "fast"}},
                           .thresholds = {}};
    using plan::Aggregation;
    using plan::Comparison;
    set.thresholds = {threshold(Aggregation::percentile, Comparison::less, 96),
                      threshold(Aggregation::percentile, Comparison::less, 95),
                      threshold(Aggregation::avg, Comparison::equal, 50.5)};
    const auto results = evaluate(set, view());
    ASSERT_EQ(results.size(), 3U);
    EXPECT_EQ(results[0].state, ThresholdState::held);
    EXPECT_EQ(results[1].state, ThresholdState::crossed);
    EXPECT_DOUBLE_EQ(results[1].value, 95.05);
    EXPECT_EQ(results[1].samples, 100U);
    EXPECT_EQ(results[2].state, ThresholdState::held);
    EXPECT_EQ(results[0].key, set.key);
}

TEST_F(MetricViewTest, AThresholdOnNothingSaysSo) {
    using plan::Aggregation;
    using plan::Comparison;
    plan::ThresholdSet set;
    set.metric = "never";
    set.thresholds = {threshold(Aggregation::max, Comparison::less, 1e9)};
    EXPECT_EQ(evaluate(set, view())[0].state, ThresholdState::no_samples);
    set.metric = "no_such_metric";
    EXPECT_EQ(evaluate(set, view())[0].state, ThresholdState::unknown_metric);
}

TEST_F(MetricViewTest, ThresholdsAreCheckedBeforeTheRun) {
    using plan::Aggregation;
    using plan::Comparison;
    plan::ThresholdSet set;
    set.key = "checks";
    set.metric = "checks";
    set.thresholds = {threshold(Aggregation::percentile, Comparison::less, 1)};
    const auto wrong_figure = check_thresholds({&set, 1}, metrics);
    ASSERT_FALSE(wrong_figure.ok());
    EXPECT_NE(wrong_figure.error().text.find("only rate"), std::string::npos);
    set.metric = "http_req_durations";
    const auto unknown = check_thresholds({&set, 1}, metrics);
    ASSERT_FALSE(unknown.ok());
    EXPECT_NE(unknown.error().text.find("http_req_duration,"), std::string::npos);
    set.metric = "http_reqs";
    set.thresholds = {threshold(Aggregation::rate, Comparison::greater, 1)};
    EXPECT_TRUE(check_thresholds({&set, 1}, metrics).ok());
}

TEST(MergeSeries, AddsEqualSeriesAndKeepsTheRestApart) {
    const MetricSpec spec{"c", MetricType::counter, MetricContains::plain};
    const auto one = [&spec](const char* name, double value) {
        Series series{MetricId{0}, tags({{"name", name}}), aggregate_for(spec)};
        add(series.total, value, {});
        return series;
    };
    std::vector<Series> into = {one("a", 1), one("b", 2)};
    merge_series(into, {one("b", 10), one("c", 20)});
    ASSERT_EQ(into.size(), 3U);
    EXPECT_EQ(std::get<CounterTotal>(into[0].total).sum.value(), 1);
    EXPECT_EQ(std::get<CounterTotal>(into[1].total).sum.value(), 12);
    EXPECT_EQ(std::get<CounterTotal>(into[2].total).sum.value(), 20);
}

}  // namespace
}  // namespace weir::record
