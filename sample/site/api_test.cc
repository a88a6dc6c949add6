// The JSON interface, with the tokens that callers really get.
#include "sample/site/api.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "sample/testing/running.h"

namespace weir::sample {
namespace {

using nlohmann::json;

constexpr const char* summaries = "/sent-referrals/summaries";
const std::string redirect = "http://127.0.0.1:9999/done";

std::string auth_url(const std::string& path) {
    return running().facts().auth_url + path;
}

std::string basic(const std::string& secret) {
    return "Basic " + base64url(std::string(api_client) + ":" + secret);
}

json token_answer(const Pairs& form,
                  unsigned expected_status = 200,
                  const std::string& secret = std::string(api_client_secret)) {
    Browser browser;
    browser.authorize(basic(secret));
    const auto page = browser.post_once(auth_url("/oauth/token"), form);
    EXPECT_EQ(page.status, expected_status) << page.body;
    return json::parse(page.body, nullptr, false);
}

std::string client_token() {
    return token_answer({{"grant_type", "client_credentials"}}).value("access_token", "");
}

/// The code that an API client gets for a user who signs in.
std::string code_for(const std::string& user) {
    Browser browser;
    const auto authorize =
        auth_url("/oauth/authorize?response_type=code&client_id=sample-api&state=s&redirect_uri=" +
                 encode_uri(redirect));
    const auto form = browser.get(authorize);
    const auto back = browser.post_once(auth_url("/auth/sign-in"),
                                        {{"_csrf", form.between("name=\"_csrf\" value=\"", "\"")},
                                         {"username", user},
                                         {"password", "sample-password"}});
    const auto answer = browser.get_once(std::string(back.header("Location")));
    const auto location = std::string(answer.header("Location"));
    EXPECT_TRUE(location.starts_with(redirect + "?code=")) << location;
    const auto begin = location.find("code=") + 5;
    return location.substr(begin, location.find('&') - begin);
}

std::string user_token(const std::string& user) {
    return token_answer({{"grant_type", "authorization_code"},
                         {"code", code_for(user)},
                         {"redirect_uri", redirect}})
        .value("access_token", "");
}

Page call(const std::string& path,
          const std::string& token,
          DashboardKind kind = DashboardKind::paginated) {
    Browser browser;
    if (!token.empty()) browser.authorize("Bearer " + token);
    return browser.get_once(url(path, kind));
}

TEST(Token, ABadClientSecretIsRefused) {
    const auto answer = token_answer({{"grant_type", "client_credentials"}}, 401, "guess");
    EXPECT_EQ(answer.value("error", ""), "invalid_client");
}

TEST(Token, ThereIsNoPasswordGrant) {
    const auto answer = token_answer(
        {{"grant_type", "password"}, {"username", "heavy"}, {"password", "sample-password"}}, 400);
    EXPECT_EQ(answer.value("error", ""), "unsupported_grant_type");
}

TEST(Token, ACodeIsBoundToItsAddressAndWorksOnce) {
    const Pairs wrong{{"grant_type", "authorization_code"},
                      {"code", code_for("small")},
                      {"redirect_uri", redirect + "/elsewhere"}};
    EXPECT_EQ(token_answer(wrong, 400).value("error", ""), "invalid_grant");
    const Pairs right{{"grant_type", "authorization_code"},
                      {"code", code_for("small")},
                      {"redirect_uri", redirect}};
    EXPECT_EQ(token_answer(right, 200).value("user_name", ""), "small");
    token_answer(right, 400);
}

TEST(Api, NeedsAToken) {
    EXPECT_EQ(call(summaries, "").status, 401U);
    EXPECT_EQ(call(summaries, "made.up.token").status, 401U);
}

TEST(Api, ABareClientMayNotSeeADashboard) {
    const auto page = call(summaries, client_token());
    EXPECT_EQ(page.status, 403U);
    EXPECT_NE(page.body.find("could not map auth token to user"), std::string::npos);
}

TEST(Api, TheCookieOfTheSignInIsNoAccessToken) {
    const auto in = sign_in_at(url("/"), "heavy");
    EXPECT_EQ(call(summaries, in.browser.cookie("jwtSession")).status, 401U);
}

TEST(Api, ProbationStaffMayNotSeeAProviderDashboard) {
    EXPECT_EQ(call(summaries, user_token("probation")).status, 403U);
}

TEST(Api, AUserSeesPages) {
    const auto token = user_token("heavy");
    const auto first = json::parse(call(std::string(summaries) + "?page=1&size=20", token).body);
    EXPECT_EQ(first["content"].size(), 20U);
    EXPECT_GT(first["totalElements"], 9000);
    EXPECT_EQ(first["number"], 0);
    EXPECT_EQ(first["size"], 20);
    EXPECT_EQ(first["totalPages"], (first["totalElements"].get<int>() + 19) / 20);
    const auto& row = first["content"][0];
    for (const char* field : {"id", "sentAt", "sentBy", "referenceNumber", "serviceUser",
                              "serviceProvider", "interventionTitle"}) {
        EXPECT_TRUE(row.contains(field)) << field;
    }
    const auto second = json::parse(call(std::string(summaries) + "?page=2&size=20", token).body);
    EXPECT_EQ(second["number"], 1);
    EXPECT_GE(first["content"][19]["sentAt"], second["content"][0]["sentAt"]);
    EXPECT_NE(first["content"][19]["id"], second["content"][0]["id"]);
    EXPECT_EQ(json::parse(call(summaries, token).body)["size"], 50);
}

TEST(Api, FiltersAsThePagesDo) {
    const auto token = user_token("medium");
    const auto total = [&](const std::string& query) {
        return json::parse(call(summaries + query, token).body)["totalElements"].get<int>();
    };
    EXPECT_GT(total("?concluded=true"), 0);
    EXPECT_LT(total("?unassigned=true"), total(""));
    EXPECT_LT(total("?search=patel"), total(""));
    const auto assigned =
        json::parse(call(std::string(summaries) + "?unassigned=true&size=1000", token).body);
    for (const auto& row : assigned["content"]) EXPECT_FALSE(row.contains("assignedTo"));
}

TEST(Api, ATokenIsGoodForItsInstanceOnly) {
    EXPECT_EQ(call(summaries, client_token(), DashboardKind::unbounded).status, 401U);
}

TEST(Api, ABareClientReadsASingleReferral) {
    const auto page = json::parse(call(summaries, user_token("small")).body);
    const std::string id = page["content"][0]["id"];
    const auto referral = call("/sent-referral/" + id, client_token());
    EXPECT_EQ(referral.status, 200U);
    EXPECT_EQ(json::parse(referral.body)["id"], id);
    EXPECT_EQ(call("/sent-referral/" + id, user_token("medium")).status, 403U);
    EXPECT_EQ(call("/sent-referral/nonsense", client_token()).status, 404U);
}

TEST(Operations, UsersComeHeaviestFirst) {
    const auto page = call("/ops/users", client_token());
    ASSERT_EQ(page.status, 200U);
    const auto users = json::parse(page.body);
    EXPECT_EQ(users[0]["userName"], "heavy");
    EXPECT_GT(users[0]["openReferrals"], 9000);
    const auto small = std::find_if(users.begin(), users.end(),
                                    [](const json& user) { return user["userName"] == "small"; });
    ASSERT_NE(small, users.end());
    const auto seen = json::parse(call(summaries, user_token("small")).body)["totalElements"];
    EXPECT_EQ((*small)["openReferrals"], seen);
}

TEST(Operations, UsersAreForOperatorsOnly) {
    EXPECT_EQ(call("/ops/users", "").status, 401U);
    EXPECT_EQ(call("/ops/users", user_token("heavy")).status, 403U);
}

TEST(Operations, InstancesSayWhoTheyAre) {
    const auto info = json::parse(call("/info", "").body);
    EXPECT_EQ(info["version"], "dev");
    const auto health = call("/health", "");
    EXPECT_EQ(health.status, 200U);
    EXPECT_EQ(json::parse(health.body)["status"], "UP");
    EXPECT_EQ(health.header("X-App-Version"), "dev");
    EXPECT_EQ(health.header("X-Instance-Id"), info["instanceId"].get<std::string>());
    const auto other = json::parse(call("/info", "", DashboardKind::in_memory_paging).body);
    EXPECT_NE(other["instanceId"], info["instanceId"]);
    EXPECT_EQ(other["dataDigest"], info["dataDigest"]);
}

}  // namespace
}  // namespace weir::sample
