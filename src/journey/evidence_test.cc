#include "journey/evidence.h"

#include <thread>

#include <gtest/gtest.h>

#include "base/url.h"

namespace weir::journey {
namespace {

using std::chrono::milliseconds;

base::Instant at(int ms) {
    return base::Instant(milliseconds(ms));
}

record::Exchange took(int ms) {
    record::Exchange out;
    out.response_time = milliseconds(ms);
    return out;
}

TEST(RedactedUrl, LeavesOutWhatMightBeSecret) {
    const auto redacted = [](std::string_view text) {
        return redacted_url(base::parse_url(text).value());
    };
    EXPECT_EQ(redacted("https://u:p@h.test:8443/a?x=1&access_token=abc&y#frag"),
              "https://h.test:8443/a?x=1&access_token=***&y");
    EXPECT_EQ(redacted("http://h.test/cb?code=1&state=2"), "http://h.test/cb?code=***&state=2");
    EXPECT_EQ(redacted("http://h.test/"), "http://h.test/");
}

TEST(Evidence, KeepsTheSlowestAndTellsCheaplyWhichAreNone) {
    Evidence evidence({.slow = {.of_run = 3, .of_name = 1}});
    SlowRow& row = evidence.slow_row("page");
    for (const int ms : {50, 10, 40, 20, 30}) {
        if (evidence.is_slow(row, milliseconds(ms))) evidence.note_slow(row, took(ms), at(ms));
    }
    EXPECT_FALSE(evidence.is_slow(row, milliseconds(30)));
    EXPECT_TRUE(evidence.is_slow(row, milliseconds(31)));
    const record::Evidence taken = evidence.take(at(5));
    ASSERT_EQ(taken.slowest.size(), 3U);
    EXPECT_EQ(taken.slowest[0].response_time, milliseconds(50));
    EXPECT_EQ(taken.slowest[2].response_time, milliseconds(30));
    EXPECT_EQ(taken.slowest[0].start, milliseconds(45));
}

TEST(Evidence, CountsAllAndKeepsABoundedNumberOfExamples) {
    Evidence evidence;
    for (int i = 0; i < 250; ++i) {
        if (evidence.count_failed_request()) evidence.note_failed_request(took(i), at(i));
        evidence.note_unfinished({}, at(i));
        script::ScriptError error;
        error.name = "Error";
        error.message = std::to_string(i);
        evidence.note_failure(error);
    }
    const record::Evidence taken = evidence.take({});
    EXPECT_EQ(taken.failed_requests.size(), record::Evidence::list_most);
    EXPECT_EQ(taken.failed_requests_total, 250U);
    EXPECT_EQ(taken.unfinished.size(), record::Evidence::list_most);
    EXPECT_EQ(taken.unfinished_total, 250U);
    EXPECT_EQ(taken.script_failures.size(), record::Evidence::list_most);
    EXPECT_EQ(taken.script_failures_total, 250U);
}

TEST(Evidence, KeepsNoSecretOfServerTimingNotEvenHalfOfOne) {
    EvidenceSettings settings;
    settings.secrets.add("hunter2-and-more");
    Evidence evidence(settings);
    record::Exchange exchange = took(1);
    exchange.server_timing = "a;desc=\"hunter2-and-more\";dur=1";
    // The limit falls into the second one.
    exchange.server_timing += ", " + std::string(470, 'b') + ", c;desc=hunter2-and-more, d";
    evidence.note_failed_request(exchange, at(0));
    evidence.note_slow(evidence.slow_row(""), exchange, at(0));
    const record::Evidence taken = evidence.take({});
    const std::string& kept = taken.failed_requests.at(0).server_timing;
    EXPECT_LE(kept.size(), 512U);
    EXPECT_TRUE(kept.starts_with("a;desc=\"***\";dur=1, bbb")) << kept;
    EXPECT_EQ(kept.find("hunter"), std::string::npos);
    EXPECT_EQ(taken.slowest.at(0).server_timing, kept);
}

TEST(Evidence, TheSameFailureElsewhereIsAnother) {
    Evidence evidence;
    script::ScriptError error;
    error.message = "boom";
    error.stack = {{"f", "a.js", 3, 1}};
    EXPECT_TRUE(evidence.note_failure(error));
    EXPECT_FALSE(evidence.note_failure(error));
    error.stack = {{"f", "a.js", 9, 1}};
    EXPECT_TRUE(evidence.note_failure(error));
    EXPECT_TRUE(evidence.first_time("once"));
    EXPECT_FALSE(evidence.first_time("once"));
}

TEST(Evidence, ManyWorkersMayNoteAtOnce) {
    Evidence evidence({.slow = {.of_run = 5, .of_name = 1}});
    const auto work = [&evidence](int worker) {
        for (int i = 0; i < 500; ++i) {
            SlowRow& row = evidence.slow_row("page");
            if (evidence.is_slow(row, milliseconds(i))) evidence.note_slow(row, took(i), at(i));
            if (evidence.count_failed_request()) evidence.note_failed_request(took(i), at(i));
            evidence.seen("v", std::to_string(worker), at(i))->note_answer(at(i));
        }
    };
    std::thread other(work, 1);
    work(2);
    other.join();
    const record::Evidence taken = evidence.take({});
    EXPECT_EQ(taken.failed_requests_total, 1000U);
    ASSERT_EQ(taken.slowest.size(), 5U);
    EXPECT_EQ(taken.slowest[0].response_time, milliseconds(499));
    const auto targets = evidence.targets(at(0));
    ASSERT_EQ(targets.size(), 2U);
    EXPECT_EQ(targets[0].answers, 500U);
    EXPECT_EQ(targets[0].last_seen, milliseconds(499));
}

}  // namespace
}  // namespace weir::journey
