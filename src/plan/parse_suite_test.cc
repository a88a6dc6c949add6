#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plan/suite.h"

namespace weir::plan {
namespace {

using testing::HasSubstr;

constexpr std::string_view least =
    "[[journey]]\nscript = \"a/dash.js\"\n[[condition]]\nthat = \"98 % of `dash` under 2 s\"\n";

std::string error_of(const std::string& text) {
    const auto parsed = parse_suite(text, "weir.toml");
    return parsed.ok() ? "" : parsed.error().text;
}

TEST(ParseSuite, TakesTheLeastAndFillsInTheRest) {
    const auto suite = parse_suite(least, "weir.toml");
    ASSERT_TRUE(suite.ok()) << suite.error().text;
    EXPECT_EQ(suite.value().rate, 25);
    EXPECT_TRUE(suite.value().read_only);
    EXPECT_EQ(suite.value().journeys.front().name, "dash");
    EXPECT_EQ(suite.value().conditions.front().limit, std::chrono::seconds(2));
    EXPECT_DOUBLE_EQ(suite.value().conditions.front().share, 0.98);
}

TEST(ParseSuite, ReadsEnvironmentsAndSecrets) {
    const auto suite =
        parse_suite(std::string(least) +
                        "[environment.preprod]\nbase_url = \"https://t\"\n"
                        "[environment.preprod.secrets]\nPASSWORD = { env = \"X\" }\n",
                    "weir.toml");
    ASSERT_TRUE(suite.ok()) << suite.error().text;
    const auto* preprod = suite.value().find_environment("preprod");
    ASSERT_NE(preprod, nullptr);
    EXPECT_EQ(preprod->secrets.at("PASSWORD").from_variable, "X");
}

TEST(ParseSuite, AnUnknownKeyIsAnErrorWithPlaceAndNeighbour) {
    const auto error = error_of("[gate]\nraet = 3\n" + std::string(least));
    EXPECT_THAT(error, HasSubstr("weir.toml:2:1"));
    EXPECT_THAT(error, HasSubstr("did you mean rate?"));
}

TEST(ParseSuite, AWrongTypeSaysWhereAndWhat) {
    EXPECT_THAT(error_of("[gate]\nduration = 3\n" + std::string(least)),
                HasSubstr("weir.toml:2:12: gate.duration must be a duration"));
    EXPECT_THAT(error_of("[gate\n"), HasSubstr("weir.toml:"));
}

TEST(ParseSuite, ABaselineIsReadAndItsMistakesArePlaced) {
    const auto suite = parse_suite(std::string(least) +
                                       "[baseline]\non_slower = \"fail\"\nslower_than = \"10% and "
                                       "5ms\"\nruns = 7\nsince = \"2026-11-24T10:30\"\n",
                                   "weir.toml");
    ASSERT_TRUE(suite.ok()) << suite.error().text;
    const auto& rule = suite.value().baseline;
    EXPECT_EQ(rule.on_slower, SlowerPolicy::fail);
    EXPECT_EQ(rule.slower_than.relative, 0.1);
    EXPECT_EQ(rule.slower_than.absolute, std::chrono::milliseconds(5));
    EXPECT_EQ(rule.runs, 7U);
    EXPECT_EQ(rule.since, "2026-11-24T10:30");
    EXPECT_EQ(parse_suite(least, "weir.toml").value().baseline.on_slower, SlowerPolicy::report);
    for (const char* bad : {"on_slower = \"block\"", "slower_than = \"10\"", "runs = 4",
                            "since = \"yesterday\"", "since = \"2026-11-24T10\"", "since = 3"}) {
        const auto error = error_of(std::string(least) + "[baseline]\n" + bad + "\n");
        EXPECT_THAT(error, HasSubstr("weir.toml:6:")) << bad;
    }
}

TEST(ParseSuite, AReportLinksToTracesWhereTheirIdGoes) {
    const auto with = [](const std::string& url) {
        return std::string(least) + "[report]\ntrace_url = \"" + url + "\"\n";
    };
    const auto suite = parse_suite(with("https://traces.example/trace/{trace_id}"), "weir.toml");
    ASSERT_TRUE(suite.ok()) << suite.error().text;
    EXPECT_EQ(suite.value().report.trace_url, "https://traces.example/trace/{trace_id}");
    EXPECT_THAT(error_of(with("https://traces.example/trace")),
                HasSubstr("weir.toml:6:13: report.trace_url must have {trace_id}"));
    EXPECT_THAT(error_of(with("javascript:{trace_id}")), HasSubstr("must be an address"));
    EXPECT_THAT(error_of(with("https://u:p@traces.example/{trace_id}")), HasSubstr("password"));
    EXPECT_THAT(error_of(std::string(least) + "[report]\ntrace_uri = \"x\"\n"),
                HasSubstr("trace_url"));
}

TEST(ParseSuite, KnowsWhereItsConditionsAre) {
    const auto suite = parse_suite(
        std::string(least) + "\n[[condition]]\nthat = \"at least 99 % checks\"\n", "weir.toml");
    ASSERT_TRUE(suite.ok()) << suite.error().text;
    EXPECT_THAT(suite.value().condition_lines, testing::ElementsAre(3, 6));
}

TEST(ParseSuite, WithoutJourneyOrConditionThereIsNoGate) {
    EXPECT_THAT(error_of("[gate]\n"), HasSubstr("no journey"));
    EXPECT_THAT(error_of("[[journey]]\nscript = \"a.js\"\n"), HasSubstr("no condition"));
}

TEST(ParseSuite, BypassesAreForTwoPeopleOnceAndForAWhile) {
    const auto suite = parse_suite(std::string(least) + R"(
[[bypass.person]]
name = "Ann"
key = "ann.pub"
[[bypass.person]]
name = "Bob"
key = "bob.pub"
may = ["approve"]
)",
                                   "weir.toml");
    ASSERT_TRUE(suite.ok()) << suite.error().text;
    const auto& rule = suite.value().bypass;
    EXPECT_EQ(rule.quorum, 1U);
    EXPECT_EQ(rule.valid_for, std::chrono::hours(4));
    EXPECT_EQ(rule.uses, 1U);
    EXPECT_TRUE(rule.refuse_in_debt);
    ASSERT_EQ(rule.people.size(), 2U);
    EXPECT_TRUE(rule.people[0].may_request && rule.people[0].may_approve);
    EXPECT_TRUE(!rule.people[1].may_request && rule.people[1].may_approve);
}

TEST(ParseSuite, ABypassThatNobodyCouldGetIsAnError) {
    const auto error = [](const std::string& people) {
        const auto suite = parse_suite(std::string(least) + people, "weir.toml");
        return suite.ok() ? "" : suite.error().text;
    };
    const std::string ann = "[[bypass.person]]\nname = \"Ann\"\nkey = \"ann.pub\"\n";
    const std::string bob = "[[bypass.person]]\nname = \"Bob\"\nkey = \"bob.pub\"\n";
    EXPECT_THAT(error(ann), HasSubstr("nobody can get a bypass"));
    EXPECT_THAT(error(ann + ann), HasSubstr("nobody can get a bypass")) << "two keys, one person";
    EXPECT_THAT(error("[bypass]\nquorum = 2\n" + ann + bob), HasSubstr("2 approvers"));
    EXPECT_THAT(error(ann + "may = [\"request\"]\n" + bob + "may = [\"request\"]\n"),
                HasSubstr("nobody can get a bypass"));
    EXPECT_EQ(error(ann + bob), "");
    EXPECT_EQ(error("[bypass]\nquorum = 3\n"), "") << "nobody is there: no bypass, no mistake";
    EXPECT_THAT(error(ann + "may = [\"sign\"]\n" + bob), HasSubstr("bypass.person.may"));
    EXPECT_THAT(error("[bypass]\nin_dept = \"refuse\"\n"), HasSubstr("did you mean in_debt"));
}

TEST(ParseSuite, ALeaseWaitsAQuarterOfAnHourOrAsSaid) {
    const auto wait = [](const std::string& text) {
        const auto suite = parse_suite(std::string(least) + text, "weir.toml");
        EXPECT_TRUE(suite.ok()) << suite.error().text;
        return suite.value().lease.wait;
    };
    EXPECT_EQ(wait(""), std::chrono::minutes(15));
    EXPECT_EQ(wait("[lease]\nwait = \"90s\"\n"), std::chrono::seconds(90));
    for (const char* none : {"0", "\"0\"", "\"0s\""}) {
        EXPECT_EQ(wait(std::string("[lease]\nwait = ") + none + "\n"), base::Nanos{});
    }
    EXPECT_FALSE(parse_suite(std::string(least) + "[lease]\nwait = 15\n", "weir.toml").ok());
}

TEST(ParseCondition, TheTextFormsMeanWhatTheySay) {
    const auto errors = parse_condition("at most 1 % errors of `the page`");
    ASSERT_TRUE(errors.ok());
    EXPECT_EQ(errors.value().kind, ConditionKind::errors);
    EXPECT_EQ(errors.value().selection.request, "the page");
    EXPECT_EQ(parse_condition("at least 99.5 % checks").value().kind, ConditionKind::checks);
    EXPECT_EQ(parse_condition("95% of all requests under 300ms").value().limit,
              std::chrono::milliseconds(300));
    for (const char* bad :
         {"p100 of `x` under 2s", "p98 under 2s", "mean of `x` under 3", "at most 1 % status 6xx",
          "at least 0 requests per second", "generator cpu under 2s", "generator rate under 1 %",
          "98 % of `x` under 2s over", "98 % of `x` under 2s in each",
          "generator cpu under 80 % over 3s", "", "98", "98 % of", "98 % of `x`",
          "98 % of `x` under", "under 2s", "101 % of `x` under 2s", "at most 1 % checks",
          "98 % of `x` under -1s"}) {
        EXPECT_FALSE(parse_condition(bad).ok()) << bad;
    }
}

TEST(ParseCondition, ItsTextIsReadBackAsTheSame) {
    for (const char* text :
         {"98 % of `a` under 2s", "at most 1 % errors of `a`", "99.9 % of all requests under 50ms",
          "p99.5 of `a` under 300ms", "mean of `over` in journey `j` under 20ms over 30s",
          "at least 20.5 requests per second of `a` in each step",
          "at most 0.1 % status 5xx of tag `k=v`", "at most 1 % status 404",
          "generator cpu under 80 %", "generator memory under 512MiB",
          "generator stall under 100ms", "generator late under 0.5 %",
          "at least 99 % checks in each step"}) {
        const auto once = parse_condition(text).value();
        EXPECT_EQ(parse_condition(once.text()).value(), once) << text;
        EXPECT_EQ(once.text(), text);
    }
}

}  // namespace
}  // namespace weir::plan
