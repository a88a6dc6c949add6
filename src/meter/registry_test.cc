#include "meter/registry.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace weir::meter {
namespace {

using record::MetricContains;
using record::MetricType;
using testing::HasSubstr;

TEST(Registry, BeginsWithTheBuiltInsAtTheirFixedIds) {
    const Registry registry;
    EXPECT_EQ(registry.size(), static_cast<std::size_t>(Builtin::count_));
    EXPECT_EQ(registry.at(id_of(Builtin::vus)).name, "vus");
    EXPECT_EQ(registry.at(id_of(Builtin::http_req_duration)),
              (MetricSpec{"http_req_duration", MetricType::trend, MetricContains::time}));
    EXPECT_EQ(registry.at(id_of(Builtin::data_received)),
              (MetricSpec{"data_received", MetricType::counter, MetricContains::data}));
    EXPECT_EQ(registry.at(id_of(Builtin::weir_unfinished)).name, "weir_unfinished");
    EXPECT_EQ(registry.find("checks").value(), id_of(Builtin::checks));
}

TEST(Registry, GivesEveryUserOfTheSameNameTheSameMetric) {
    Registry registry;
    const auto first = registry.add({"my_trend", MetricType::trend, MetricContains::time});
    const auto again = registry.add({"my_trend", MetricType::trend, MetricContains::time});
    ASSERT_TRUE(first.ok());
    EXPECT_EQ(first.value(), again.value());
    EXPECT_EQ(registry.specs().back().name, "my_trend");
}

TEST(Registry, RefusesAnotherTypeUnderATakenName) {
    Registry registry;
    const auto taken = registry.add({"checks", MetricType::counter, MetricContains::plain});
    ASSERT_FALSE(taken.ok());
    EXPECT_THAT(taken.error().text, HasSubstr("exists already as a rate"));
    EXPECT_FALSE(registry.find("no_such").ok());
}

TEST(Registry, RefusesWhatIsNotAMetricName) {
    Registry registry;
    for (const char* name : {"", "9lives", "has space", "has-dash", "größe"}) {
        EXPECT_FALSE(registry.add({name, MetricType::rate, MetricContains::plain}).ok()) << name;
    }
    EXPECT_TRUE(registry.add({std::string(129, 'a'), MetricType::rate, {}}).ok());
    EXPECT_FALSE(registry.add({std::string(130, 'a'), MetricType::rate, {}}).ok());
}

TEST(Registry, HasALimit) {
    Registry registry;
    base::Result<record::MetricId> last = record::MetricId{};
    for (int i = 0; i < 5000 && last.ok(); ++i) {
        last = registry.add({"m" + std::to_string(i), MetricType::counter, {}});
    }
    ASSERT_FALSE(last.ok());
    EXPECT_EQ(last.error().code, base::Code::limit);
}

}  // namespace
}  // namespace weir::meter
