// The rule that tells a run's alerts from real ones: in doubt they are real.
#include "notify/attribution.h"

#include <chrono>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "notify/attribution_memory.h"

namespace weir::notify {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::HasSubstr;

const base::WallTime noon{hours(24 * 365 * 50)};

plan::AlertMatchers matchers(std::initializer_list<const char*> texts) {
    plan::AlertMatchers all;
    for (const char* text : texts) all.push_back(plan::AlertMatcher::parse(text).value());
    return all;
}

/// A run of preprod from noon to a minute past, looked at a minute later.
struct Attribution : testing::Test {
    RunSpan run{.run_id = "R1",
                .suite = "cases",
                .environment = "preprod",
                .base_url = "http://10.0.0.1:8080",
                .started = noon,
                .last_seen = noon + minutes(1),
                .under_way = false};
    AttributionScope scope{.rules = {},
                           .owners = {{"preprod", matchers({"namespace=\"cases-preprod\""})}}};
    Alert alert{.firing = true,
                .labels = {{"alertname", "Slow"}, {"namespace", "cases-preprod"}},
                .annotations = {},
                .starts = noon + seconds(30),
                .fingerprint = "f1"};
    base::WallTime now = noon + minutes(2);

    [[nodiscard]] Cause cause() const { return cause_of(alert, {run}, scope, now); }
};

TEST_F(Attribution, IsTheRunsWithinItsTimeAndPlace) {
    EXPECT_EQ(cause().run_id, "R1");
    EXPECT_THAT(cause().why, HasSubstr("30s into run R1 of cases in preprod"));
    alert.starts = noon;
    EXPECT_TRUE(cause().is_run());
}

TEST_F(Attribution, IsRealBeforeTheRun) {
    alert.starts = noon - seconds(1);
    EXPECT_FALSE(cause().is_run());
    EXPECT_THAT(cause().why, HasSubstr("1s before run R1"));
    alert.starts = noon + seconds(30);
    scope.rules.warm_up = seconds(31);
    EXPECT_THAT(cause().why, HasSubstr("sooner than warm_up"));
}

TEST_F(Attribution, SettlesAfterTheRunAndNoLonger) {
    alert.starts = run.last_seen + minutes(2);
    now = alert.starts;
    EXPECT_TRUE(cause().is_run());
    alert.starts += seconds(1);
    now = alert.starts;
    EXPECT_THAT(cause().why, HasSubstr("2m1s after run R1 had ended"));
}

TEST_F(Attribution, BecomesRealWhenItFiresOn) {
    now = run.last_seen + minutes(15);
    EXPECT_TRUE(cause().is_run());
    now += seconds(1);
    EXPECT_THAT(cause().why, HasSubstr("still fires"));
    alert.firing = false;
    EXPECT_TRUE(cause().is_run()) << "its end is the run's as its beginning was";
    alert.firing = true;
    run.under_way = true;
    EXPECT_TRUE(cause().is_run());
}

TEST_F(Attribution, IsRealElsewhere) {
    alert.labels["namespace"] = "payments-preprod";
    EXPECT_FALSE(cause().is_run());
    EXPECT_THAT(cause().why, HasSubstr("its namespace is 'payments-preprod'"));
    alert.labels.erase("namespace");
    EXPECT_FALSE(cause().is_run());
}

TEST_F(Attribution, IsRealAtAnotherAddress) {
    alert.labels["url"] = "http://10.0.0.1:8080/dashboard";
    EXPECT_TRUE(cause().is_run());
    alert.labels["url"] = "http://10.0.0.1:9999/dashboard";
    EXPECT_FALSE(cause().is_run());
    alert.labels.erase("url");
    alert.labels["instance"] = "10.0.0.7:9100";  // a port for metrics says nothing
    EXPECT_TRUE(cause().is_run());
}

TEST_F(Attribution, NeedsAnAddressWhereNoLabelsAreKnown) {
    scope.owners = {{"preprod", {}}};
    EXPECT_THAT(cause().why, HasSubstr("nothing in it names http://10.0.0.1:8080"));
    alert.labels["instance"] = "10.0.0.1:8080";
    EXPECT_TRUE(cause().is_run());
    alert.labels["instance"] = "10.0.0.1:8081";
    EXPECT_FALSE(cause().is_run());
    alert.labels["instance"] = "http://10.0.0.1:8080/health";
    EXPECT_TRUE(cause().is_run());
}

TEST_F(Attribution, TakesWeirsMarksForTheAddress) {
    scope.owners.clear();
    alert.labels["user_agent"] = "weir/0.1 (synthetic; run R1)";
    EXPECT_TRUE(cause().is_run());
    alert.labels["user_agent"] = "weir/0.1 (synthetic; run R2)";
    EXPECT_FALSE(cause().is_run());
}

TEST_F(Attribution, IsRealForOtherClientsAndRuns) {
    alert.annotations["user_agent"] = "Mozilla/5.0";
    EXPECT_THAT(cause().why, HasSubstr("requests of 'Mozilla/5.0'"));
    alert.annotations.clear();
    alert.labels["weir_run"] = "R0";
    EXPECT_THAT(cause().why, HasSubstr("it names run R0"));
}

TEST_F(Attribution, AMarkDoesNotExcuseAnotherNamespace) {
    alert.labels["user_agent"] = "weir/0.1 (synthetic; run R1)";
    alert.labels["namespace"] = "cases-prod";
    EXPECT_FALSE(cause().is_run()) << "test traffic that hits production is a real problem";
}

TEST_F(Attribution, IsRealWhenTheConfigurationSaysSo) {
    scope.rules.always_real = matchers({"severity=\"page\"", "team=~\"security.*\""});
    EXPECT_TRUE(cause().is_run());
    alert.labels["team"] = "security-ops";
    EXPECT_THAT(cause().why, HasSubstr("always_real has team=~\"security.*\""));
}

TEST_F(Attribution, IsRealWithoutRunsAndFromTheFuture) {
    EXPECT_EQ(cause_of(alert, {}, scope, now).why, "no run was under way when it began");
    alert.starts = now + minutes(2);
    EXPECT_FALSE(cause().is_run());
}

TEST_F(Attribution, TakesTheLatestRunThatFits) {
    RunSpan later = run;
    later.run_id = "R2";
    later.started = noon + seconds(20);
    EXPECT_EQ(cause_of(alert, {run, later}, scope, now).run_id, "R2");
    later.started = noon + seconds(40);
    EXPECT_EQ(cause_of(alert, {run, later}, scope, now).run_id, "R1");
}

struct Memory : Attribution {
    AttributionMemory memory{2};
    int asked = 0;
    Cause settle(const std::string& run_id) {
        return memory.settle(alert, [&] {
            asked += 1;
            return Cause{run_id, ""};
        });
    }
};

TEST_F(Memory, ResolvedKeepsWhatFiringHad) {
    EXPECT_TRUE(settle("R1").is_run());
    alert.firing = false;
    EXPECT_EQ(settle("").run_id, "R1");
    EXPECT_EQ(asked, 1);
}

TEST_F(Memory, RealStaysReal) {
    EXPECT_FALSE(settle("").is_run());
    EXPECT_FALSE(settle("R1").is_run()) << "the store is back, but people were told";
    alert.firing = false;
    EXPECT_FALSE(settle("R1").is_run());
}

TEST_F(Memory, ARunsMayBecomeReal) {
    EXPECT_TRUE(settle("R1").is_run());
    EXPECT_FALSE(settle("").is_run());
    alert.firing = false;
    EXPECT_FALSE(settle("R1").is_run());
}

TEST_F(Memory, IsBounded) {
    for (int i = 0; i < 1000; ++i) {
        alert.fingerprint = std::to_string(i);
        (void)settle("R1");
    }
    EXPECT_EQ(memory.size(), 2U);
    alert.fingerprint.clear();
    (void)settle("R1");
    alert.labels["other"] = "x";
    (void)settle("R1");
    EXPECT_EQ(asked, 1002) << "without fingerprints the labels tell alerts apart";
}

}  // namespace
}  // namespace weir::notify
