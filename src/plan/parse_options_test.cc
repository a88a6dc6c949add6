#include "plan/parse_options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace weir::plan {
namespace {

using testing::HasSubstr;

Options options_of(std::string_view json) {
    auto parsed = parse_options_json(json);
    EXPECT_TRUE(parsed.ok()) << (parsed.ok() ? "" : parsed.error().text);
    return parsed.ok() ? std::move(parsed).value() : Options{};
}

std::string error_of(std::string_view json) {
    const auto parsed = parse_options_json(json);
    return parsed.ok() ? "" : parsed.error().text;
}

TEST(ParseOptions, ReadsAScenarioWithCamelCaseFieldsAndTimeUnit) {
    const auto options = options_of(R"({"scenarios":{"peak":{"executor":"constant-arrival-rate",
        "rate":90,"timeUnit":"1m","duration":"30s","preAllocatedVUs":5,"maxVUs":9,"exec":"buy",
        "startTime":"10s","gracefulStop":"3s","env":{"A":"1"},"tags":{"kind":"x"}}}})");
    ASSERT_TRUE(options.scenarios);
    const auto& peak = options.scenarios->front();
    EXPECT_EQ(peak.executor, ExecutorKind::constant_arrival_rate);
    EXPECT_EQ(peak.rate, 90U);
    EXPECT_EQ(peak.time_unit, std::chrono::minutes(1));
    EXPECT_EQ(peak.duration, std::chrono::seconds(30));
    EXPECT_EQ(peak.pre_allocated_vus, 5U);
    EXPECT_EQ(peak.max_vus, 9U);
    EXPECT_EQ(peak.exec, "buy");
    EXPECT_EQ(peak.start_time, std::chrono::seconds(10));
    EXPECT_EQ(peak.graceful_stop, std::chrono::seconds(3));
    EXPECT_EQ(peak.env.at("A"), "1");
    EXPECT_EQ(peak.tags.at("kind"), "x");
}

TEST(ParseOptions, MaxUsersDefaultsToThePreallocated) {
    const auto options = options_of(R"({"scenarios":{"a":{"executor":"ramping-arrival-rate",
        "preAllocatedVUs":7,"stages":[{"duration":"1s","target":3}]}}})");
    EXPECT_EQ(options.scenarios->front().max_vus, 7U);
}

TEST(ParseOptions, AnUnknownScenarioFieldIsAnErrorWithItsNearestNeighbour) {
    const auto error = error_of(R"({"scenarios":{"a":{"executor":"constant-vus","vus":1,
        "duratoin":"1s"}}})");
    EXPECT_THAT(error, HasSubstr("scenarios.a.duratoin"));
    EXPECT_THAT(error, HasSubstr("did you mean duration?"));
}

TEST(ParseOptions, AnUnknownExecutorIsNamedWithTheKnownOnes) {
    const auto error = error_of(R"({"scenarios":{"a":{"executor":"constant-vu"}}})");
    EXPECT_THAT(error, HasSubstr("did you mean constant-vus?"));
    EXPECT_THAT(error, HasSubstr("shared-iterations"));
}

TEST(ParseOptions, AWrongTypeNamesTheFieldAndShowsTheValue) {
    EXPECT_THAT(error_of(R"({"vus":"many"})"), HasSubstr("vus must be a whole number"));
    EXPECT_THAT(error_of(R"({"duration":true})"), HasSubstr("duration must be a duration"));
    EXPECT_THAT(error_of(R"({"thresholds":{"checks":["rate>>1"]}})"), HasSubstr("rate>>1"));
}

TEST(ParseOptions, UnknownTopLevelNamesAreListedNotRefused) {
    EXPECT_THAT(options_of(R"({"vuss":1,"cloud":{}})").unknown, testing::ElementsAre("vuss"));
}

TEST(ParseOptions, NumbersAreMillisecondsAndTextsAreDurations) {
    EXPECT_EQ(options_of(R"({"duration":1500})").duration, std::chrono::milliseconds(1500));
    EXPECT_EQ(options_of(R"({"duration":"1m30s"})").duration, std::chrono::seconds(90));
}

TEST(SetOptionText, TakesWhatFlagsTake) {
    Options options;
    ASSERT_TRUE(set_option_text(options, "stages", "10s:5,1m:20").ok());
    ASSERT_TRUE(set_option_text(options, "summaryTrendStats", "avg,p(99.9)").ok());
    ASSERT_TRUE(set_option_text(options, "throw", "true").ok());
    EXPECT_EQ(options.stages->at(1).target, 20U);
    EXPECT_THAT(*options.summary_trend_stats, testing::ElementsAre("avg", "p(99.9)"));
    EXPECT_TRUE(*options.throw_on_failure);
    EXPECT_FALSE(set_option_text(options, "vus", "x").ok());
}

