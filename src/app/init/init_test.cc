#include <filesystem>
#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/init/base_url_search.h"
#include "app/init/found_text.h"
#include "app/init/git_files.h"
#include "app/init/pipeline_files.h"
#include "app/init/planned_file.h"
#include "app/init/repository.h"
#include "app/init/template_text.h"
#include "plan/suite.h"

namespace weir::app::init {
namespace {

namespace fs = std::filesystem;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

/// A directory of its own for each test.
class Init : public ::testing::Test {
protected:
    Init() {
        std::string pattern = (fs::temp_directory_path() / "weir-init-XXXXXX").string();
        root_ = mkdtemp(pattern.data());
    }
    ~Init() override {
        std::error_code ignored;
        fs::remove_all(root_, ignored);
    }
    void write(const std::string& name, const std::string& text) const {
        fs::create_directories((root_ / name).parent_path());
        std::ofstream(root_ / name, std::ios::binary) << text;
    }
    [[nodiscard]] std::string read(const std::string& name) const {
        return small_file(root_ / name);
    }
    void git(const std::string& config, const std::string& head = "ref: refs/heads/main\n") const {
        write(".git/HEAD", head);
        write(".git/config", config);
    }
    fs::path root_;
};

TEST(Template, FillsNamesAndLeavesOtherSignsAlone) {
    const auto filled =
        fill("uses: a/b@v4 @NAME@ mail@x @A@ @NAME@@NAME@ @", {{"NAME", "@IMAGE@"}});
    ASSERT_TRUE(filled.ok()) << filled.error().text;
    EXPECT_EQ(filled.value(), "uses: a/b@v4 @IMAGE@ mail@x @A@ @IMAGE@@IMAGE@ @");
}

TEST(Template, NamesWhatHasNoValue) {
    const auto filled = fill("one\ntwo @NOTHING@", {{"NAME", "x"}});
    ASSERT_FALSE(filled.ok());
    EXPECT_THAT(filled.error().text, HasSubstr("line 2"));
    EXPECT_THAT(filled.error().text, HasSubstr("@NOTHING@"));
}

TEST(Remote, LosesItsCredentials) {
    EXPECT_EQ(without_credentials("https://me:secret@host.example/a/b.git"),
              "https://host.example/a/b.git");
    EXPECT_EQ(without_credentials("git@github.com:a/b.git"), "github.com:a/b.git");
    EXPECT_EQ(without_credentials("https://host/a@b"), "https://host/a@b");
    EXPECT_EQ(without_credentials(""), "");
}

TEST_F(Init, ReadsGitsFilesFromBelowToo) {
    git("[core]\n\tbare = false\n[remote \"mirror\"]\n\turl = https://m/x\n[remote \"origin\"]\n"
        "\turl = https://u:p@github.com/team/shop-api.git\n\tfetch = +refs\n",
        "ref: refs/heads/a-feature\n");
    write(".git/refs/remotes/origin/HEAD", "ref: refs/remotes/origin/trunk\n");
    write("deep/er/x", "");
    const auto found = read_git(root_ / "deep/er");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->remote, "https://github.com/team/shop-api.git");
    EXPECT_EQ(found->branch, "trunk");
    EXPECT_EQ(found->root, fs::weakly_canonical(root_));
}

TEST_F(Init, FollowsAWorkTreesFile) {
    write("main/.git/HEAD", "ref: refs/heads/main\n");
    write("main/.git/config", "[remote \"origin\"]\nurl = https://x/y\n");
    write("main/.git/worktrees/w/HEAD", "ref: refs/heads/w\n");
    write("main/.git/worktrees/w/commondir", "../..\n");
    write("w/.git", "gitdir: " + (root_ / "main/.git/worktrees/w").string() + "\n");
    const auto found = read_git(root_ / "w");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->remote, "https://x/y");
    EXPECT_EQ(found->branch, "w");
}

TEST_F(Init, AFeatureBranchIsNotWhatIsDeployed) {
    git("", "ref: refs/heads/a-feature\n");
    EXPECT_EQ(look_at(root_).branch.value, "a-feature");
    write(".git/refs/heads/master", "0123\n");
    EXPECT_EQ(look_at(root_).branch.value, "master");
    write(".git/packed-refs", "# pack-refs\n0123 refs/remotes/origin/main\n");
    EXPECT_EQ(look_at(root_).branch.value, "main");
    EXPECT_EQ(look_at(root_).branch.from, ".git/refs/remotes/origin/main");
}

TEST_F(Init, ADetachedHeadNamesNoBranch) {
    git("", "0123456789012345678901234567890123456789\n");
    EXPECT_EQ(look_at(root_).branch.value, "main");
    EXPECT_TRUE(look_at(root_).branch.assumed);
}

