// What each channel is sent, to the byte, and how its answers are read.
#include <chrono>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "notify/alertmanager.h"
#include "notify/errand.h"
#include "notify/grafana.h"
#include "notify/markup.h"
#include "notify/run_notices.h"
#include "notify/slack.h"
#include "record/wall_text.h"

namespace weir::notify {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::Pair;

base::WallTime at(const char* text) {
    return record::wall_from_text(text).value();
}

const RunWindow window{.run_id = "20261124T213000Z-9f86d081",
                       .suite = "cases",
                       .environment = "preprod",
                       .base_url = "https://cases.preprod.example",
                       .load = "25/s",
                       .commit = "3f2a9c1",
                       .start = at("2026-11-24T21:30:00.250000000Z"),
                       .planned_end = at("2026-11-24T21:30:35.250000000Z")};

record::Verdict failed() {
    record::Verdict verdict;
    verdict.kind = record::VerdictKind::fail;
    verdict.reasons = {"98 % of `dashboard` under 2s: 0.29 % <of> 346 & more"};
    return verdict;
}

Notice verdict() {
    return verdict_notice(window, record::RunRecord{}, failed(),
                          "deployment blocked: the service does not keep its conditions",
                          at("2026-11-24T21:30:31.000000000Z"));
}

plan::AlertMatchers matchers() {
    plan::AlertMatchers all;
    for (const char* text :
         {"namespace=\"cases-preprod\"", "severity!=critical", "pod=~\"web-.*\"", "team!~x|y"}) {
        all.push_back(plan::AlertMatcher::parse(text).value());
    }
    return all;
}

TEST(Slack, SaysAVerdict) {
    const auto call = slack_message(verdict(), "https://hooks.example/services/T0/B0/x", false);
    EXPECT_EQ(call.method, "POST");
    EXPECT_EQ(call.url, "https://hooks.example/services/T0/B0/x");
    EXPECT_THAT(call.headers, testing::Contains(Pair("Content-Type", "application/json")));
    EXPECT_EQ(
        call.body,
        R"({"text":"cases in preprod: fail — deployment blocked: the service does not keep its conditions",)"
        R"("blocks":[{"type":"section","text":{"type":"mrkdwn","text":":no_entry: *cases in preprod*: )"
        R"(fail — deployment blocked: the service does not keep its conditions"}},)"
        R"({"type":"section","fields":[{"type":"mrkdwn","text":"*commit*\n3f2a9c1"},)"
        R"({"type":"mrkdwn","text":"*because*\n98 % of `dashboard` under 2s: 0.29 % &lt;of&gt; 346 &amp; more"}]},)"
        R"({"type":"context","elements":[{"type":"mrkdwn","text":"run `20261124T213000Z-9f86d081`"}]}]})");
}

TEST(Slack, MentionsNobodyAndKeepsToItsLimits) {
    Notice notice = verdict();
    notice.headline = "<!channel> " + std::string(10'000, 'x') + "é";
    notice.facts.clear();
    for (int i = 0; i < 100; ++i) notice.facts.push_back({"because", std::string(5000, '<')});
    notice.link = "https://evil.example/|<@U1>";
    const auto body = slack_message(notice, "https://hooks.example/", true).body;
    EXPECT_THAT(body, Not(HasSubstr("<!channel>")));
    EXPECT_THAT(body, Not(HasSubstr("<@U1>")));
    EXPECT_THAT(body, HasSubstr("told late, it happened at 2026-11-24T21:30:31Z"));
    // Slack: fifty blocks, ten fields each, 3000 characters of text.
    EXPECT_LT(body.size(), 200'000U);
}

TEST(Slack, KnowsARefusalFromTrouble) {
    EXPECT_EQ(delivery_of({.status = 200, .body = "ok", .failure = ""}), Delivery::done);
    EXPECT_EQ(delivery_of({.status = 403, .body = "", .failure = ""}), Delivery::refused);
    EXPECT_EQ(delivery_of({.status = 302, .body = "", .failure = ""}), Delivery::refused);
    for (const int status : {0, 408, 429, 500, 503}) {
        EXPECT_EQ(delivery_of({.status = status, .body = "", .failure = ""}), Delivery::later);
    }
    EXPECT_EQ(words_of({.status = 403, .body = "action_prohibited\n", .failure = ""}),
              "status 403: action_prohibited");
    EXPECT_EQ(words_of({.status = 0, .body = "", .failure = "refused"}), "refused");
}

TEST(Silence, NamesTheEnvironmentAndEnds) {
    const Alertmanager to{.url = "http://127.0.0.1:9093/am/",
                          .authorization = basic("weir", "secret")};
    const auto call =
        silence_call(to, window, matchers(), at("2026-11-24T21:35:35.250000000Z"), "");
    EXPECT_EQ(call.url, "http://127.0.0.1:9093/am/api/v2/silences");
    EXPECT_THAT(call.headers, testing::Contains(Pair("Authorization", "Basic d2VpcjpzZWNyZXQ=")));
    EXPECT_EQ(
        call.body,
        R"({"matchers":[{"name":"namespace","value":"cases-preprod","isRegex":false,"isEqual":true},)"
        R"({"name":"severity","value":"critical","isRegex":false,"isEqual":false},)"
        R"({"name":"pod","value":"web-.*","isRegex":true,"isEqual":true},)"
        R"({"name":"team","value":"x|y","isRegex":true,"isEqual":false}],)"
        R"("startsAt":"2026-11-24T21:30:00.250000000Z","endsAt":"2026-11-24T21:35:35.250000000Z",)"
        R"("createdBy":"weir","comment":"Weir run 20261124T213000Z-9f86d081 of cases drives synthetic load )"
        R"(against preprod (https://cases.preprod.example); this silence ends with it"})");
    const auto end = expire_call(to, "b8d3f5a2-7");
    EXPECT_EQ(end.method + " " + end.url,
              "DELETE http://127.0.0.1:9093/am/api/v2/silence/b8d3f5a2-7");
}

