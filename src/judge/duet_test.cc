#include "judge/duet.h"

#include <cmath>

#include <gmock/gmock.h>

#include "base/json.h"
#include "base/random.h"
#include "record/codec.h"

namespace weir::judge {
namespace {

using namespace std::chrono_literals;
using record::Side;
using record::VerdictKind;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

/// 60 seconds of pairs, 25 a second, around 200 ms; the candidate takes `ratio` times as long.
record::PairSeries pairs_of(const std::string& name, double ratio, std::uint64_t seed) {
    base::Random random(seed);
    record::PairSeries series{.journey = "browse", .name = name, .pairs = {}};
    for (int i = 0; i < 1500; ++i) {
        const auto noisy = [&random](double ns) {
            const double noise = 0.5 * (random.unit() + random.unit() - 1);
            return base::Nanos(static_cast<std::int64_t>(ns * std::exp(noise)));
        };
        series.pairs.push_back(
            {.baseline = noisy(200e6), .candidate = noisy(200e6 * ratio), .at = 40ms * i});
    }
    return series;
}

record::RunRecord duet_of(std::vector<record::PairSeries> pairs) {
    record::RunRecord record;
    record.duration = 60s;
    for (const char* side : {"browse (baseline)", "browse (candidate)"}) {
        record.scenarios.push_back({.name = side,
                                    .executor = "constant-arrival-rate",
                                    .open_model = true,
                                    .offered = 1500,
                                    .started = 1500,
                                    .completed = 1500});
    }
    record.pairs = std::move(pairs);
    record.target.seen = {
        {.version = "1", .instance = "a", .answers = 1500, .side = Side::baseline},
        {.version = "2", .instance = "b", .answers = 1500, .side = Side::candidate}};
    return record;
}

DuetRule rule_of(std::string_view text) {
    DuetRule rule;
    rule.slower_than = plan::parse_slower_than(text).value();
    return rule;
}

DuetRule any_slowdown() {
    return rule_of("0%");
}

TEST(JudgeDuet, NamesTheRequestThatBecameSlowerAndNoOther) {
    const auto duet = judge_duet(
        duet_of({pairs_of("dashboard", 1.05, 1), pairs_of("search", 1, 2)}), any_slowdown());
    EXPECT_EQ(duet.verdict.kind, VerdictKind::fail);
    ASSERT_EQ(duet.requests.size(), 2U);
    EXPECT_TRUE(duet.requests[0].slower);
    EXPECT_FALSE(duet.requests[1].slower);
    EXPECT_THAT(duet.verdict.reasons,
                ElementsAre(HasSubstr("`dashboard` of browse: 1500 pairs: slower, +")));
    EXPECT_NEAR(duet.requests[0].time.difference / 1e6, 10, 5);
}

TEST(JudgeDuet, IgnoresWhatIsBelowThePracticalThreshold) {
    const auto record = duet_of({pairs_of("dashboard", 1.4, 1)});  // 40 %, 80 ms
    const auto kind = [&](std::string_view text) {
        return judge_duet(record, rule_of(text)).verdict.kind;
    };
    EXPECT_EQ(kind("20% and 50ms"), VerdictKind::fail);
    EXPECT_EQ(kind("50% and 50ms"), VerdictKind::pass);
    EXPECT_EQ(kind("20% and 120ms"), VerdictKind::pass);
}

TEST(JudgeDuet, TwoVersionsAreWhatADuetIsAbout) {
    const auto duet = judge_duet(duet_of({pairs_of("dashboard", 1, 3)}), {});
    EXPECT_EQ(duet.verdict.kind, VerdictKind::pass);
    EXPECT_TRUE(duet.verdict.signals.empty());
}

TEST(JudgeDuet, AVersionThatChangesOnOneSideMakesItInvalid) {
    auto record = duet_of({pairs_of("dashboard", 1.5, 3)});
    record.target.seen.push_back(
        {.version = "3", .instance = "c", .answers = 9, .side = Side::candidate});
    const auto duet = judge_duet(record, {});
    EXPECT_EQ(duet.verdict.kind, VerdictKind::invalid);
    EXPECT_THAT(duet.verdict.reasons, Contains(HasSubstr("the candidate: ")));
}

TEST(JudgeDuet, MoreFailuresOnTheCandidateAreAFinding) {
    auto series = pairs_of("dashboard", 1, 4);
    auto both = pairs_of("search", 1, 5);
    for (std::size_t i = 0; i < series.pairs.size(); i += 20) {
        series.pairs[i].candidate_failed = true;
        both.pairs[i].candidate_failed = both.pairs[i].baseline_failed = true;
    }
    const auto duet = judge_duet(duet_of({series, both}), {});
    EXPECT_EQ(duet.verdict.kind, VerdictKind::fail);
    EXPECT_TRUE(duet.requests[0].failing);
    EXPECT_FALSE(duet.requests[1].failing);
    EXPECT_THAT(duet.verdict.reasons, ElementsAre(HasSubstr("on the candidate alone 75 times")));
    EXPECT_EQ(duet.requests[0].time.pairs, 1425U);  // times are of answers
}

TEST(JudgeDuet, FailuresOfTheBaselineAreNotTheCandidates) {
    auto series = pairs_of("dashboard", 1, 4);
    for (std::size_t i = 0; i < series.pairs.size(); i += 20)
        series.pairs[i].baseline_failed = true;
    EXPECT_EQ(judge_duet(duet_of({series}), {}).verdict.kind, VerdictKind::pass);
}

TEST(JudgeDuet, WithoutPairsThereIsNoPass) {
    EXPECT_EQ(judge_duet(duet_of({}), {}).verdict.kind, VerdictKind::invalid);
    record::PairSeries lonely{.journey = "browse", .name = "x", .pairs = {}, .baseline_only = 9};
    const auto duet = judge_duet(duet_of({lonely}), {});
    EXPECT_EQ(duet.verdict.kind, VerdictKind::invalid);
    EXPECT_THAT(duet.verdict.reasons, ElementsAre(HasSubstr("journey browse")));
}

TEST(JudgeDuet, WithTooFewPairsThereIsNoPass) {
    auto few = pairs_of("search", 1, 1);
    few.pairs.resize(150);  // six seconds
    const auto duet = judge_duet(duet_of({few}), {});
    EXPECT_EQ(duet.verdict.kind, VerdictKind::invalid);
    EXPECT_THAT(duet.verdict.reasons, ElementsAre(HasSubstr("96 and 12 seconds are the least")));
}

TEST(JudgeDuet, RareRequestsTakeNoPartOfTheLevel) {
    std::vector<record::PairSeries> all{pairs_of("dashboard", 1.05, 1)};
    const auto alone = judge_duet(duet_of(all), any_slowdown()).requests[0].time;
    for (int i = 0; i < 100; ++i) {
        all.push_back(pairs_of("asset " + std::to_string(i), 1, 2));
        all.back().pairs.resize(5);
    }
    const auto duet = judge_duet(duet_of(all), any_slowdown());
    ASSERT_EQ(duet.requests.size(), 1U);
    EXPECT_EQ(duet.requests[0].time.ratio_low, alone.ratio_low);
    EXPECT_EQ(duet.verdict.kind, VerdictKind::fail);
}

TEST(JudgeDuet, TheStoredRecordSaysTheSame) {
    const auto record = duet_of({pairs_of("dashboard", 1.05, 1)});
    const auto back = record::decode(record::encode(record));
    ASSERT_TRUE(back.ok()) << back.error().text;
    EXPECT_EQ(encode(judge_duet(record, any_slowdown()), any_slowdown()),
              encode(judge_duet(back.value(), any_slowdown()), any_slowdown()));
}

TEST(JudgeDuet, SaysEndsThatItDoesNotKnowAsNull) {
    auto series = pairs_of("dashboard", 1, 1);
    for (auto& pair : series.pairs) pair.candidate *= 2;
    for (std::size_t i = 150; i < 300; ++i) series.pairs[i].candidate /= 40;  // no block agrees
    series.pairs.resize(320);
    const auto duet = judge_duet(duet_of({series}), {});
    const auto json = base::parse_json(encode(duet, {})).value();
    EXPECT_TRUE(json["requests"][0]["ratio"]["high"].is_null());
    EXPECT_TRUE(json["requests"][0]["difference_ms"]["low"].is_null());
    EXPECT_EQ(json["requests"][0]["state"], "undecided");
    EXPECT_THAT(duet.verdict.reasons, ElementsAre(HasSubstr("1 of 1 are undecided")));
}

TEST(JudgeDuet, IsDecidedWhenEachRequestIs) {
    const auto rule = rule_of("20% and 10ms");
    const auto equal = pairs_of("dashboard", 1, 1);
    auto few = pairs_of("search", 1, 2);
    few.pairs.resize(50);
    EXPECT_TRUE(is_decided(duet_of({equal, pairs_of("search", 1.8, 2)}).pairs, rule, 1));
    EXPECT_TRUE(is_decided(duet_of({equal, few}).pairs, rule, 1));   // never enough of those
    EXPECT_FALSE(is_decided(duet_of({equal, few}).pairs, rule, 4));  // there will be
    EXPECT_FALSE(is_decided({}, rule, 1));
}

TEST(JudgeDuet, KeepsItsRuleBesideItsFindings) {
    DuetRule rule = rule_of("12.5% and 30ms");
    rule.level = 0.002;
    const auto back = decode_duet_rule(encode(judge_duet(duet_of({}), rule), rule));
    ASSERT_TRUE(back.ok()) << back.error().text;
    EXPECT_EQ(back.value().slower_than.relative, 0.125);
    EXPECT_EQ(back.value().slower_than.absolute, 30ms);
    EXPECT_EQ(back.value().level, 0.002);
    for (const char* text : {"", "{}", R"({"format": "weir-duet"})",
                             R"({"format": "weir-duet", "rule": {"level": 0}})",
                             R"({"format": "weir-duet", "rule": {"absolute_ns": -1}})"}) {
        EXPECT_FALSE(decode_duet_rule(text).ok()) << text;
    }
}

TEST(SlowerThan, ReadsOneOrBothThresholds) {
    const auto rule = [](std::string_view text) { return plan::parse_slower_than(text).value(); };
    EXPECT_DOUBLE_EQ(rule("20% and 50ms").relative, 0.2);
    EXPECT_EQ(rule("20% and 50ms").absolute, 50ms);
    EXPECT_EQ(rule("1s and 2.5 %").absolute, 1s);
    EXPECT_DOUBLE_EQ(rule("1s and 2.5 %").relative, 0.025);
    EXPECT_EQ(rule("5%").absolute, 0ms);
    EXPECT_EQ(rule("10ms").relative, 0);
    EXPECT_EQ(plan::threshold_words(rule("20% and 50ms")), "more than 20 % and 50ms");
    for (const char* text : {"", "fast", "20", "% and 50ms", "20% and", "20% or 50ms", "-5%"}) {
        EXPECT_FALSE(plan::parse_slower_than(text).ok()) << text;
    }
}

}  // namespace
}  // namespace weir::judge
