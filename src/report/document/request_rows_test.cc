#include "report/document/request_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace weir::report {
namespace {

using namespace std::chrono_literals;
using record::MetricContains;
using record::MetricType;
using ::testing::ElementsAre;
using ::testing::Pair;
using Pairs = std::vector<std::pair<std::string, std::string>>;

record::Tags tags_of(const Pairs& pairs) {
    record::Tags tags;
    for (const auto& [key, value] : pairs) tags.set(key, value);
    return tags;
}

/// A record of series put in by hand.
class Kept {
public:
    Kept() {
        using enum MetricType;
        record_.duration = 10s;
        record_.metrics = {{"http_reqs", counter, MetricContains::plain},
                           {"http_req_failed", rate, MetricContains::plain},
                           {"weir_response_time", trend, MetricContains::time},
                           {"http_req_waiting", trend, MetricContains::time},
                           {"http_req_blocked", trend, MetricContains::time},
                           {"weir_unfinished", trend, MetricContains::time},
                           {"weir_server_timing", trend, MetricContains::time},
                           {"checks", rate, MetricContains::plain},
                           {"own", trend, MetricContains::time}};
    }

    Kept& row(const Pairs& row) {
        (void)record_.windows.row_index(tags_of(row));
        return *this;
    }
    Kept& requests(Pairs tags, std::uint64_t count, const char* status, double ms) {
        tags.emplace_back("status", status);
        const bool good = *status == '2';
        tags.emplace_back("expected_response", good ? "true" : "false");
        record::CounterTotal requests;
        for (std::uint64_t i = 0; i < count; ++i) requests.add(1);
        record::RateTotal failed;
        (good ? failed.fails : failed.passes) = count;
        return put(0, tags, requests).put(1, tags, failed).times(2, tags, count, ms);
    }
    Kept& times(std::uint32_t metric, const Pairs& tags, std::uint64_t count, double ms) {
        auto times = stats::Distribution::time();
        times.add(ms, count);
        return put(metric, tags, std::move(times));
    }
    Kept& checks(const Pairs& tags, std::uint64_t passes, std::uint64_t fails) {
        return put(7, tags, record::RateTotal{passes, fails});
    }
    [[nodiscard]] std::vector<RequestRow> rows() const { return request_rows(record_); }

private:
    Kept& put(std::uint32_t metric, const Pairs& tags, record::Aggregate total) {
        record_.series.push_back(
            {static_cast<record::MetricId>(metric), tags_of(tags), std::move(total)});
        return *this;
    }
    record::RunRecord record_;
};

const Pairs page{{"scenario", "j"}, {"name", "page"}, {"group", "::open"}};
const Pairs search{{"scenario", "j"}, {"name", "search"}, {"kind", "ajax"}};

TEST(RequestRows, PutTogetherWhatBecameOfTheSameRequests) {
    const auto rows = Kept()
                          .row(page)
                          .row(search)
                          .requests(page, 80, "200", 100)
                          .requests(page, 15, "201", 300)
                          .requests(page, 5, "503", 1)
                          .requests(search, 100, "200", 20)
                          .times(5, page, 3, 9000)
                          .rows();
    ASSERT_EQ(rows.size(), 3U);
    const auto& all = rows[0];
    EXPECT_EQ(all.journey + all.request, "");
    EXPECT_EQ(all.count, 203U);
    EXPECT_DOUBLE_EQ(all.per_second, 20.3);
    EXPECT_EQ(all.response_time.count(), 195U);
    const auto& row = rows[1];
    EXPECT_EQ(row.journey, "j");
    EXPECT_EQ(row.request, "page");
    EXPECT_EQ(row.group, "::open");
    EXPECT_TRUE(row.tags.empty());
    EXPECT_EQ(row.count, 103U);
    EXPECT_EQ(row.failed, 5U);
    EXPECT_EQ(row.unfinished, 3U);
    EXPECT_THAT(row.statuses, ElementsAre(Pair(200, 80U), Pair(201, 15U), Pair(503, 5U)));
    EXPECT_EQ(row.response_time.count(), 95U) << "a quick 503 is no quick answer";
    EXPECT_EQ(row.window_row, 0U);
    EXPECT_THAT(rows[2].tags, ElementsAre(Pair("kind", "ajax")));
}

TEST(RequestRows, HavePhasesInTheOrderOfAnExchangeAndWhatTheTargetSaid) {
    auto said = page;
    said.emplace_back("timing", "db");
    const auto rows = Kept()
                          .row(page)
                          .requests(page, 10, "200", 100)
                          .times(3, page, 10, 90)
                          .times(4, page, 10, 2)
                          .times(6, said, 10, 60)
                          .times(8, page, 10, 1)
                          .rows();
    ASSERT_EQ(rows.size(), 2U);
    ASSERT_EQ(rows[1].phases.size(), 2U);
    EXPECT_EQ(rows[1].phases[0].name, "blocked");
    EXPECT_EQ(rows[1].phases[1].name, "waiting");
    ASSERT_EQ(rows[1].server_timing.size(), 1U);
    EXPECT_EQ(rows[1].server_timing[0].name, "db");
    EXPECT_NEAR(rows[1].server_timing[0].times.mean(), 60, 0.1);
}

TEST(RequestRows, TellTheSidesOfADuetApart) {
    const auto side = [](const char* word) {
        return Pairs{{"scenario", std::string("j (") + word + ")"},
                     {"journey", "j"},
                     {"name", "page"},
                     {"side", word}};
    };
    const auto rows = Kept()
                          .row(side("baseline"))
                          .row(side("candidate"))
                          .requests(side("baseline"), 5, "200", 100)
                          .requests(side("candidate"), 5, "200", 200)
                          .rows();
    ASSERT_EQ(rows.size(), 3U);
    EXPECT_EQ(rows[1].side, record::Side::baseline);
    EXPECT_EQ(rows[2].side, record::Side::candidate);
    EXPECT_EQ(rows[2].journey, "j");
    EXPECT_TRUE(rows[2].tags.empty());
}

TEST(RequestRows, LeaveOutWhatWasNeverAsked) {
    const Pairs checked{{"scenario", "j"}, {"group", ""}};
    auto named = checked;
    named.emplace_back("check", "is the page");
    const auto rows =
        Kept().row(page).row(checked).requests(page, 5, "200", 1).checks(named, 4, 1).rows();
    ASSERT_EQ(rows.size(), 2U) << "checks carry no request's name";
    EXPECT_EQ(rows[0].checks_passed, 4U);
    EXPECT_EQ(rows[0].checks_failed, 1U);
}

TEST(RequestRows, WhatCameBeforeTheLoadIsARowWithoutWindows) {
    const Pairs set_up{{"name", "data"}, {"group", "::setup"}};
    const auto rows =
        Kept().row(page).requests(page, 5, "200", 1).requests(set_up, 1, "200", 1).rows();
    ASSERT_EQ(rows.size(), 3U);
    EXPECT_EQ(rows[2].request, "data");
    EXPECT_EQ(rows[2].window_row, RequestRow::no_window_row);
}

TEST(RequestRows, AreBoundedHoweverManyNamesThereAre) {
    Kept kept;
    for (int i = 0; i < 100; ++i) {
        const Pairs tags{{"scenario", "j"}, {"name", "case " + std::to_string(i)}};
        kept.row(tags).requests(tags, 2, "200", 1);
    }
    const auto rows = kept.rows();
    EXPECT_EQ(rows.size(), 1 + record::Windows::rows_most + 1);
    EXPECT_EQ(rows.back().request, record::Windows::other_name);
    EXPECT_EQ(rows.back().count, 2 * (100 - record::Windows::rows_most));
    EXPECT_EQ(rows[0].count, 200U);
}

}  // namespace
}  // namespace weir::report