TEST_F(Init, NamesTheServiceByItsOwnFilesFirst) {
    git("[remote \"origin\"]\nurl = git@github.com:team/from-remote.git\n");
    EXPECT_EQ(look_at(root_).name.value, "from-remote");
    write("settings.gradle.kts", "rootProject.name = \"Gradle_Name\"\n");
    EXPECT_EQ(look_at(root_).name.value, "gradle-name");
    write("package.json", R"({"name": "@team/interventions.ui"})");
    EXPECT_EQ(look_at(root_).name.value, "interventions-ui");
    write("package.json", "{ not json");
    EXPECT_EQ(look_at(root_).name.value, "gradle-name");
    write("package.json", R"({"name": ["x"]})");
    EXPECT_EQ(look_at(root_).name.value, "gradle-name");
}

TEST_F(Init, FindsThePreProductionAddressAndNoDependencys) {
    write("helm_deploy/values-preprod.yaml",
          "env:\n  HMPPS_AUTH_URL: https://sign-in-preprod.hmpps.example.gov.uk/auth\n"
          "ingress:\n  host: shop-preprod.example.gov.uk\n");
    write("helm_deploy/values-prod.yaml", "ingress:\n  host: shop.example.gov.uk\n");
    const auto known = look_at(root_);
    EXPECT_EQ(known.base_url.value, "https://shop-preprod.example.gov.uk");
    EXPECT_EQ(known.base_url.from, "helm_deploy/values-preprod.yaml:4");
    EXPECT_FALSE(known.base_url.assumed);
}

TEST_F(Init, FindsAnAddressInALastListAndInVariables) {
    write("deploy/values.staging.yml", "hosts:\n  - orders.staging.example.org\n");
    EXPECT_EQ(look_at(root_).base_url.value, "https://orders.staging.example.org");
    write(".env.preprod", "export BASE_URL=\"https://orders-preprod.example.org/app/\"\n");
    EXPECT_EQ(look_at(root_).base_url.value, "https://orders-preprod.example.org/app");
}

TEST_F(Init, ThePreProductionFileMaySayItAlone) {
    write("values-staging.yaml", "ingress:\n  host: shop.example.dev\n  other: x\n");
    EXPECT_EQ(look_at(root_).base_url.value, "https://shop.example.dev");
    write("values-staging.yaml", "ingress:\n  host: shop.prod.example.dev\n");
    EXPECT_TRUE(look_at(root_).base_url.assumed);
}

TEST_F(Init, TakesNoCredentialsAndNoProduction) {
    write(".env.preprod", "BASE_URL=https://me:secret@x-preprod.example.org\n");
    write("values-prod.yaml", "host: shop.example.org\n");
    const auto known = look_at(root_);
    EXPECT_TRUE(known.base_url.assumed);
    EXPECT_THAT(known.base_url.value, Not(HasSubstr("secret")));
}

TEST_F(Init, FindsThePortOfAComposeFileButNoDatabases) {
    write("docker-compose.yml",
          "services:\n  db:\n    ports:\n      - \"5432:5432\"\n  app:\n    ports:\n      - "
          "\"127.0.0.1:3001:3000\"\n");
    EXPECT_EQ(look_at(root_).local_url.value, "http://127.0.0.1:3001");
    fs::remove(root_ / "docker-compose.yml");
    write("Dockerfile", "FROM scratch\nEXPOSE 9090/tcp\n");
    EXPECT_EQ(look_at(root_).local_url.value, "http://127.0.0.1:9090");
    EXPECT_TRUE(look_at(root_).dockerfile);
}

TEST_F(Init, ReadsTheJobsOfAPipelineThatIsThere) {
    write(".circleci/config.yml",
          "workflows:\n  x:\n    jobs:\n      - hmpps/deploy_env:\n          name: deploy_dev\n"
          "      - hmpps/deploy_env:\n          name: deploy_to_preprod\n      - approve_prod\n"
          "      - hmpps/deploy_env:\n          name: deploy_to_prod\n");
    const auto known = look_at(root_);
    ASSERT_EQ(known.pipelines.size(), 1U);
    EXPECT_EQ(known.pipelines[0].deploy_preprod, "deploy_to_preprod");
    EXPECT_EQ(known.pipelines[0].approve, "approve_prod");
    EXPECT_EQ(known.pipelines[0].deploy_prod, "deploy_to_prod");
}

TEST_F(Init, KeepsASuiteAndTakesItsEnvironment) {
    write("weir.toml",
          "[[journey]]\nscript = \"a.js\"\n[environment.local]\nbase_url = \"http://x\"\n"
          "[environment.stage]\nbase_url = \"https://y\"\nsecrets = { P = { env = \"STAGE_P\" } }\n"
          "[[condition]]\nthat = \"at least 99 % "
          "checks\"\n");
    const auto known = look_at(root_);
    EXPECT_TRUE(known.suite);
    EXPECT_EQ(known.environment.value, "stage");
    EXPECT_EQ(known.base_url.value, "https://y");
    const auto github = plan_files("github", known, {"weir:1", "/"});
    ASSERT_TRUE(github.ok());
    EXPECT_THAT(github.value().files[1].text, HasSubstr("      STAGE_P: ${{ secrets.STAGE_P }}\n"));
    const auto plan = plan_files("circleci", known, {"weir:1", "/"});
    ASSERT_TRUE(plan.ok()) << plan.error().text;
    for (const auto& file : plan.value().files) EXPECT_NE(file.path, "weir.toml");
    EXPECT_THAT(plan.value().files.front().text, HasSubstr("--env stage"));
}

