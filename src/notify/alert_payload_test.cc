// Alertmanager's payload, version "4": what is changed in it, and that all else is not.
#include "notify/alert_payload.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "record/wall_text.h"

namespace weir::notify {
namespace {

constexpr std::string_view two_alerts = R"({
  "receiver": "weir", "status": "firing", "zebra": [1, 2.5, null, true],
  "alerts": [
    {"status": "firing", "labels": {"alertname": "Slow", "job": "a"}, "annotations": {"summary": "é"},
     "startsAt": "2026-11-24T21:30:00.5+01:00", "endsAt": "0001-01-01T00:00:00Z",
     "generatorURL": "http://p/graph?a=1&b", "fingerprint": "aa"},
    {"status": "resolved", "labels": {"alertname": "Disk", "job": "b"}, "annotations": {},
     "startsAt": "2026-11-24T20:00:00Z", "endsAt": "2026-11-24T21:00:00Z", "fingerprint": "bb"}],
  "groupLabels": {}, "commonLabels": {"x": "y"}, "commonAnnotations": {}, "externalURL": "http://am",
  "version": "4", "groupKey": "{}:{}", "truncatedAlerts": 0})";

Cause slow_is_a_runs(const Alert& alert) {
    if (alert.labels.at("alertname") == "Slow") return {"R1", "because"};
    return {"", "no"};
}

base::Json json(std::string_view text) {
    return base::parse_json(text).value();
}

TEST(AlertPayload, PutsCausesInAndChangesNothingElse) {
    auto payload = AlertPayload::parse(two_alerts);
    ASSERT_TRUE(payload.ok());
    plan::AttributionRules rules;
    rules.link = "https://ci.example/{run}/";
    const auto seen = payload.value().label(slow_is_a_runs, rules);
    ASSERT_EQ(seen.size(), 2U);
    EXPECT_EQ(seen[0].name, "Slow");
    base::Json expected = json(two_alerts);
    expected["alerts"][0]["labels"]["weir_cause"] = "run";
    expected["alerts"][0]["labels"]["weir_run"] = "R1";
    expected["alerts"][0]["annotations"]["weir_why"] = "because";
    expected["alerts"][0]["annotations"]["weir_link"] = "https://ci.example/R1/";
    expected["alerts"][1]["labels"]["weir_cause"] = "real";
    EXPECT_EQ(payload.value().text(AlertPayload::Part::all), expected.dump());
}

TEST(AlertPayload, CanLeaveRealAlertsUntouched) {
    auto payload = AlertPayload::parse(two_alerts);
    plan::AttributionRules rules;
    rules.label_real = false;
    (void)payload.value().label([](const Alert&) { return Cause{}; }, rules);
    EXPECT_EQ(payload.value().text(AlertPayload::Part::all), json(two_alerts).dump());
}

TEST(AlertPayload, IsSplitByCause) {
    auto payload = AlertPayload::parse(two_alerts);
    (void)payload.value().label(slow_is_a_runs, {});
    const auto real = json(payload.value().text(AlertPayload::Part::real));
    ASSERT_EQ(real["alerts"].size(), 1U);
    EXPECT_EQ(real["alerts"][0]["labels"]["alertname"], "Disk");
    EXPECT_EQ(real["status"], "resolved") << "what fires has gone the other way";
    EXPECT_EQ(real["groupKey"], "{}:{}");
    const auto run = json(payload.value().text(AlertPayload::Part::run));
    ASSERT_EQ(run["alerts"].size(), 1U);
    EXPECT_EQ(run["status"], "firing");
    auto none = AlertPayload::parse(two_alerts);
    (void)none.value().label([](const Alert&) { return Cause{}; }, {});
    EXPECT_EQ(none.value().text(AlertPayload::Part::run), "");
}

TEST(AlertPayload, ARulesOwnLabelDoesNotMakeItARuns) {
    auto document = json(two_alerts);
    document["alerts"][1]["labels"]["weir_cause"] = "run";
    document["alerts"][1]["labels"]["weir_run"] = "R9";
    auto payload = AlertPayload::parse(document.dump());
    (void)payload.value().label(slow_is_a_runs, {});
    const auto real = json(payload.value().text(AlertPayload::Part::real));
    EXPECT_EQ(real["alerts"][0]["labels"]["weir_cause"], "real");
    EXPECT_FALSE(real["alerts"][0]["labels"].contains("weir_run"));
}

