#include "app/history/report_pass.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace weir::app {
namespace {

using namespace std::chrono_literals;

const base::WallTime noon{base::Nanos(1'795'000'000'000'000'000)};
constexpr std::string_view run = "20261123T225400Z-9f86d081";

std::string pass_in(const std::string& link) {
    return link.substr(link.find("?pass=") + 6);
}

TEST(ReportPass, AsksForNothingWithoutAKey) {
    const ReportPass open;
    EXPECT_EQ(open.link_to(run, noon), "reports/20261123T225400Z-9f86d081/report.html");
    EXPECT_TRUE(open.admits(run, "", noon));
}

TEST(ReportPass, AdmitsToOneRunForSomeHours) {
    const ReportPass pass("key");
    const auto link = pass.link_to(run, noon);
    EXPECT_THAT(link, testing::StartsWith("reports/20261123T225400Z-9f86d081/report.html?pass="));
    const auto given = pass_in(link);
    EXPECT_TRUE(pass.admits(run, given, noon));
    EXPECT_TRUE(pass.admits(run, given, noon + ReportPass::valid_for - 1h));
    EXPECT_FALSE(pass.admits(run, given, noon + ReportPass::valid_for + 1s));
    EXPECT_FALSE(pass.admits("20261123T225400Z-9f86d082", given, noon));
    EXPECT_FALSE(ReportPass("other").admits(run, given, noon));
    EXPECT_FALSE(ReportPass::with_new_key().admits(run, given, noon));
    for (const std::string& forged :
         {std::string(), std::string("-"), std::string("9999999999"), "9" + given, given + "0",
          "9999999999" + given.substr(given.find('-')), given.substr(0, given.size() - 1)}) {
        EXPECT_FALSE(pass.admits(run, forged, noon)) << forged;
    }
}

TEST(ReportPass, LinksStayTheSameForAWhile) {
    const ReportPass pass("key");
    const auto hour = std::chrono::floor<std::chrono::hours>(noon);
    EXPECT_EQ(pass.link_to(run, hour), pass.link_to(run, hour + 59min));
    EXPECT_NE(pass.link_to(run, hour), pass.link_to(run, hour + 60min));
}

}  // namespace
}  // namespace weir::app
