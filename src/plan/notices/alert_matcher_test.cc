#include "plan/notices/alert_matcher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace weir::plan {
namespace {

using testing::HasSubstr;

AlertMatcher matcher(std::string_view text) {
    const auto parsed = AlertMatcher::parse(text);
    EXPECT_TRUE(parsed.ok()) << text;
    return parsed.value();
}

TEST(AlertMatcher, ReadsAlertmanagersForms) {
    EXPECT_EQ(matcher("namespace=\"a b\"").value(), "a b");
    EXPECT_EQ(matcher(" severity != critical ").text(), "severity!=\"critical\"");
    EXPECT_EQ(matcher("pod=~web-.*").text(), "pod=~\"web-.*\"");
    EXPECT_EQ(matcher(R"(x="q\"b\\n\n")").value(), "q\"b\\n\n");
    EXPECT_EQ(matcher(R"(x=~"\d+")").value(), R"(\d+)");
    EXPECT_EQ(matcher("empty=").value(), "");
    for (const char* bad : {"", "=x", "9a=x", "a", "a<b", "a=\"x", "a=\"x\"y", "a=x\"y", "a=~\"(\"",
                            "a=\"\\", "é=x"}) {
        EXPECT_FALSE(AlertMatcher::parse(bad).ok()) << bad;
    }
}

TEST(AlertMatcher, HoldsAsAlertmanagersDo) {
    EXPECT_TRUE(matcher("a=x").holds("x"));
    EXPECT_FALSE(matcher("a=x").holds("xx"));
    EXPECT_TRUE(matcher("a!=x").holds(""));
    EXPECT_TRUE(matcher("a=~x|y").holds("y"));
    EXPECT_FALSE(matcher("a=~x|y").holds("xy")) << "the whole value";
    EXPECT_TRUE(matcher("a!~x.*").holds("ax"));
    EXPECT_FALSE(matcher("a=~(a*)*b").holds(std::string(50'000, 'a')))
        << "no expression takes long";
}

TEST(AllHold, IsFalseOfNothing) {
    const auto x_everywhere = [](std::string_view) { return std::string_view("x"); };
    EXPECT_FALSE(all_hold({}, x_everywhere));
    EXPECT_TRUE(all_hold({matcher("a=x"), matcher("b=~x+")}, x_everywhere));
    EXPECT_FALSE(all_hold({matcher("a=x"), matcher("b=y")}, x_everywhere));
}

TEST(CheckNames, AsksForAnEqualityThatNamesTheEnvironment) {
    EXPECT_TRUE(check_names({matcher("namespace=cases-preprod")}, "preprod").ok());
    EXPECT_TRUE(check_names({matcher("severity!=x"), matcher("env=PreProd")}, "preprod").ok());
    EXPECT_TRUE(check_names({matcher("env=cases_pre-prod_1")}, "pre-prod").ok());
    for (const char* all : {"a=~\".*\"", "a!=x", "a!~x", "env=\"\""}) {
        const auto named = check_names({matcher(all)}, "preprod");
        ASSERT_FALSE(named.ok()) << all;
        EXPECT_THAT(named.error().text, HasSubstr("none of them is an equality"));
    }
    EXPECT_FALSE(check_names({}, "preprod").ok());
    for (const char* other :
         {"severity=page", "namespace=cases-prod", "namespace=preprod2", "namespace=cases"}) {
        const auto named = check_names({matcher(other)}, "preprod");
        ASSERT_FALSE(named.ok()) << other;
        EXPECT_THAT(named.error().text, HasSubstr("no equality among them names 'preprod'"));
    }
    EXPECT_FALSE(check_names({matcher("a=b")}, "").ok());
}

TEST(NamesProduction, KnowsItsNames) {
    for (const char* text : {"prod", "cases-prod", "PRODUCTION", "live_eu", "prd"}) {
        EXPECT_TRUE(names_production(text)) << text;
    }
    for (const char* text : {"preprod", "pre-prod", "cases-non-prod", "products", "", "delivery"}) {
        EXPECT_FALSE(names_production(text)) << text;
    }
}

}  // namespace
}  // namespace weir::plan
