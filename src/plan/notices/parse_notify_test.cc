#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plan/suite.h"

namespace weir::plan {
namespace {

using testing::HasSubstr;

/// A suite whose environment preprod has alerts; `more` follows.
base::Result<Suite> suite_with(const std::string& more,
                               const std::string& alerts = "['namespace=\"cases-preprod\"']") {
    return parse_suite(
        "[[journey]]\nscript = \"a.js\"\n[[condition]]\nthat = \"at most 1 % errors\"\n"
        "[environment.preprod]\nalerts = " +
            alerts + "\n" + more,
        "weir.toml");
}

std::string error_of(const base::Result<Suite>& suite) {
    return suite.ok() ? "" : suite.error().text;
}

TEST(ParseNotify, ReadsAllChannels) {
    const auto suite = suite_with(
        "[notify]\noutbox = \"out\"\n"
        "[notify.slack]\nurl = { env = \"SLACK\" }\nstart = false\n"
        "[notify.alertmanager]\nurl = \"http://am:9093\"\nmargin = \"1m\"\n"
        "[notify.grafana]\nurl = \"http://g\"\ntoken = { file = \"t\" }\ndashboard_uid = \"d\"\n"
        "panel_id = 2\ntags = []\n"
        "[attribute]\nsettle = \"3m\"\nalways_real = ['severity=\"page\"']\n");
    ASSERT_TRUE(suite.ok()) << suite.error().text;
    const auto& notify = suite.value().notify;
    EXPECT_EQ(notify.outbox, "out");
    EXPECT_EQ(notify.slack->url.from_variable, "SLACK");
    EXPECT_FALSE(notify.slack->start);
    EXPECT_TRUE(notify.slack->verdict);
    EXPECT_EQ(notify.alertmanager->margin, std::chrono::minutes(1));
    EXPECT_EQ(notify.grafana->panel_id, 2U);
    EXPECT_EQ(suite.value().attribution.settle, std::chrono::minutes(3));
    EXPECT_EQ(suite.value().attribution.always_real.size(), 1U);
    EXPECT_EQ(suite.value().environments.front().alert_name, "preprod");
}

TEST(ParseNotify, NothingIsOnByDefault) {
    const auto suite = suite_with("");
    ASSERT_TRUE(suite.ok()) << suite.error().text;
    const auto& notify = suite.value().notify;
    EXPECT_FALSE(notify.slack || notify.alertmanager || notify.grafana);
}

TEST(ParseNotify, SecretsAreNeverTheValue) {
    EXPECT_THAT(error_of(suite_with("[notify.slack]\nurl = \"https://hooks.example/x\"\n")),
                testing::AllOf(HasSubstr("weir.toml:8:7: url is a secret"),
                               testing::Not(HasSubstr("hooks.example"))));
    EXPECT_THAT(error_of(suite_with("[notify.slack]\n")), HasSubstr("notify.slack.url is missing"));
    EXPECT_THAT(error_of(suite_with("[notify.grafana]\nurl = \"http://me:secret@g\"\n")),
                testing::AllOf(HasSubstr("has a password in it"), testing::Not(HasSubstr("me:"))));
}

TEST(ParseNotify, ASilenceNamesItsEnvironment) {
    const std::string on = "[notify.alertmanager]\nurl = \"http://am\"\n";
    EXPECT_EQ(error_of(suite_with(on)), "");
    EXPECT_THAT(
        error_of(suite_with(on, "['namespace=~\".*\"']")),
        HasSubstr("weir.toml:6:10: environment.preprod.alerts: none of them is an equality"));
    EXPECT_THAT(error_of(suite_with(on, "['severity=\"warning\"']")),
                HasSubstr("no equality among them names 'preprod'"));
    EXPECT_THAT(error_of(suite_with(on, "[]")), HasSubstr("none of them is an equality"));
    EXPECT_THAT(error_of(suite_with(on, "['namespace']")), HasSubstr("is no matcher"));
    EXPECT_EQ(error_of(suite_with("alert_name = \"dev\"\n" + on, "['namespace=\"cases-dev\"']")),
              "");
}

TEST(ParseNotify, ProductionIsNeverSilenced) {
    const std::string production = "['namespace=\"cases-prod\"']";
    const std::string on = "alert_name = \"prod\"\n[notify.alertmanager]\nurl = \"http://am\"\n";
    EXPECT_THAT(error_of(suite_with(on, production)), HasSubstr("production is never silenced"));
    EXPECT_THAT(error_of(suite_with("[notify.alertmanager]\nurl = \"http://am\"\n",
                                    "['env=\"preprod\"', 'namespace=~\"cases-(prod|preprod)\"']")),
                HasSubstr("production is never silenced"));
    EXPECT_EQ(error_of(suite_with(on + "during = \"alert\"\n", production)), "");
}

TEST(ParseNotify, ASilenceNeedsAnEnvironmentWithAlerts) {
    const auto suite = parse_suite(
        "[[journey]]\nscript = \"a.js\"\n[[condition]]\nthat = \"at most 1 % errors\"\n"
        "[notify.alertmanager]\nurl = \"http://am\"\n",
        "weir.toml");
    EXPECT_THAT(error_of(suite), HasSubstr("give environment.NAME alerts"));
}

TEST(ParseNotify, SaysWhatIsWrong) {
    EXPECT_THAT(
        error_of(suite_with("[notify.alertmanager]\nurl = \"http://am\"\nduring = \"x\"\n")),
        HasSubstr("is \"silence\" or \"alert\""));
    EXPECT_THAT(error_of(suite_with("[notify.grafana]\nurl = \"ftp://g\"\n")),
                HasSubstr("must begin with http:// or https://"));
    EXPECT_THAT(error_of(suite_with("[notify.grafana]\nurl = \"http://g\"\npanel_id = 1\n")),
                HasSubstr("panel_id needs dashboard_uid"));
    EXPECT_THAT(error_of(suite_with("[attribute]\nlinger = \"1m\"\n")),
                HasSubstr("must not be shorter than attribute.settle"));
    EXPECT_THAT(error_of(suite_with("[notify.slac]\n")), HasSubstr("slack"));
    EXPECT_THAT(error_of(suite_with("[attribute]\nalways_real = ['a=~\"(\"']\n")),
                HasSubstr("its expression is wrong"));
}

}  // namespace
}  // namespace weir::plan
