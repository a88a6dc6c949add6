#include "app/local/file_watch.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <stdlib.h>

namespace weir::app {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::IsEmpty;

class FileWatchTest : public testing::Test {
protected:
    void SetUp() override {
        std::string name = (fs::temp_directory_path() / "weir-watch-XXXXXX").string();
        ASSERT_NE(mkdtemp(name.data()), nullptr);
        folder_ = fs::canonical(name);
        auto opened = FileWatch::open();
        ASSERT_TRUE(opened.ok()) << opened.error().text;
        files_ = std::move(opened).value();
    }
    void TearDown() override { fs::remove_all(folder_); }

    std::string path(const std::string& name) const { return (folder_ / name).string(); }
    void write(const std::string& name, const std::string& text) const {
        std::ofstream(path(name)) << text;
    }
    /// What the kernel tells of a save is there when the save is: no waiting, but for a margin.
    std::vector<std::string> saved() {
        pollfd ready{.fd = files_->descriptor(), .events = POLLIN, .revents = 0};
        if (poll(&ready, 1, 0) == 1) files_->drain();
        return files_->take();
    }

    fs::path folder_;
    std::unique_ptr<FileWatch> files_;
};

TEST_F(FileWatchTest, SeesASaveInPlaceAndOneThatReplacesTheFile) {
    write("a.js", "1");
    write("b.js", "1");
    files_->add(path("a.js"));
    EXPECT_THAT(saved(), IsEmpty());
    write("a.js", "2");
    EXPECT_THAT(saved(), ElementsAre(path("a.js")));
    write("b.js", "2");  // nobody asked for it
    write(".a.js.swp", "2");
    EXPECT_THAT(saved(), IsEmpty());
    for (int i = 0; i < 2; ++i) {  // the second time it is another file that is replaced
        write("a.tmp", "3");
        fs::rename(path("a.tmp"), path("a.js"));
        EXPECT_THAT(saved(), ElementsAre(path("a.js")));
    }
}

TEST_F(FileWatchTest, WaitsForAFileWhoseFolderIsNotThereYet) {
    files_->add(path("lib/deep/x.js"));
    fs::create_directory(folder_ / "lib");
    EXPECT_THAT(saved(), ElementsAre(path("lib/deep/x.js")));
    files_->clear();
    files_->add(path("lib/deep/x.js"));
    fs::create_directory(folder_ / "lib/deep");
    EXPECT_THAT(saved(), ElementsAre(path("lib/deep/x.js")));
    files_->clear();
    files_->add(path("lib/deep/x.js"));
    write("lib/deep/x.js", "1");
    EXPECT_THAT(saved(), ElementsAre(path("lib/deep/x.js")));
    fs::remove_all(folder_ / "lib/deep");
    EXPECT_THAT(saved(), ElementsAre(path("lib/deep/x.js")));
}

TEST_F(FileWatchTest, FollowsALinkAtBothItsEnds) {
    fs::create_directory(folder_ / "real");
    write("real/x.js", "1");
    write("real/y.js", "1");
    fs::create_symlink("real/x.js", folder_ / "link.js");
    files_->add(path("link.js"));
    write("real/x.js", "2");
    EXPECT_THAT(saved(), ElementsAre(path("link.js")));
    fs::remove(folder_ / "link.js");
    fs::create_symlink("real/y.js", folder_ / "link.js");
    EXPECT_THAT(saved(), ElementsAre(path("link.js")));
}

TEST_F(FileWatchTest, ForgetsFilesButNotSaves) {
    write("a.js", "1");
    files_->add(path("a.js"));
    EXPECT_EQ(files_->files(), 1U);
    write("a.js", "2");
    EXPECT_TRUE(files_->drain());
    files_->clear();
    EXPECT_EQ(files_->files(), 0U);
    write("a.js", "3");
    EXPECT_FALSE(files_->drain());
    EXPECT_TRUE(files_->changed());
    EXPECT_THAT(files_->take(), ElementsAre(path("a.js")));
    EXPECT_FALSE(files_->changed());
}

}  // namespace
}  // namespace weir::app
