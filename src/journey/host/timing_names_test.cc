#include "journey/host/timing_names.h"

#include <thread>

#include <gtest/gtest.h>

namespace weir::journey {
namespace {

TEST(TimingNames, AreAsTheyWereSentButForWhatHasNoPlaceInATag) {
    TimingNames names;
    EXPECT_EQ(names.known_as("db-1.read_only"), "db-1.read_only");
    EXPECT_EQ(names.known_as("a b{x}:\x1b[31m\xc3\xa9"), "a_b_x____31m__");
    EXPECT_EQ(names.known_as(std::string(500, 'n')), std::string(TimingNames::length_most, 'n'));
    EXPECT_EQ(names.known_as(""), "(other)");
    EXPECT_EQ(names.known_as("db-1.read_only").data(), names.known_as("db-1.read_only").data());
}

TEST(TimingNames, AreFewWhateverATargetThinksUp) {
    TimingNames names;
    EXPECT_EQ(names.known_as("db"), "db");
    for (int i = 0; i < 1000; ++i) {
        const std::string sent = "request-" + std::to_string(i);
        const bool known = i + 1 < static_cast<int>(TimingNames::most);
        EXPECT_EQ(names.known_as(sent), known ? sent : "(other)");
    }
    EXPECT_EQ(names.known_as("db"), "db");
}

TEST(TimingNames, MayBeAskedByManyWorkersAtOnce) {
    TimingNames names;
    const auto ask = [&names] {
        for (int i = 0; i < 2000; ++i) {
            const std::string sent = std::to_string(i % 16);
            EXPECT_EQ(names.known_as(sent), sent);
        }
    };
    std::thread one(ask);
    std::thread other(ask);
    one.join();
    other.join();
    EXPECT_EQ(names.known_as("one more"), "(other)");
}

}  // namespace
}  // namespace weir::journey