TEST(Silence, IdIsTakenOnlyWhenItIsOne) {
    EXPECT_EQ(silence_id_in(R"({"silenceID":"b8d3f5a2-7"})"), "b8d3f5a2-7");
    for (const char* bad : {"", "[]", "{}", R"({"silenceID":7})", R"({"silenceID":"../alerts"})"}) {
        EXPECT_EQ(silence_id_in(bad), "") << bad;
    }
}

TEST(RunAlert, CarriesWhatInhibitRulesCompare) {
    const auto call = run_alert_call({.url = "http://am", .authorization = ""}, window, matchers(),
                                     at("2026-11-24T21:31:00.000000000Z"));
    EXPECT_EQ(call.url, "http://am/api/v2/alerts");
    EXPECT_THAT(
        call.body,
        HasSubstr(
            R"("labels":{"alertname":"WeirRun","weir_run":"20261124T213000Z-9f86d081",)"
            R"("weir_suite":"cases","weir_environment":"preprod","namespace":"cases-preprod"})"));
}

TEST(Grafana, MarksThenDrawsARegion) {
    plan::GrafanaRules rules;
    rules.dashboard_uid = "d1";
    rules.panel_id = 3;
    const Grafana to{
        .url = "https://grafana.example", .authorization = bearer("t"), .rules = &rules};
    const auto mark = mark_call(to, started_notice(window));
    EXPECT_EQ(mark.method + " " + mark.url, "POST https://grafana.example/api/annotations");
    EXPECT_EQ(
        mark.body,
        R"({"dashboardUID":"d1","panelId":3,"time":1795555800250,"tags":["weir","suite:cases",)"
        R"("environment:preprod","run:20261124T213000Z-9f86d081"],"text":"cases in preprod: a performance )"
        R"(test starts: 25/s journeys against https://cases.preprod.example\nrun 20261124T213000Z-9f86d081"})");
    EXPECT_EQ(annotation_id_in(R"({"message":"Annotation added","id":17})"), 17U);
    EXPECT_EQ(annotation_id_in(R"({"id":"17"})"), 0U);
    EXPECT_EQ(annotation_id_in(R"({"id":1e99})"), 0U);
    EXPECT_EQ(annotation_id_in("<html>"), 0U);
    const auto region = region_call(to, window.start, verdict(), 17);
    EXPECT_EQ(region.method + " " + region.url, "PATCH https://grafana.example/api/annotations/17");
    EXPECT_THAT(region.body, HasSubstr(R"({"time":1795555800250,"timeEnd":1795555831000,"tags":)"));
    const auto whole = region_call(to, window.start, verdict(), 0);
    EXPECT_EQ(whole.method + " " + whole.url, "POST https://grafana.example/api/annotations");
    EXPECT_THAT(whole.body, HasSubstr(R"("dashboardUID":"d1","panelId":3,"time":1795555800250,)"));
}

TEST(RunNotices, SayWhatDecided) {
    const auto notice = verdict();
    EXPECT_EQ(notice.tone, Tone::bad);
    EXPECT_EQ(notice.headline,
              "fail — deployment blocked: the service does not keep its conditions");
    record::Verdict good;
    good.kind = record::VerdictKind::pass;
    good.reasons = {"all 6 conditions hold"};
    const auto pass = verdict_notice(window, {}, good, "deployment may go on", window.planned_end);
    EXPECT_EQ(pass.tone, Tone::good);
    EXPECT_EQ(pass.facts.size(), 1U) << "the commit; a pass needs no reasons";
}

TEST(Errands, ComeBackAsTheyWere) {
    const Errand errand{.kind = ErrandKind::region,
                        .notice = verdict(),
                        .window = window,
                        .handle = "17",
                        .give_up = at("2026-12-01T21:30:31.000000000Z")};
    const auto back = decode_errand(encode(errand));
    ASSERT_TRUE(back.ok()) << back.error().text;
    EXPECT_EQ(back.value(), errand);
    for (const char* bad : {"", "{}", "[]", R"({"version":1})", R"({"version":2,"kind":"region"})",
                            R"({"version":1,"kind":"x","window":{},"notice":{}})",
                            R"({"version":1,"kind":"message","window":1,"notice":2})"}) {
        EXPECT_FALSE(decode_errand(bad).ok()) << bad;
    }
}

TEST(Shortened, CutsBetweenCharacters) {
    EXPECT_EQ(shortened("short", 10), "short");
    EXPECT_EQ(shortened("aééééé", 8), "aéé…");
}

}  // namespace
}  // namespace weir::notify