TEST(AlertPayload, WhatCannotBeReadIsPassedOnAsReal) {
    for (const char* alert :
         {"17", "null", "[]", R"({"labels": 3})", R"({"labels": {"a": 1}, "status": "firing"})",
          R"({"labels": {"a": "b"}, "status": "firing", "startsAt": "yesterday"})",
          R"({"labels": {}, "status": "firing", "startsAt": "2026-11-24T20:00:00Z"})",
          R"({"labels": {"a": "b"}, "status": "odd", "startsAt": "2026-11-24T20:00:00Z"})"}) {
        auto document = json(two_alerts);
        document["alerts"].push_back(json(alert));
        auto payload = AlertPayload::parse(document.dump());
        ASSERT_TRUE(payload.ok());
        const auto seen = payload.value().label([](const Alert&) { return Cause{"R1", ""}; }, {});
        ASSERT_EQ(seen.size(), 3U);
        EXPECT_FALSE(seen[2].readable) << alert;
        const auto real = json(payload.value().text(AlertPayload::Part::real));
        EXPECT_EQ(real["alerts"], base::Json::array({json(alert)})) << "as it came";
    }
}

TEST(AlertPayload, OfAnotherVersionIsPassedOnWhole) {
    for (const char* body : {"{}", R"({"version": "5", "alerts": [{}]})", R"({"alerts": 7})",
                             R"({"version": "4", "alerts": []})"}) {
        auto payload = AlertPayload::parse(body);
        ASSERT_TRUE(payload.ok()) << body;
        EXPECT_TRUE(payload.value().label(slow_is_a_runs, {}).empty());
        EXPECT_EQ(payload.value().text(AlertPayload::Part::real), json(body).dump());
        EXPECT_EQ(payload.value().text(AlertPayload::Part::run), "");
    }
}

TEST(AlertPayload, GarbageIsRefused) {
    for (const char* body : {"", "no", "[]", "\"text\"", "{\"alerts\": [", "{\"a\": \"\xff\"}"}) {
        EXPECT_FALSE(AlertPayload::parse(body).ok()) << body;
    }
    EXPECT_FALSE(AlertPayload::parse(std::string(1'000'000, '[')).ok());
    EXPECT_FALSE(
        AlertPayload::parse("{\"a\":" + std::string(100, '[') + std::string(100, ']') + "}").ok());
    EXPECT_TRUE(AlertPayload::parse("{\"a\": \"" + std::string(100, '[') + "\\\"\"}").ok());
}

TEST(AlertTime, IsRfc3339) {
    const auto text = [](std::string_view from) {
        const auto parsed = parse_alert_time(from);
        return parsed.ok() ? record::to_text(parsed.value()) : parsed.error().text;
    };
    EXPECT_EQ(text("2026-11-24T21:30:00Z"), "2026-11-24T21:30:00.000000000Z");
    EXPECT_EQ(text("2026-11-24T21:30:00.1234567894Z"), "2026-11-24T21:30:00.123456789Z");
    EXPECT_EQ(text("2026-11-24T21:30:00+01:30"), "2026-11-24T20:00:00.000000000Z");
    EXPECT_EQ(text("2026-11-24T23:30:00.5-02:00"), "2026-11-25T01:30:00.500000000Z");
    for (const char* bad :
         {"", "2026-11-24", "2026-13-24T21:30:00Z", "2026-02-30T21:30:00Z", "2026-11-24T24:30:00Z",
          "2026-11-24T21:30:00", "0001-01-01T00:00:00Z", "2026-11-24T21:30:00+1:30",
          "9999-11-24T21:30:00Z", "2026-11-24T21:30:00Zx", "2026-11-24T-1:30:00Z"}) {
        EXPECT_FALSE(parse_alert_time(bad).ok()) << bad;
    }
}

}  // namespace
}  // namespace weir::notify
