#include "app/history/team_request.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace weir::app {
namespace {

using base::Code;
using testing::HasSubstr;
using Kind = TeamRequest::Kind;

TEST(TeamRequest, UnderstandsWhatThePageAsks) {
    const auto asked = parse_team_request(
        "/api/history?suite=case+manager&environment=pr%C3%A9prod&since=2026-11-24T10%3A30%3A00&"
        "last=30");
    ASSERT_TRUE(asked.ok()) << asked.error().text;
    EXPECT_EQ(asked.value().kind, Kind::history);
    EXPECT_EQ(asked.value().suite, "case manager");
    EXPECT_EQ(asked.value().environment, "préprod");
    EXPECT_EQ(asked.value().since, "2026-11-24T10:30:00");
    EXPECT_EQ(asked.value().last, 30U);

    const auto plain = parse_team_request("/api/history");
    ASSERT_TRUE(plain.ok());
    EXPECT_FALSE(plain.value().suite);
    EXPECT_EQ(plain.value().last, TeamRequest::last_by_default);
    EXPECT_EQ(parse_team_request("/api/history?environment=").value().environment, "");
    EXPECT_EQ(parse_team_request("/").value().kind, Kind::page);
    EXPECT_EQ(parse_team_request("/?suite=x&days=7").value().kind, Kind::page);
    EXPECT_EQ(parse_team_request("/api/suites").value().kind, Kind::suites);
    EXPECT_EQ(parse_team_request("/api/bypasses?suite=a").value().kind, Kind::bypasses);
    EXPECT_EQ(parse_team_request("/-/healthy").value().kind, Kind::healthy);
}

TEST(TeamRequest, NamesWhatCannotBe) {
    const std::string history = "/api/history?";
    const std::pair<std::string, std::string> wrong[] = {
        {history + "last=0", "last is a whole number from 1 to 500"},
        {history + "last=501", "last is a whole number"},
        {history + "last=1e2", "last is a whole number"},
        {history + "last=-1", "last is a whole number"},
        {history + "last=99999999999999999999", "last is a whole number"},
        {history + "since=yesterday", "since is no day or time"},
        {history + "since=2026-13-01", "since is no day or time"},
        {history + "since=2026-11-24T25:00:00", "since is no day or time"},
        {history + "since=2026-11-24'--", "since is no day or time"},
        {history + "suite=%FF", "suite is no name"},
        {history + "suite=a%00b", "suite is no name"},
        {history + "environment=" + std::string(201, 'a'), "environment is no name"},
        {history + "suite=a&suite=b", "suite is there twice"},
        {history + "colour=red", "takes no such parameter; it takes: suite environment since last"},
        {history + "suite+environment=x", "takes no such parameter"},
        {"/api/suites?last=3", "takes no such parameter"},
    };
    for (const auto& [target, words] : wrong) {
        const auto asked = parse_team_request(target);
        ASSERT_FALSE(asked.ok()) << target;
        EXPECT_EQ(asked.error().code, Code::invalid) << target;
        EXPECT_THAT(asked.error().text, HasSubstr(words)) << target;
    }
}

TEST(TeamRequest, FindsReportsByTheIdAlone) {
    const auto asked =
        parse_team_request("/reports/20261123T225400Z-9f86d081/report.html?pass=1-2");
    ASSERT_TRUE(asked.ok());
    EXPECT_EQ(asked.value().kind, Kind::report);
    EXPECT_EQ(asked.value().run_id, "20261123T225400Z-9f86d081");
    EXPECT_EQ(asked.value().pass, "1-2");
    for (const char* target : {"/reports/../../etc/passwd",
                               "/reports/..%2f..%2fetc/report.html",
                               "/reports//report.html",
                               "/reports/report.html",
                               "/reports/.",
                               "/reports/20261123T225400Z-9f86d081",
                               "/reports/20261123T225400Z-9f86d081/",
                               "/reports/20261123T225400Z-9f86d081/record.json",
                               "/reports/20261123T225400Z-9f86d081/../x/report.html",
                               "/reports/20261123T225400Z-9F86D081/report.html",
                               "/reports/20261123T225400Z-9f86d081%00/report.html",
                               "/REPORTS",
                               "//",
                               "",
                               "*",
                               "/api",
                               "/api/",
                               "/api/history/",
                               "/api/coverage",
                               "http://evil.example/api/history",
                               "/index.html",
                               "/.env"}) {
        const auto none = parse_team_request(target);
        ASSERT_FALSE(none.ok()) << target;
        EXPECT_EQ(none.error().code, Code::not_found) << target;
    }
}

}  // namespace
}  // namespace weir::app
