// The sign-in as a browser walks it, over real sockets.
#include <gtest/gtest.h>

#include "sample/auth/directory.h"
#include "sample/testing/running.h"

namespace weir::sample {
namespace {

constexpr const char* open_cases = "/service-provider/dashboard/all-open-cases";

std::string auth_url(const std::string& path) {
    return running().facts().auth_url + path;
}

TEST(SignIn, WalksFromThePageToTheFormAndBack) {
    Browser browser;
    auto page = browser.get_once(url(open_cases));
    EXPECT_EQ(page.status, 302U);
    EXPECT_EQ(page.header("Location"), url("/sign-in"));
    EXPECT_NE(page.header("Set-Cookie").find("connect.sid="), std::string_view::npos);
    EXPECT_NE(page.header("Set-Cookie").find("HttpOnly"), std::string_view::npos);
    EXPECT_NE(page.header("Set-Cookie").find("SameSite=Lax"), std::string_view::npos);

    page = browser.get_once(url("/sign-in"));
    EXPECT_EQ(page.status, 302U);
    const auto authorize = std::string(page.header("Location"));
    EXPECT_TRUE(authorize.starts_with(auth_url("/oauth/authorize?response_type=code&")))
        << authorize;

    page = browser.get_once(authorize);
    EXPECT_EQ(page.status, 302U);
    EXPECT_EQ(page.header("Location"), auth_url("/auth/sign-in"));

    const auto form = browser.get_once(auth_url("/auth/sign-in"));
    EXPECT_EQ(form.status, 200U);
    EXPECT_EQ(form.heading(), "Sign in");

    page = browser.post_once(auth_url("/auth/sign-in"),
                             {{"_csrf", form.between("name=\"_csrf\" value=\"", "\"")},
                              {"username", "medium"},
                              {"password", "sample-password"}});
    EXPECT_EQ(page.status, 302U);
    EXPECT_EQ(page.header("Location"), authorize);
    EXPECT_FALSE(browser.cookie("jwtSession").empty());

    page = browser.get_once(authorize);
    EXPECT_EQ(page.status, 302U);
    const auto callback = std::string(page.header("Location"));
    EXPECT_TRUE(callback.starts_with(url("/sign-in/callback?code="))) << callback;

    const auto before = browser.cookie("connect.sid");
    page = browser.get_once(callback);
    EXPECT_EQ(page.status, 302U);
    EXPECT_EQ(page.header("Location"), url(open_cases));
    EXPECT_NE(browser.cookie("connect.sid"), before) << "a planted session must not be signed in";

    page = browser.get_once(url(open_cases));
    EXPECT_EQ(page.status, 200U);
    EXPECT_EQ(page.heading(), "All open cases");
    EXPECT_TRUE(page.has("medium"));
}

TEST(SignIn, APageWithoutASessionEndsAtTheFormWithStatus200) {
    Browser browser;
    const auto page = browser.get(url(open_cases));
    EXPECT_EQ(page.status, 200U);
    EXPECT_EQ(page.heading(), "Sign in");
    EXPECT_FALSE(page.has("govuk-table__row"));
}

TEST(SignIn, KeepsTheQueryOfThePageAskedFor) {
    const auto in = sign_in_at(url(std::string(open_cases) + "?page=2"), "medium");
    EXPECT_TRUE(in.page.has("Showing 101 to 200 of "));
}

TEST(SignIn, RefusesAWrongPasswordAndAnUnknownUser) {
    Browser browser;
    const auto form = browser.get(url(open_cases));
    for (const char* user : {"worker-4013-1", "nobody"}) {
        const auto page = browser.sign_in(form, user, "wrong");
        EXPECT_EQ(page.status, 200U);
        EXPECT_EQ(page.heading(), "Sign in");
        EXPECT_TRUE(page.has("Enter a valid username and password"));
    }
    EXPECT_TRUE(browser.cookie("jwtSession").empty());
}

TEST(SignIn, LocksAnAccountAfterFiveWrongPasswords) {
    Browser browser;
    const auto form = browser.get(url(open_cases));
    const std::string user = "worker-4013-2";
    for (int i = 0; i < 4; ++i) {
        EXPECT_TRUE(browser.sign_in(form, user, "wrong").has("Enter a valid username"));
    }
    EXPECT_TRUE(browser.sign_in(form, user, "wrong").has("Your account is locked"));
    EXPECT_TRUE(browser.sign_in(form, user, "sample-password").has("Your account is locked"));
}

TEST(SignIn, ARightPasswordForgetsTheWrongOnes) {
    for (int round = 0; round < 3; ++round) {
        Browser browser;
        const auto form = browser.get(url(open_cases));
        for (int i = 0; i < 4; ++i) browser.sign_in(form, "worker-4013-3", "wrong");
        EXPECT_EQ(browser.sign_in(form, "worker-4013-3", "sample-password").heading(),
                  "All open cases");
    }
}

TEST(SignIn, RefusesAFormWithoutItsToken) {
    Browser browser;
    browser.get(url(open_cases));
    for (const char* csrf : {"", "guessed"}) {
        const auto page = browser.post(
            auth_url("/auth/sign-in"),
            {{"_csrf", csrf}, {"username", "medium"}, {"password", "sample-password"}});
        EXPECT_EQ(page.status, 403U);
    }
    EXPECT_TRUE(browser.cookie("jwtSession").empty());
}

TEST(SignIn, RefusesTheTokenOfAnotherVisitor) {
    Browser one;
    Browser other;
    one.get(url(open_cases));
    const auto form_of_other = other.get(url(open_cases));
    EXPECT_EQ(one.sign_in(form_of_other, "medium", "sample-password").status, 403U);
}

/// Walks to the point where the sign-in server sends the browser back with a code.
std::string callback_of(Browser& browser) {
    const auto form = browser.get(url(open_cases));
    const auto page = browser.post_once(auth_url("/auth/sign-in"),
                                        {{"_csrf", form.between("name=\"_csrf\" value=\"", "\"")},
                                         {"username", "medium"},
                                         {"password", "sample-password"}});
    return std::string(browser.get_once(std::string(page.header("Location"))).header("Location"));
}

TEST(SignIn, RefusesAStateThatItDidNotGive) {
    Browser browser;
    const auto callback = callback_of(browser);
    const auto page = browser.get_once(callback.substr(0, callback.find("&state=")) + "&state=x");
    EXPECT_EQ(page.status, 403U);
    EXPECT_EQ(browser.get(url("/")).status, 200U);
}

TEST(SignIn, RefusesTheCodeOfAnotherVisitor) {
    Browser victim;
    Browser attacker;
    victim.get_once(url(open_cases));
    EXPECT_EQ(victim.get_once(callback_of(attacker)).status, 403U);
}

TEST(SignIn, ACodeWorksOnce) {
    Browser browser;
    const auto callback = callback_of(browser);
    EXPECT_EQ(browser.get_once(callback).status, 302U);
    EXPECT_EQ(browser.get_once(callback).status, 403U);
}

TEST(SignIn, SendsNoCodeToAnUnregisteredAddress) {
    Browser browser;
    callback_of(browser);
    const auto page = browser.get_once(
        auth_url("/oauth/authorize?response_type=code&client_id=weir-sample-ui&state=x"
                 "&redirect_uri=http%3A%2F%2Fevil.invalid%2F"));
    EXPECT_EQ(page.status, 400U);
    EXPECT_TRUE(page.header("Location").empty());
}

TEST(SignIn, AnExpiredSessionLeadsBackToTheForm) {
    auto now = std::make_shared<WallTime>(std::chrono::system_clock::now());
    auto options = shared_options();
    options.session_lifetime = std::chrono::seconds(30);
    options.clock = [now] { return *now; };
    auto service = Service::start(options);
    ASSERT_TRUE(service.ok()) << service.error().text;
    const auto page_url = service.value()->facts().url + open_cases;
    auto in = sign_in_at(page_url, "small");
    EXPECT_EQ(in.page.heading(), "All open cases");
    *now += std::chrono::seconds(29);
    EXPECT_EQ(in.browser.get(page_url).heading(), "All open cases");
    *now += std::chrono::seconds(2);
    const auto expired = in.browser.get(page_url);
    EXPECT_EQ(expired.status, 200U);
    EXPECT_EQ(expired.heading(), "Sign in");
}

TEST(SignIn, SigningOutEndsTheSession) {
    auto in = sign_in_at(url(open_cases), "small");
    EXPECT_EQ(in.browser.get(url("/sign-out")).heading(), "Sign in");
    EXPECT_EQ(in.browser.get(url(open_cases)).heading(), "Sign in");
}

TEST(SignIn, AnUnverifiedUserIsHeldUp) {
    const auto in = sign_in_at(url(open_cases), "unverified");
    EXPECT_EQ(in.page.status, 200U);
    EXPECT_EQ(in.page.heading(), "Verify your email address");
}

TEST(SignIn, ProbationStaffHaveNoProviderDashboard) {
    EXPECT_EQ(sign_in_at(url(open_cases), "probation").page.status, 403U);
}

}  // namespace
}  // namespace weir::sample
