#include "app/history/serve_plan.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include "app/history/page_policy.h"

namespace weir::app {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;

class ServePlanTest : public testing::Test {
protected:
    void SetUp() override {
        std::string name = (fs::temp_directory_path() / "weir-serve-XXXXXX").string();
        ASSERT_NE(mkdtemp(name.data()), nullptr);
        folder = name;
        flags.store = "sqlite:" + (folder / "history.db").string();
        flags.configs = {write("weir.toml", suite)};
    }
    void TearDown() override { fs::remove_all(folder); }
    std::string write(const std::string& name, const std::string& text) const {
        std::ofstream(folder / name) << text;
        return (folder / name).string();
    }
    [[nodiscard]] std::string refusal() const {
        const auto plan = resolve(flags, "");
        return plan.ok() ? "" : plan.error().text;
    }

    static constexpr const char* suite =
        "[[journey]]\nscript = \"a.js\"\n[environment.preprod]\nbase_url = \"http://a.test\"\n"
        "[[condition]]\nthat = \"at most 1 % errors\"\n";
    fs::path folder;
    ServeFlags flags;
};

TEST_F(ServePlanTest, ListensForThisMachineAloneByDefault) {
    const auto plan = resolve(flags, "");
    ASSERT_TRUE(plan.ok()) << plan.error().text;
    EXPECT_EQ(plan.value().listen.text(), "127.0.0.1:8780");
    EXPECT_THAT(plan.value().site.door.hosts, testing::Contains("localhost"));
    EXPECT_THAT(plan.value().site.door.token_sha256, IsEmpty());
    for (const char* address : {"127.0.0.1", "127.1.2.3", "::1", "::ffff:127.0.0.1"}) {
        EXPECT_TRUE(is_loopback(*net::IpAddress::parse(address))) << address;
    }
    for (const char* address : {"0.0.0.0", "::", "10.0.0.1", "128.0.0.1", "fe80::1", "::2"}) {
        EXPECT_FALSE(is_loopback(*net::IpAddress::parse(address))) << address;
    }
}

TEST_F(ServePlanTest, RefusesOthersWithoutAToken) {
    for (const char* listen : {"0.0.0.0:8780", "[::]:8780", "192.0.2.1:80"}) {
        flags.listen = listen;
        EXPECT_THAT(refusal(), HasSubstr("name a token")) << listen;
    }
    flags.token_file = write("token", "a-token-of-the-team\nsecond line\n");
    const auto plan = resolve(flags, "");
    ASSERT_TRUE(plan.ok()) << plan.error().text;
    EXPECT_EQ(plan.value().site.door.token_sha256.size(), 64U);
    EXPECT_THAT(plan.value().site.door.hosts, IsEmpty()) << "the token keeps strangers out";
    EXPECT_FALSE(plan.value().site.store.pass.admits("20261123T225400Z-9f86d081", "", {}));
}

TEST_F(ServePlanTest, NamesWhatIsWrong) {
    flags.listen = "8780";
    EXPECT_THAT(refusal(), HasSubstr("--listen 8780: not an address with a port"));
    flags.listen = "127.0.0.1:0";
    flags.token_file = write("token", "short\n");
    EXPECT_THAT(refusal(), HasSubstr("16 or more printable characters"));
    EXPECT_THAT(refusal(), testing::Not(HasSubstr("short")));
    flags.token_file = (folder / "absent").string();
    EXPECT_THAT(refusal(), HasSubstr("absent"));
    flags.token_variable = "WEIR_TEST_TOKEN_THAT_IS_NOT_SET";
    EXPECT_THAT(refusal(), HasSubstr("one of them is enough"));
    flags.token_file.clear();
    EXPECT_THAT(refusal(), HasSubstr("the variable is not set"));
    flags.token_variable.clear();
    flags.hosts = {"weir.example:x"};
    EXPECT_THAT(refusal(), HasSubstr("--host weir.example:x: not a name"));
    flags.hosts.clear();
    flags.configs = {(folder / "absent.toml").string()};
    EXPECT_THAT(refusal(), HasSubstr("absent.toml"));
}

TEST_F(ServePlanTest, ShowsOneStore) {
    flags.store.clear();
    flags.configs = {write("a.toml", std::string(suite) + "[store]\nurl = \"sqlite:a.db\"\n"),
                     write("b.toml", std::string(suite) + "[store]\nurl = \"sqlite:b.db\"\n")};
    EXPECT_THAT(refusal(), HasSubstr("b.toml has another store"));
    flags.configs = {write("none.toml", std::string(suite) + "[store]\nurl = \"\"\n")};
    EXPECT_THAT(refusal(), HasSubstr("keeps no history"));
}

TEST(PagePolicy, IsThePagesOwnAndForbidsFrames) {
    const std::string page =
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src "
        "'sha256-abc='\">";
    EXPECT_EQ(policy_of_page(page),
              "default-src 'none'; script-src 'sha256-abc='; frame-ancestors 'none'");
    EXPECT_THAT(std::string(policy_of_reports()), HasSubstr("sandbox allow-scripts"));
    EXPECT_THAT(std::string(policy_of_reports()), testing::Not(HasSubstr("allow-same-origin")));
}

}  // namespace
}  // namespace weir::app
