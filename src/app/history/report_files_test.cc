#include "app/history/report_files.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

namespace weir::app {
namespace {

namespace fs = std::filesystem;
using Place = ReportFiles::Place;
using testing::HasSubstr;

constexpr const char* run = "20261123T225400Z-9f86d081";

class ReportFilesTest : public testing::Test {
protected:
    void SetUp() override {
        std::string name = (fs::temp_directory_path() / "weir-reports-XXXXXX").string();
        ASSERT_NE(mkdtemp(name.data()), nullptr);
        folder = name;
        fs::create_directories(folder / "results");
        write("secret.html", "secret");
    }
    void TearDown() override { fs::remove_all(folder); }
    void write(const fs::path& name, const std::string& text) const {
        fs::create_directories((folder / name).parent_path());
        std::ofstream(folder / name) << text;
    }
    [[nodiscard]] ReportFiles files() const {
        return ReportFiles({(folder / "absent").string(), (folder / "results").string()});
    }

    fs::path folder;
};

TEST_F(ReportFilesTest, FindsTheReportOfARun) {
    EXPECT_EQ(files().find(run), Place::no_result);
    EXPECT_THAT(files().read(run).error().text, HasSubstr("not in the results directory"));
    write(fs::path("results") / run / "record.json", "{}");
    EXPECT_EQ(files().find(run), Place::no_report);
    EXPECT_THAT(files().read(run).error().text, HasSubstr("has no report.html"));
    write(fs::path("results") / run / "report.html", "<p>é\n");
    EXPECT_EQ(files().find(run), Place::report);
    EXPECT_EQ(files().read(run).value(), "<p>é\n");
}

TEST_F(ReportFilesTest, FollowsNothingOutOfTheDirectory) {
    write("elsewhere/report.html", "secret");
    fs::create_directory_symlink(folder / "elsewhere", folder / "results" / run);
    EXPECT_EQ(files().find(run), Place::no_result);
    EXPECT_FALSE(files().read(run).ok());

    const std::string other = "20261123T225400Z-00000000";
    fs::create_directories(folder / "results" / other);
    fs::create_symlink(folder / "secret.html", folder / "results" / other / "report.html");
    EXPECT_EQ(files().find(other), Place::no_report);
    EXPECT_EQ(files().read(other).error().code, base::Code::not_found);

    for (const char* id : {"..", ".", "", "../elsewhere", "20261123T225400Z-9f86d081/..", "/etc",
                           "20261123T225400Z-9f86d08"}) {
        EXPECT_EQ(files().find(id), Place::no_result) << id;
        EXPECT_FALSE(files().read(id).ok()) << id;
    }
}

TEST_F(ReportFilesTest, WaitsForNoPipeAndReadsNoDirectory) {
    fs::create_directories(folder / "results" / run);
    ASSERT_EQ(mkfifo((folder / "results" / run / "report.html").c_str(), 0600), 0);
    EXPECT_EQ(files().find(run), Place::no_report);
    EXPECT_FALSE(files().read(run).ok());

    const std::string other = "20261123T225400Z-00000000";
    fs::create_directories(folder / "results" / other / "report.html");
    EXPECT_EQ(files().find(other), Place::no_report);
    EXPECT_FALSE(files().read(other).ok());
}

}  // namespace
}  // namespace weir::app