TEST_F(Init, AnEnvironmentThatAShellWouldMisreadIsNotTaken) {
    write("weir.toml",
          "[[journey]]\nscript = \"a.js\"\n[environment.\"x; touch y\"]\nbase_url = \"http://x\"\n"
          "[[condition]]\nthat = \"at least 99 % checks\"\n");
    EXPECT_EQ(look_at(root_).environment.value, "preprod");
    EXPECT_TRUE(look_at(root_).environment.assumed);
}

TEST_F(Init, EveryPipelinesFilesAreFilledAndTheSuiteIsOne) {
    const auto known = look_at(root_);
    for (const auto name : pipeline_names()) {
        const auto plan = plan_files(name, known, {"registry.example:5000/weir@sha256:ab", "/a"});
        ASSERT_TRUE(plan.ok()) << name << ": " << plan.error().text;
        for (const auto& file : plan.value().files) {
            EXPECT_FALSE(file.text.empty()) << file.path;
            EXPECT_FALSE(file.about.empty()) << file.path;
            if (file.path != "weir.toml") continue;
            const auto suite = plan::parse_suite(file.text, "weir.toml");
            ASSERT_TRUE(suite.ok()) << suite.error().text;
            EXPECT_EQ(suite.value().journeys.front().script, "journeys/first.js");
        }
    }
}

TEST_F(Init, AddsChecklistsToTheTemplatesThatAreThere) {
    write(".github/PULL_REQUEST_TEMPLATE.md", "## Ours\n");
    const auto plan = plan_files("jenkins", look_at(root_), {"weir:1", "/"});
    ASSERT_TRUE(plan.ok());
    for (int time = 0; time < 2; ++time) {
        for (const auto& file : plan.value().files) {
            ASSERT_TRUE(place(root_, file, {}).ok()) << file.path;
        }
    }
    const auto text = read(".github/PULL_REQUEST_TEMPLATE.md");
    EXPECT_THAT(text, ::testing::StartsWith("## Ours\n"));
    EXPECT_EQ(text.find("weir: refinement"), text.rfind("weir: refinement")) << "added twice";
    EXPECT_THAT(read(".github/ISSUE_TEMPLATE/incident.md"), ::testing::StartsWith("---\nname:"));
    EXPECT_EQ(read(".gitignore"), ".weir/\n.env\nweir.local.toml\n");
}

PlannedFile file_of(const std::string& path, const std::string& text) {
    PlannedFile file;
    file.path = path;
    file.text = text;
    return file;
}

TEST_F(Init, NeverReplacesAFileWithoutForce) {
    write("a/x", "theirs");
    const auto file = file_of("a/x", "ours");
    EXPECT_EQ(place(root_, file, {}).value(), Placed::beside);
    EXPECT_EQ(read("a/x"), "theirs");
    EXPECT_EQ(read("a/x.weir"), "ours");
    EXPECT_EQ(place(root_, file, {.force = true}).value(), Placed::replaced);
    EXPECT_EQ(read("a/x"), "ours");
    EXPECT_EQ(place(root_, file, {}).value(), Placed::unchanged);
}

TEST_F(Init, ARehearsalWritesNothing) {
    EXPECT_EQ(place(root_, file_of("a/x", "ours"), {.rehearsal = true}).value(), Placed::written);
    EXPECT_FALSE(fs::exists(root_ / "a"));
}

TEST_F(Init, WritesThroughNoLinkAndOverNoFolder) {
    write("elsewhere", "theirs");
    fs::create_symlink(root_ / "elsewhere", root_ / "x");
    const auto linked = place(root_, file_of("x", "ours"), {.force = true});
    ASSERT_FALSE(linked.ok());
    EXPECT_THAT(linked.error().text, HasSubstr("no plain file"));
    EXPECT_EQ(read("elsewhere"), "theirs");
    fs::create_directory(root_ / "folder");
    EXPECT_FALSE(place(root_, file_of("folder", "ours"), {}).ok());
    const auto below = place(root_, file_of("elsewhere/y", "ours"), {});
    ASSERT_FALSE(below.ok());
    EXPECT_THAT(below.error().text, HasSubstr("elsewhere/y"));
    EXPECT_THAT(below.error().text, EndsWith("--dir"));
}

}  // namespace
}  // namespace weir::app::init
