// TeamSite: who gets what, with which headers; the store is none, and the answers are no less
// whole.
#include "app/history/team_site.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include "attest/digest.h"
#include "net/testing/loopback.h"

namespace weir::app {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

constexpr const char* run = "20261123T225400Z-9f86d081";
constexpr std::string_view page_html =
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'\"><p>page";

class TeamSiteTest : public testing::Test {
protected:
    void SetUp() override {
        std::string name = (fs::temp_directory_path() / "weir-site-XXXXXX").string();
        ASSERT_NE(mkdtemp(name.data()), nullptr);
        folder = name;
        fs::create_directories(folder / run);
        std::ofstream(folder / run / "report.html") << "the report";
        plan.page = page_html;
        plan.store.url = "sqlite:" + (folder / "absent.db").string();
        plan.store.reports = ReportFiles({folder.string()});
    }
    void TearDown() override { fs::remove_all(folder); }

    http::ServerAnswer ask(const std::string& target, const std::string& token = "") {
        http::ReceivedRequest request;
        request.method = "GET";
        request.target = target;
        request.headers.add("Host", "localhost");
        if (!token.empty()) request.headers.add("Authorization", "Bearer " + token);
        http::ServerAnswer answer;
        TeamSite site(plan, net.loop, {});
        net.run([&] { answer = site.answer(request); });
        return answer;
    }
    static std::string header(const http::ServerAnswer& answer, const std::string& name) {
        std::string found;
        for (const auto& [each, value] : answer.headers) {
            if (each == name) found += value;
        }
        return found;
    }

    net::testing::Loopback net;
    fs::path folder;
    TeamSitePlan plan;
};

TEST_F(TeamSiteTest, AnswersWhatThereIs) {
    EXPECT_EQ(ask("/").body, page_html);
    EXPECT_EQ(header(ask("/"), "Content-Security-Policy"),
              "default-src 'none'; frame-ancestors 'none'");
    EXPECT_THAT(ask("/api/suites").body, HasSubstr("\"format\":\"weir.suites\""));
    EXPECT_THAT(ask("/api/history").body, HasSubstr("\"store\":\"absent\""));
    EXPECT_THAT(ask("/api/bypasses").body, HasSubstr("\"format\":\"weir.bypasses\""));
    EXPECT_EQ(ask("/-/healthy").status, 200);
    EXPECT_EQ(ask("/api/history?last=x").status, 400);
    EXPECT_EQ(ask("/nothing").status, 404);
    EXPECT_FALSE(fs::exists(folder / "absent.db"));
}

TEST_F(TeamSiteTest, KeepsEveryAnswerWhereItBelongs) {
    for (const char* target : {"/", "/api/suites", "/api/history?last=x", "/nothing", "/-/healthy",
                               "/reports/20261123T225400Z-9f86d081/report.html"}) {
        const auto answer = ask(target);
        EXPECT_EQ(header(answer, "X-Content-Type-Options"), "nosniff") << target;
        EXPECT_EQ(header(answer, "Referrer-Policy"), "no-referrer") << target;
        EXPECT_EQ(header(answer, "X-Frame-Options"), "DENY") << target;
        EXPECT_EQ(header(answer, "Cache-Control"), "no-store") << target;
        const auto policy = header(answer, "Content-Security-Policy");
        EXPECT_THAT(policy, HasSubstr("default-src 'none'")) << target;
        EXPECT_THAT(policy, HasSubstr("frame-ancestors 'none'")) << target;
        EXPECT_THAT(policy, Not(HasSubstr("allow-same-origin"))) << target;
    }
}

TEST_F(TeamSiteTest, GivesAwayNothingWithoutTheToken) {
    plan.door.token_sha256 = attest::sha256_hex("a-token-of-the-team");
    plan.store.pass = ReportPass("key");
    EXPECT_EQ(ask("/").status, 200) << "the page asks for it";
    for (const char* target :
         {"/api/suites", "/api/history", "/api/bypasses", "/nothing", "/api/history?last=x"}) {
        EXPECT_EQ(ask(target).status, 401) << target;
        EXPECT_NE(ask(target, "a-token-of-the-team").status, 401) << target;
    }
    const std::string report = std::string("/reports/") + run + "/report.html";
    EXPECT_EQ(ask(report).status, 401);
    EXPECT_EQ(ask(report + "?pass=99999999999-ab").status, 401);
    EXPECT_EQ(ask(report, "a-token-of-the-team").body, "the report");
    const auto link = plan.store.pass.link_to(run, net.loop.clock().wall());
    const auto opened = ask("/" + link);
    EXPECT_EQ(opened.body, "the report");
    EXPECT_THAT(header(opened, "Content-Security-Policy"), HasSubstr("sandbox"));
}

TEST_F(TeamSiteTest, SaysWhenAStoreCannotBeReadAndKeepsItsWordsToItself) {
    std::ofstream(folder / "absent.db") << std::string(2000, 'x');
    const auto answer = ask("/api/history");
    EXPECT_EQ(answer.status, 503);
    EXPECT_EQ(header(answer, "Retry-After"), "5");
    EXPECT_THAT(answer.body, HasSubstr("cannot be read at the moment"));
    EXPECT_THAT(answer.body, Not(HasSubstr(folder.string())));
}

}  // namespace
}  // namespace weir::app
