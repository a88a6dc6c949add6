#include "judge/judge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "record/codec.h"

namespace weir::judge {
namespace {

using namespace std::chrono_literals;
using record::VerdictKind;
using testing::Contains;
using testing::HasSubstr;

/// A record of one scenario whose requests are called "dashboard".
class Record {
public:
    Record() {
        add_metric("weir_response_time", record::MetricType::trend);
        add_metric("weir_service_time", record::MetricType::trend);
        add_metric("weir_unfinished", record::MetricType::trend);
        add_metric("http_req_failed", record::MetricType::rate);
        made.duration = 20s;
        made.scenarios.push_back({.name = "s",
                                  .executor = "constant-arrival-rate",
                                  .open_model = true,
                                  .offered = 500,
                                  .started = 500,
                                  .completed = 500});
        made.target.seen.push_back(
            {.version = "1.1", .instance = "a", .first_seen = {}, .answers = 500});
    }

    /// `count` answers that took `ms` from the intended start and from the actual send.
    Record& answers(std::uint64_t count, double ms, bool failed = false, double service_ms = -1) {
        add_times(0, count, ms, failed);
        add_times(1, count, service_ms < 0 ? ms : service_ms, failed);
        return *this;
    }
    Record& unfinished(std::uint64_t count, double age_ms) {
        add_times(2, count, age_ms, false);
        return *this;
    }

