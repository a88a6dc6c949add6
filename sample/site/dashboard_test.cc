// What users see of their cases, in all three kinds of dashboard.
#include <array>
#include <set>

#include <gtest/gtest.h>

#include "sample/testing/running.h"

namespace weir::sample {
namespace {

constexpr const char* dashboard = "/service-provider/dashboard/";
constexpr std::array kinds{DashboardKind::paginated, DashboardKind::unbounded,
                           DashboardKind::in_memory_paging};

/// The table's rows as they stand, at most `most`.
std::vector<std::string> rows(const Page& page, std::size_t most = 100) {
    std::vector<std::string> out;
    constexpr std::string_view begin = "<tr class=\"govuk-table__row\"><td";
    auto at = page.body.find(begin);
    while (at != std::string::npos && out.size() < most) {
        const auto end = page.body.find("</tr>", at);
        out.push_back(page.body.substr(at, end - at));
        at = page.body.find(begin, end);
    }
    return out;
}

/// N of "Showing 1 to 100 of N results", or 0.
std::size_t total(const Page& page) {
    const auto text = page.between("<p class=\"moj-pagination__results\">Showing ", " results");
    const auto of = text.find(" of ");
    return of == std::string::npos ? 0 : std::stoul(text.substr(of + 4));
}

TEST(Dashboard, AllKindsShowTheSameCases) {
    for (const char* user : {"heavy", "medium", "small"}) {
        std::vector<Browser> browsers;
        for (const auto kind : kinds) {
            browsers.push_back(sign_in_at(url("/", kind), user).browser);
        }
        for (const char* path : {"all-open-cases", "unassigned-cases", "completed-cases",
                                 "my-cases", "all-open-cases?open-case-search-text=o%27brien",
                                 "all-open-cases?open-case-search-text=%25"}) {
            const auto good = browsers[0].get(url(dashboard + std::string(path), kinds[0]));
            EXPECT_EQ(good.status, 200U);
            for (std::size_t i = 1; i < kinds.size(); ++i) {
                const auto other = browsers[i].get(url(dashboard + std::string(path), kinds[i]));
                EXPECT_EQ(other.heading(), good.heading());
                EXPECT_EQ(total(other), total(good)) << user << " " << path;
                EXPECT_EQ(rows(other), rows(good)) << user << " " << path;
            }
        }
    }
}

TEST(Dashboard, TheHeavyUserSeesManyCasesAndTheSmallOneFew) {
    auto heavy = sign_in_at(url(dashboard + std::string("all-open-cases")), "heavy").page;
    EXPECT_GT(total(heavy), 9000U);
    EXPECT_EQ(rows(heavy, 1000).size(), 100U);
    auto small = sign_in_at(url(dashboard + std::string("all-open-cases")), "small").page;
    EXPECT_LT(total(small), 200U);
    EXPECT_GT(total(small), 100U);
}

TEST(Dashboard, OnlyTheUnboundedOneShowsThemAllAtOnce) {
    const std::string path = dashboard + std::string("all-open-cases");
    const auto kind = DashboardKind::unbounded;
    const auto page = sign_in_at(url(path, kind), "heavy").page;
    EXPECT_EQ(rows(page, 100'000).size(), total(page));
    EXPECT_TRUE(page.has("Showing 1 to " + std::to_string(total(page)) + " of "));
}

TEST(Dashboard, PagesAddUpToTheTotal) {
    for (const auto kind : {DashboardKind::paginated, DashboardKind::in_memory_paging}) {
        auto in = sign_in_at(url("/", kind), "medium");
        std::set<std::string> seen;
        std::size_t expected = 1;
        for (std::size_t number = 1; seen.size() < expected; ++number) {
            const auto page = in.browser.get(url(
                dashboard + std::string("all-open-cases?page=") + std::to_string(number), kind));
            expected = total(page);
            const auto lines = rows(page);
            ASSERT_FALSE(lines.empty()) << "page " << number << " of " << expected << " cases";
            for (const auto& line : lines) EXPECT_TRUE(seen.insert(line).second) << line;
        }
        EXPECT_EQ(seen.size(), expected);
    }
}

TEST(Dashboard, ViewsPartTheOpenCases) {
    auto in = sign_in_at(url("/"), "heavy");
    const auto count = [&](const char* view) {
        return total(in.browser.get(url(dashboard + std::string(view))));
    };
    EXPECT_GT(count("my-cases"), 100U);
    EXPECT_LT(count("my-cases"), count("all-open-cases") / 4);
    EXPECT_GT(count("unassigned-cases"), 100U);
    EXPECT_LT(count("unassigned-cases"), count("all-open-cases") / 2);
    EXPECT_GT(count("completed-cases"), 1000U);
}

TEST(Dashboard, OddPageNumbersMeanTheFirstAndLatePagesAreEmpty) {
    auto in = sign_in_at(url("/"), "small");
    const auto page = [&](const char* number) {
        return in.browser.get(url(dashboard + std::string("all-open-cases?page=") + number));
    };
    for (const char* number : {"0", "-1", "two", "", "99999999999999999999"}) {
        EXPECT_TRUE(page(number).has("Showing 1 to 100 of ")) << number;
    }
    EXPECT_EQ(page("900000").status, 200U);
    EXPECT_TRUE(rows(page("900000")).empty());
}

TEST(Dashboard, AUserWithoutContractsSeesNoCases) {
    const auto page = sign_in_at(url(dashboard + std::string("all-open-cases")), "newcomer").page;
    EXPECT_EQ(page.status, 200U);
    EXPECT_EQ(page.heading(), "All open cases");
    EXPECT_FALSE(page.has("govuk-table__row"));
}

TEST(Dashboard, NamesAndSearchTextsAreEscaped) {
    auto in = sign_in_at(url("/"), "heavy");
    const auto search = [&](const std::string& text) {
        return in.browser.get(url(dashboard + std::string("all-open-cases?open-case-search-text=") +
                                  encode_uri(text)));
    };
    const auto page = search("<unknown>");
    EXPECT_GT(total(page), 50U);
    EXPECT_TRUE(page.has("&lt;Unknown&gt;"));
    EXPECT_FALSE(page.has("<Unknown>"));
    EXPECT_FALSE(page.has("<unknown>"));
    const auto quoted = search("\"><script>alert(1)</script>");
    EXPECT_EQ(quoted.status, 200U);
    EXPECT_FALSE(quoted.has("<script>"));
    EXPECT_TRUE(quoted.has("&quot;&gt;&lt;script&gt;"));
    EXPECT_TRUE(search("wood \"woody\" & sons").has("Wood &quot;Woody&quot; &amp; Sons"));
}

TEST(Dashboard, SearchFindsACaseByItsReference) {
    auto in = sign_in_at(url(dashboard + std::string("all-open-cases")), "heavy");
    const auto reference = in.page.between("/progress\">", "</a>");
    ASSERT_FALSE(reference.empty());
    const auto found = in.browser.get(
        url(dashboard + std::string("all-open-cases?open-case-search-text=") + reference));
    EXPECT_GE(total(found), 1U);
    EXPECT_TRUE(found.has(reference));
}

TEST(Referral, ShowsDetailsAndProgress) {
    auto in = sign_in_at(url(dashboard + std::string("all-open-cases")), "heavy");
    const auto id = in.page.between("href=\"/referrals/", "/progress");
    const auto reference = in.page.between("/progress\">", "</a>");
    const auto details = in.browser.get(url("/referrals/" + id + "/details"));
    EXPECT_EQ(details.status, 200U);
    EXPECT_EQ(details.heading(), "Referral details");
    EXPECT_TRUE(details.has(reference));
    EXPECT_TRUE(details.has("Further information"));
    const auto progress = in.browser.get(url("/referrals/" + id + "/progress"));
    EXPECT_EQ(progress.heading(), "Progress");
    EXPECT_TRUE(progress.has(reference));
    EXPECT_TRUE(progress.has("minutes: <strong>"));
}

TEST(Referral, BelongsToThoseWhoHoldItsContract) {
    const auto page = sign_in_at(url(dashboard + std::string("all-open-cases")), "heavy").page;
    const auto id = page.between("href=\"/referrals/", "/progress");
    auto small = sign_in_at(url("/"), "small");
    EXPECT_EQ(small.browser.get(url("/referrals/" + id + "/details")).status, 403U);
}

TEST(Referral, WhatIsNotThereIsNotFound) {
    auto in = sign_in_at(url("/"), "heavy");
    for (const char* path : {"/referrals/00000000-0000-4000-8000-000000000000/details",
                             "/referrals/%27%20or%201=1/details", "/referrals/", "/referrals/x",
                             "/nowhere", "/referrals/00000000-0000-4000-8000-000000000000/edit"}) {
        EXPECT_EQ(in.browser.get(url(path)).status, 404U) << path;
    }
}

TEST(Pages, OnlyRead) {
    auto in = sign_in_at(url("/"), "heavy");
    EXPECT_EQ(in.browser.post(url("/service-provider/dashboard"), {{"a", "b"}}).status, 405U);
}

}  // namespace
}  // namespace weir::sample