TEST(OptionsFromEnvironment, ReadsVariablesAndNamesABadOne) {
    const auto good = options_from_environment([](const std::string& name) {
        return name == "K6_INSECURE_SKIP_TLS_VERIFY" ? std::optional<std::string>("true")
                                                     : std::nullopt;
    });
    ASSERT_TRUE(good.ok());
    EXPECT_TRUE(*good.value().insecure_skip_tls_verify);
    const auto bad = options_from_environment([](const std::string& name) {
        return name == "K6_VUS" ? std::optional<std::string>("lots") : std::nullopt;
    });
    ASSERT_FALSE(bad.ok());
    EXPECT_THAT(bad.error().text, HasSubstr("K6_VUS"));
}

TEST(Merge, AHigherTierThatSaysHowMuchLoadWipesAllLoadBelow) {
    const auto merged = merge(options_of(R"({"duration":"5s"})"),
                              options_of(R"({"iterations":9,"stages":[{"duration":"1s","target":1}],
                                            "vus":3,"userAgent":"x"})"));
    EXPECT_EQ(merged.duration, std::chrono::seconds(5));
    EXPECT_FALSE(merged.iterations);
    EXPECT_FALSE(merged.stages);
    EXPECT_EQ(merged.vus, 3U);
    EXPECT_EQ(merged.user_agent, "x");
}

TEST(ScenariosOf, ShortcutsBecomeTheScenarioDefault) {
    const auto looping = scenarios_of(options_of(R"({"vus":4,"duration":"5s"})"));
    EXPECT_EQ(looping.value().front().executor, ExecutorKind::constant_vus);
    const auto counted = scenarios_of(options_of(R"({"vus":4,"iterations":8})"));
    EXPECT_EQ(counted.value().front().executor, ExecutorKind::shared_iterations);
    EXPECT_EQ(counted.value().front().iterations, 8U);
    const auto once = scenarios_of(Options{});
    EXPECT_EQ(once.value().front().iterations, 1U);
    EXPECT_EQ(once.value().front().name, "default");
}

TEST(ScenariosOf, RefusesContradictions) {
    EXPECT_FALSE(scenarios_of(options_of(R"({"duration":"1s","stages":[{"duration":"1s",
        "target":1}]})"))
                     .ok());
    EXPECT_FALSE(scenarios_of(options_of(R"({"vus":5,"iterations":2})")).ok());
}

TEST(ScenariosOf, RefusesWhatNobodyCanMean) {
    const auto refused = [](const std::string& fields) {
        const auto options =
            parse_options_json(R"({"scenarios":{"s":{"preAllocatedVUs":1,)" + fields + "}}}");
        if (!options.ok()) return options.error().text;
        const auto scenarios = scenarios_of(options.value());
        return scenarios.ok() ? std::string("accepted") : scenarios.error().text;
    };
    const std::string constant = R"("executor":"constant-arrival-rate","duration":"1m",)";
    EXPECT_EQ(refused(constant + R"("rate":1000000000)"), "accepted");
    EXPECT_THAT(refused(constant + R"("rate":1000000001)"), HasSubstr("1,000,000,000"));
    EXPECT_THAT(refused(R"("executor":"ramping-arrival-rate",)"
                        R"("stages":[{"target":2000000000,"duration":"1m"}])"),
                HasSubstr("1,000,000,000"));
    EXPECT_THAT(refused(R"("executor":"constant-arrival-rate","rate":1,"duration":"240001h")"),
                HasSubstr("10,000 days"));
    EXPECT_THAT(refused(R"("executor":"constant-arrival-rate","rate":1,"duration":1e300)"),
                HasSubstr("10,000 days"));
    EXPECT_THAT(refused(R"("executor":"constant-arrival-rate","rate":1,"duration":-1)"),
                HasSubstr("duration"));
}

TEST(ParseThreshold, TakesK6sGrammar) {
    const auto percentile = parse_threshold(" p(99.9) <= 300.5 ");
    ASSERT_TRUE(percentile.ok());
    EXPECT_EQ(percentile.value().aggregation, Aggregation::percentile);
    EXPECT_DOUBLE_EQ(percentile.value().percentile, 99.9);
    EXPECT_EQ(percentile.value().comparison, Comparison::less_equal);
    EXPECT_DOUBLE_EQ(percentile.value().limit, 300.5);
    EXPECT_EQ(parse_threshold("count===2").value().comparison, Comparison::equal);
    EXPECT_EQ(parse_threshold("rate!=0").value().comparison, Comparison::not_equal);
    for (const char* bad : {"", "p(95)", "p(101)<1", "foo<1", "rate<", "rate<1x", "rate=<1"}) {
        EXPECT_FALSE(parse_threshold(bad).ok()) << bad;
    }
}

TEST(ParseThresholdKey, ReadsTheSelector) {
    const auto set = parse_threshold_key("http_req_duration{name:the page, status:200}");
    ASSERT_TRUE(set.ok());
    EXPECT_EQ(set.value().metric, "http_req_duration");
    EXPECT_EQ(set.value().selector.at("name"), "the page");
    EXPECT_EQ(set.value().selector.at("status"), "200");
    EXPECT_FALSE(parse_threshold_key("a{b:c").ok());
    EXPECT_FALSE(parse_threshold_key("a{b}").ok());
}

}  // namespace
}  // namespace weir::plan