    record::RunRecord made;

private:
    void add_metric(const char* name, record::MetricType type) {
        made.metrics.push_back({name, type, record::MetricContains::time});
    }
    void add_times(std::uint32_t metric, std::uint64_t count, double ms, bool failed) {
        record::Series series{
            .metric = static_cast<record::MetricId>(metric), .tags = {}, .total = {}};
        series.tags.set("name", "dashboard");
        series.tags.set("expected_response", failed ? "false" : "true");
        auto times = stats::Distribution::time();
        times.add(ms, count);
        series.total = std::move(times);
        made.series.push_back(std::move(series));
    }
};

Criteria two_seconds() {
    Criteria criteria;
    criteria.conditions.push_back(plan::parse_condition("98 % of `dashboard` under 2 s").value());
    return criteria;
}

record::Verdict verdict_of(const Record& record) {
    return judge(record.made, two_seconds());
}

TEST(Judge, PassesWhatIsFastEnough) {
    const auto verdict = verdict_of(Record().answers(490, 100).answers(10, 5000));
    EXPECT_EQ(verdict.kind, VerdictKind::pass);
    EXPECT_NEAR(verdict.findings.front().value, 0.98, 1e-9);
    EXPECT_TRUE(verdict.findings.front().interval.contains(0.98));
}

TEST(Judge, FailsOneMoreThatIsTooSlow) {
    const auto verdict = verdict_of(Record().answers(489, 100).answers(11, 5000));
    EXPECT_EQ(verdict.kind, VerdictKind::fail);
    EXPECT_THAT(verdict.reasons, Contains(HasSubstr("`dashboard`")));
}

TEST(Judge, TooFewSamplesMayMissButNeverPass) {
    // A service so overloaded that few requests came through is none that cannot be judged.
    const auto overloaded = verdict_of(Record().answers(5, 100).answers(40, 9000));
    EXPECT_EQ(overloaded.kind, VerdictKind::fail);
    EXPECT_EQ(verdict_of(Record().answers(45, 100)).kind, VerdictKind::invalid);
    // One of 45 is more than 2 %, but chance explains it.
    EXPECT_EQ(verdict_of(Record().answers(44, 100).answers(1, 9000)).kind, VerdictKind::invalid);
    EXPECT_EQ(verdict_of(Record().answers(10, 9000)).kind, VerdictKind::invalid);
}

TEST(Judge, AFastErrorIsNoFastPage) {
    EXPECT_EQ(verdict_of(Record().answers(480, 100).answers(20, 1, true)).kind, VerdictKind::fail);
}

TEST(Judge, ARefusedConnectionIsNoAnswerWhenAnswersAreTimed) {
    const auto verdict = verdict_of(Record().answers(100, 900).answers(400, 1, true));
    EXPECT_THAT(verdict.reasons, Contains(HasSubstr("of the answers came within 900")));
}

TEST(Judge, UnfinishedRequestsCountAsOverEachLimitThatTheyPassed) {
    EXPECT_EQ(verdict_of(Record().answers(490, 100).unfinished(20, 3000)).kind, VerdictKind::fail);
    EXPECT_EQ(verdict_of(Record().answers(490, 100).unfinished(20, 1000)).kind, VerdictKind::pass);
}

TEST(Judge, AConditionOnNothingIsNeverAPass) {
    const auto verdict = verdict_of(Record());
    EXPECT_EQ(verdict.kind, VerdictKind::invalid);
    EXPECT_EQ(verdict.findings.front().state, record::FindingState::undecided);
}

TEST(Judge, SignInIsLeftOut) {
    Record record;
    record.answers(500, 100);
    auto sign_in = record.made.series.front();
    sign_in.tags.set("step", "sign_in");
    auto slow = stats::Distribution::time();
    slow.add(60'000, 500);
    sign_in.total = std::move(slow);
    record.made.series.push_back(std::move(sign_in));
    EXPECT_EQ(verdict_of(record).kind, VerdictKind::pass);
}

TEST(Judge, ARateThatWasNotReachedIsTheServicesDoingWhenTheGeneratorIsWell) {
    Record record;
    record.answers(300, 100);
    record.made.scenarios.front().started = 300;
    record.made.scenarios.front().dropped = 200;
    const auto verdict = verdict_of(record);
    EXPECT_EQ(verdict.kind, VerdictKind::fail);
    EXPECT_THAT(verdict.reasons, Contains(HasSubstr("never begun")));
}

TEST(Judge, UsersThatSleepAreTooFewAndNotTheServicesDoing) {
    Record sleepy;
    sleepy.answers(200, 10);
    auto& scenario = sleepy.made.scenarios.front();
    scenario.started = scenario.interrupted = 200;
    scenario.dropped = 300;
    scenario.completed = 0;
    auto verdict = verdict_of(sleepy);
    EXPECT_EQ(verdict.kind, VerdictKind::invalid);
    EXPECT_THAT(verdict.reasons, Contains(HasSubstr("raise users_max")));

    Record hanging = sleepy;
    hanging.unfinished(200, 15'000);
    verdict = verdict_of(hanging);
    EXPECT_EQ(verdict.kind, VerdictKind::fail);
    EXPECT_THAT(verdict.reasons, Contains(HasSubstr("still waiting for an answer")));
}

TEST(Judge, AWrongPasswordIsAFailedSignInThoughEachAnswerWas200) {
    Record record;
    record.made.scenarios.front().threw = 500;
    record::Series sign_in{
        .metric = static_cast<record::MetricId>(3), .tags = {}, .total = record::RateTotal{}};
    std::get<record::RateTotal>(sign_in.total).fails = 2000;
    sign_in.tags.set("step", "sign_in");
    record.made.series.push_back(std::move(sign_in));
    const auto verdict = verdict_of(record);
    EXPECT_EQ(verdict.kind, VerdictKind::invalid);
    EXPECT_THAT(verdict.reasons, Contains(HasSubstr("keeps the test users")));
}

TEST(Judge, LateStartsMakeItInvalidUnlessTheServiceIsSlowBeyondDoubt) {
    Record late;
    late.answers(480, 100).answers(20, 5000, false, 100);  // slow only because they were sent late
    late.made.scenarios.front().late = 100;
    EXPECT_EQ(verdict_of(late).kind, VerdictKind::invalid);

    Record slow;
    slow.answers(250, 100).answers(250, 9000);
    slow.made.scenarios.front().late = 100;
    EXPECT_EQ(verdict_of(slow).kind, VerdictKind::fail);
}

TEST(Judge, AMissSmallerThanTheGeneratorsStallIsInvalid) {
    Record record;
    record.answers(480, 100).answers(20, 2200);
    record.made.health.loop_stall_max = 400ms;
    EXPECT_EQ(verdict_of(record).kind, VerdictKind::invalid);
}

TEST(Judge, AVersionThatChangesInMidRunIsInvalid) {
    Record record;
    record.answers(500, 100);
    record.made.target.seen.push_back(
        {.version = "1.2", .instance = "b", .first_seen = 7s, .answers = 9});
    const auto verdict = verdict_of(record);
    EXPECT_EQ(verdict.kind, VerdictKind::invalid);
    EXPECT_THAT(verdict.reasons, Contains(HasSubstr("1.1, 1.2")));
}

TEST(Judge, TheReadOnlyGuardNamesTheScriptsLine) {
    Record record;
    record.answers(500, 100);
    record.made.evidence.guard_violations = {{"POST", "http://t/x", "j.js:3:5", 1}};
    record.made.evidence.guard_violations_total = 1;
    EXPECT_THAT(verdict_of(record).reasons, Contains(HasSubstr("j.js:3:5")));
}

TEST(Judge, AThresholdWithoutSamplesFailsUnlessK6sRulesAreAskedFor) {
    Record record;
    record.answers(500, 100);
    auto criteria = two_seconds();
    auto set = plan::parse_threshold_key("http_req_failed").value();
    set.thresholds.push_back(plan::parse_threshold("rate<0.01").value());
    criteria.thresholds.push_back(set);
    EXPECT_EQ(judge(record.made, criteria).kind, VerdictKind::fail);
    criteria.strict_compat = true;
    EXPECT_EQ(judge(record.made, criteria).kind, VerdictKind::pass);
}

TEST(Judge, GivesTheSameBytesFromAStoredRecordAndStoredCriteria) {
    Record record;
    record.answers(489, 100).answers(11, 5000).unfinished(3, 2500);
    const auto criteria = two_seconds();
    const auto live = record::encode(judge(record.made, criteria));
    const auto stored = record::decode(record::encode(record.made));
    const auto again = decode_criteria(encode(criteria));
    ASSERT_TRUE(stored.ok() && again.ok());
    EXPECT_EQ(record::encode(judge(stored.value(), again.value())), live);
}

}  // namespace
}  // namespace weir::judge
