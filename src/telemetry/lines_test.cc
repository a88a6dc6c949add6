// The encoders whose words are text: StatsD, InfluxDB, JSON lines.
#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "telemetry/influx.h"
#include "telemetry/json_lines.h"
#include "telemetry/statsd.h"
#include "telemetry/test_moments.h"

namespace weir::telemetry {
namespace {

using std::chrono::seconds;
using testing::HasSubstr;
using testing::Not;

std::string all_of(const std::vector<Parcel>& parcels) {
    std::string text;
    for (const auto& parcel : parcels) text += parcel.body + "\n";
    return text;
}

TEST(Statsd, SpeaksItsLines) {
    TestRun run;
    run.users(5);
    run.request(12.5);
    run.request(12.5, false);
    Statsd encoder({});
    const auto first = run.after(seconds(1));
    const auto parcels = encoder.encode(*first);
    ASSERT_EQ(parcels.size(), 1U);
    EXPECT_EQ(parcels[0].body,
              joined({"k6.http_reqs:2|c", "k6.vus:5|g", "k6.checks:1|c", "k6.checks.total:2|c",
                      "k6.check.status_is_200.pass:1|c", "k6.check.status_is_200.fail:1|c"}) +
                  "k6.http_req_duration:12.5|ms\nk6.http_req_duration:12.5|ms");
    encoder.taken(first, parcels[0]);
    run.request(1);
    const auto second = all_of(encoder.encode(*run.after(seconds(1))));
    EXPECT_THAT(second, HasSubstr("k6.http_reqs:1|c\n"));
    EXPECT_THAT(second, HasSubstr("k6.http_req_duration:1|ms"));
    EXPECT_THAT(second, Not(HasSubstr("12.5")));
}

TEST(Statsd, TellsManyValuesByFewLinesThatSayHowManyTheyAre) {
    TestRun run;
    for (int i = 0; i < 5000; ++i) run.request(10);
    Statsd encoder({.prefix = "load.", .tags_on = true, .lines_most = 50});
    const auto parcels = encoder.encode(*run.after(seconds(1)));
    std::size_t lines = 0;
    for (const auto& parcel : parcels) {
        EXPECT_LE(parcel.body.size(), Statsd::datagram_most);
        for (std::size_t at = parcel.body.find("|ms|@0.01|#method:GET,name:dash board");
             at != std::string::npos; at = parcel.body.find("|ms|@0.01|#", at + 1)) {
            lines += 1;
        }
    }
    EXPECT_EQ(lines, 50U);
    EXPECT_EQ(parcels.back().last, 4U);
}

TEST(Statsd, WritesNegativeGaugesAndHostileNames) {
    TestRun run;
    run.users(-2);
    run.moment().series[2].tags.set("check", "a:b|c@d\n#e.f");
    run.request(1);
    const auto plain = all_of(Statsd({}).encode(*run.after(seconds(1))));
    EXPECT_THAT(plain, HasSubstr("k6.vus:0|g\nk6.vus:-2|g\n")) << "a sign alone means a change";
    EXPECT_THAT(plain, HasSubstr("k6.check.a_b_c_d__e_f.pass:1|c"));
    StatsdShape dog;
    dog.tags_on = true;
    const auto tagged = all_of(Statsd(dog).encode(*run.after(seconds(1))));
    EXPECT_THAT(tagged, HasSubstr("k6.vus:-2|g\n"));
    EXPECT_THAT(tagged, HasSubstr("k6.checks.total:1|c|#check:a:b_c@d__e.f"));
}

TEST(Influx, WritesPointsThatLieApart) {
    TestRun run;
    run.users(5);
    run.request(12.5);
    run.request(12.5, false);
    Influx encoder({});
    const auto first = run.after(seconds(1));
    const auto parcels = encoder.encode(*first);
    ASSERT_EQ(parcels.size(), 1U);
    EXPECT_EQ(
        parcels[0].body,
        joined({R"(http_reqs,method=GET,name=dash\ board value=2 1700000001000000000)",
                "vus value=5 1700000001000000000",
                R"(checks,check=status\ is\ 200 value=0 1700000000000000001)",
                R"(checks,check=status\ is\ 200 value=1 1700000000500000000)",
                R"(checks,check=status\ is\ 200 count=2i,max=1,min=0,sum=1 1700000001000000000)",
                R"(http_req_duration,method=GET,name=dash\ board value=12.5 1700000000000000001)",
                R"(http_req_duration,method=GET,name=dash\ board value=12.5 1700000000500000000)",
                R"(http_req_duration,method=GET,name=dash\ board count=2i,max=12.5,min=12.5,)"
                "sum=25 1700000001000000000"}));
    EXPECT_EQ(encoder.encode(*first)[0].body, parcels[0].body) << "the same points again";
    encoder.taken(first, parcels[0]);
    run.request(1);
    const auto second = all_of(encoder.encode(*run.after(seconds(1))));
    EXPECT_THAT(second, HasSubstr("value=1 1700000002000000000"));
    EXPECT_THAT(second, HasSubstr("count=1i,max=1"));
    EXPECT_THAT(second, HasSubstr(",min=1,sum=1 1700000002000000000"));
}

TEST(Influx, EscapesWhatWouldEndATagOrALine) {
    TestRun run;
    run.moment().series[0].tags.set("name", "a,b=c d\n\\");
    run.request(1);
    const auto text = all_of(Influx({}).encode(*run.after(seconds(1))));
    EXPECT_THAT(text, HasSubstr("http_reqs,method=GET,name=a\\,b\\=c\\ d_\\_ value=1 "));
}

TEST(Influx, SharesPointsWhenThereAreMoreValues) {
    TestRun run;
    for (int i = 0; i < 3000; ++i) run.request(10);
    Influx encoder({.points_most = 100});
    const auto text = all_of(encoder.encode(*run.after(seconds(1))));
    const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
    EXPECT_LT(lines, 110U);
    EXPECT_THAT(text, HasSubstr("count=3000i,max=10,min=10,sum=30000 "));
}

TEST(JsonLines, SayWhatIsNewAndWhatThereIs) {
    TestRun run;
    run.users(5);
    run.request(10);
    JsonLines encoder("run-1", false);
    const auto first = run.after(seconds(1));
    encoder.taken(first, encoder.encode(*first).front());
    run.request(30);
    const auto parcels = encoder.encode(*run.after(seconds(1)));
    ASSERT_EQ(parcels.size(), 1U);
    std::string_view text = parcels[0].body;
    std::vector<base::Json> lines;
    while (!text.empty()) {
        const auto end = text.find('\n');
        auto parsed = base::parse_json(text.substr(0, end));
        ASSERT_TRUE(parsed.ok()) << parsed.error().text;
        lines.push_back(std::move(parsed).value());
        text.remove_prefix(end + 1);
    }
    ASSERT_EQ(lines.size(), 4U);
    EXPECT_EQ(lines[0]["new"]["count"], 1);
    EXPECT_EQ(lines[0]["total"]["count"], 2);
    EXPECT_EQ(lines[1]["total"]["value"], 5);
    EXPECT_FALSE(lines[1].contains("new"));
    EXPECT_EQ(lines[3]["metric"], "http_req_duration");
    EXPECT_EQ(lines[3]["run"], "run-1");
    EXPECT_EQ(lines[3]["new"]["max"], 30);
    EXPECT_EQ(lines[3]["total"]["count"], 2);
    EXPECT_EQ(lines[3]["tags"]["name"], "dash board");
    EXPECT_EQ(lines[3]["since"], "2023-11-14T22:13:21.000000000Z");
}

}  // namespace
}  // namespace weir::telemetry
