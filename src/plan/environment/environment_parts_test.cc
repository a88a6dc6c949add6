#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plan/suite.h"

namespace weir::plan {
namespace {

using testing::HasSubstr;
using testing::Pair;
using testing::UnorderedElementsAre;

constexpr std::string_view least =
    "[[journey]]\nscript = \"a/dash.js\"\n[[condition]]\nthat = \"98 % of `dash` under 2 s\"\n";

constexpr std::string_view preprod =
    "[environment.preprod]\nbase_url = \"https://preprod.example\"\nhealth_url = \"/health\"\n"
    "metrics_url = \"/metrics\"\ninsecure_skip_tls_verify = true\n"
    "variables = { USER = \"heavy\", MODE = \"all\" }\n"
    "secrets = { PASSWORD = { env = \"PREPROD_PASSWORD\" }, TOKEN = { file = \"token\" } }\n";

struct Files {
    std::string suite;
    std::string overlay;
};

base::Result<Suite> parse(const Files& files) {
    return parse_suite(std::string(least) + files.suite, "weir.toml",
                       {.toml = files.overlay, .file = files.overlay.empty() ? "" : "local.toml"});
}

Environment environment_of(const Files& files, std::string_view name) {
    const auto suite = parse(files);
    EXPECT_TRUE(suite.ok()) << suite.error().text;
    const auto* found = suite.ok() ? suite.value().find_environment(name) : nullptr;
    EXPECT_NE(found, nullptr) << name;
    return found == nullptr ? Environment{} : *found;
}

std::string error_of(const Files& files) {
    const auto suite = parse(files);
    return suite.ok() ? "" : suite.error().text;
}

TEST(Environments, OneThatExtendsAnotherInheritsKeyByKey) {
    const auto local = environment_of(
        {std::string(preprod) + "[environment.local]\nextends = \"preprod\"\n"
                                "base_url = \"http://127.0.0.1:8080\"\n"
                                "variables = { USER = \"small\", TOKEN = \"none\" }\n"
                                "secrets = { MODE = { env = \"M\" } }\n",
         ""},
        "local");
    EXPECT_EQ(local.base_url, "http://127.0.0.1:8080");
    EXPECT_EQ(local.health_url, "/health");
    EXPECT_EQ(local.metrics_url, "/metrics");
    EXPECT_TRUE(local.insecure_skip_tls_verify);
    EXPECT_THAT(local.variables,
                UnorderedElementsAre(Pair("USER", "small"), Pair("TOKEN", "none")));
    EXPECT_EQ(local.secrets.size(), 2U);
    EXPECT_EQ(local.secrets.at("PASSWORD").from_variable, "PREPROD_PASSWORD");
    EXPECT_EQ(local.secrets.at("MODE").from_variable, "M");
    EXPECT_FALSE(local.overlaid);
}

TEST(Environments, WhatIsSaidAsFalseOrEmptyIsNotInherited) {
    const auto local = environment_of(
        {std::string(preprod) + "[environment.local]\nextends = \"preprod\"\nhealth_url = \"\"\n"
                                "insecure_skip_tls_verify = false\n",
         ""},
        "local");
    EXPECT_EQ(local.health_url, "");
    EXPECT_FALSE(local.insecure_skip_tls_verify);
}

TEST(Environments, AlertsAreADeploymentsOwn) {
    const Files files{
        "[environment.preprod]\nalerts = ['namespace=\"cases-preprod\"']\n"
        "[environment.local]\nextends = \"preprod\"\n",
        ""};
    EXPECT_EQ(environment_of(files, "preprod").alerts.size(), 1U);
    const auto local = environment_of(files, "local");
    EXPECT_TRUE(local.alerts.empty());
    EXPECT_EQ(local.alert_name, "local");
}

TEST(Environments, TheOverlayHasTheLastWordAndIsInheritedToo) {
    const Files files{std::string(preprod) + "[environment.eu]\nextends = \"preprod\"\n",
                      "[environment.preprod.variables]\nUSER = \"mine\"\n"
                      "[environment.aaa]\nextends = \"eu\"\nbase_url = \"http://127.0.0.1:1\"\n"};
    for (const char* name : {"preprod", "eu", "aaa"}) {
        const auto found = environment_of(files, name);
        EXPECT_THAT(found.variables,
                    UnorderedElementsAre(Pair("USER", "mine"), Pair("MODE", "all")));
        EXPECT_TRUE(found.overlaid) << name;
    }
    EXPECT_EQ(environment_of(files, "aaa").base_url, "http://127.0.0.1:1");
    // What a gate takes without --env is not one person's to change.
    EXPECT_EQ(parse(files).value().environments.front().name, "eu");
}

TEST(Environments, ACircleAndAnUnknownNameArePlaced) {
    EXPECT_EQ(
        error_of({"[environment.a]\nextends = \"b\"\n[environment.b]\nextends = \"a\"\n", ""}),
        "weir.toml:8:11: environments extend each other in a circle: a extends b extends a");
    EXPECT_EQ(error_of({"[environment.a]\nextends = \"a\"\n", ""}),
              "weir.toml:6:11: environments extend each other in a circle: a extends a");
    EXPECT_EQ(
        error_of({std::string(preprod), "[environment.mine]\nextends = \"preprd\"\n"}),
        "local.toml:2:11: environment.mine extends 'preprd', which is not there; did you mean "
        "preprod?");
    EXPECT_THAT(error_of({"[environment.a]\nextends = \"zzzzzz\"\n", ""}),
                HasSubstr("weir.toml:6:11: environment.a extends 'zzzzzz', which is not there; "
                          "there is no other"));
    EXPECT_THAT(error_of({"[environment.a]\nextends = 3\n", ""}), HasSubstr("weir.toml:6:11: "));
    EXPECT_THAT(error_of({"[environment.a]\nextends = \"\"\n", ""}), HasSubstr("weir.toml:6:11: "));
}

TEST(Environments, AnOverlaySpeaksOfEnvironmentsAlone) {
    EXPECT_EQ(
        error_of({"", "[environment.a]\n[gate]\nrate = 1\n"}),
        "local.toml:2:2: only [environment.NAME] may stand in a personal overlay; gate belongs "
        "into weir.toml");
    EXPECT_THAT(
        error_of({"", "[environment.a]\nbase_ur = \"x\"\n"}),
        HasSubstr("local.toml:2:1: environment.*.base_ur is unknown: did you mean base_url?"));
    EXPECT_THAT(error_of({"", "[environment.a\n"}), HasSubstr("local.toml:1:"));
    EXPECT_THAT(error_of({"", "[environment.a]\nbase_url = \"ftp://x\"\n"}),
                HasSubstr("local.toml:2:12: base_url must begin with"));
}

}  // namespace
}  // namespace weir::plan
