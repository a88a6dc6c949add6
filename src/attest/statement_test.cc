#include "attest/statement.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "attest/testing/examples.h"
#include "base/json.h"

namespace weir::attest {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

base::Json json_of(const Statement& statement) {
    return base::parse_json(encode(statement)).value();
}

TEST(Statement, IsAnInTotoStatement) {
    const auto json = json_of(testing::passed());
    EXPECT_EQ(json["_type"], "https://in-toto.io/Statement/v1");
    EXPECT_EQ(json["predicateType"], predicate_type);
    EXPECT_EQ(json["subject"][0]["digest"]["sha256"], testing::some_digest('a'));
    EXPECT_EQ(json["subject"][1]["digest"]["gitCommit"], std::string(40, '1'));
    EXPECT_EQ(json["predicate"]["verdict"], "pass");
    EXPECT_EQ(seal(testing::passed(), testing::key_of('A')).payload_type,
              "application/vnd.in-toto+json");
}

TEST(Statement, GoesThroughJsonAndBack) {
    for (const auto& each : {testing::passed(), testing::failed(), testing::bypassed()}) {
        const auto again = decode_statement(encode(each));
        ASSERT_TRUE(again.ok()) << again.error().text;
        EXPECT_EQ(encode(again.value()), encode(each));
        EXPECT_EQ(again.value().artefacts, each.artefacts);
        EXPECT_EQ(again.value().commit, each.commit);
        EXPECT_EQ(again.value().finished, each.finished);
        EXPECT_EQ(again.value().outcome, each.outcome);
        EXPECT_EQ(again.value().ledger, each.ledger);
        EXPECT_EQ(again.value().bypass, each.bypass);
        EXPECT_EQ(again.value().conditions, each.conditions);
    }
}

TEST(Statement, HasASubjectEvenWithoutArtefactAndCommit) {
    auto statement = testing::passed();
    statement.artefacts.clear();
    statement.commit = "2026-11-24.7";  // a version
    EXPECT_EQ(json_of(statement)["subject"][0]["name"], "record.json");
    const auto again = decode_statement(encode(statement)).value();
    EXPECT_TRUE(again.artefacts.empty());
    EXPECT_EQ(again.commit, "2026-11-24.7");
}

TEST(Statement, ShowsNoCredentialsOfTheBaseUrl) {
    auto statement = testing::passed();
    statement.base_url = "https://user:secret@service.example/app?token=secret";
    EXPECT_EQ(json_of(statement)["predicate"]["base_url"], "https://service.example/app");
    statement.base_url = "user:secret@nowhere";
    EXPECT_THAT(encode(statement), Not(HasSubstr("secret")));
}

TEST(Statement, FiguresThatAreNoNumbersStayNone) {
    auto statement = testing::passed();
    statement.conditions.front().value = std::nan("");
    const auto again = decode_statement(encode(statement));
    ASSERT_TRUE(again.ok()) << again.error().text;
    EXPECT_TRUE(std::isnan(again.value().conditions.front().value));
}

TEST(Statement, UnknownFieldsAreIgnored) {
    auto json = json_of(testing::passed());
    json["more"] = 1;
    json["predicate"]["more"] = 1;
    EXPECT_TRUE(decode_statement(base::write_json(json)).ok());
}

TEST(Statement, AnythingOtherThanOneIsRefused) {
    const auto spoiled = [](auto change) {
        auto json = json_of(testing::bypassed());
        change(json);
        return decode_statement(base::write_json(json)).ok();
    };
    using base::Json;
    EXPECT_TRUE(spoiled([](Json&) {}));
    for (const auto* key : {"_type", "subject", "predicateType", "predicate"}) {
        EXPECT_FALSE(spoiled([key](Json& json) { json.erase(key); })) << key;
        EXPECT_FALSE(spoiled([key](Json& json) { json[key] = 7; })) << key;
    }
    const auto all = json_of(testing::bypassed());
    for (const auto& [key, value] : all["predicate"].items()) {
        if (key == "ledger") continue;
        EXPECT_FALSE(spoiled([&k = key](Json& json) { json["predicate"].erase(k); })) << key;
    }
    for (const auto& [key, value] : all["predicate"].items()) {
        EXPECT_FALSE(spoiled([&k = key](Json& json) { json["predicate"][k] = 7; })) << key;
    }
    EXPECT_FALSE(spoiled([](Json& json) { json["_type"] = "https://in-toto.io/Statement/v0.1"; }));
    EXPECT_FALSE(
        spoiled([](Json& json) { json["predicateType"] = "https://slsa.dev/provenance/v1"; }));
    EXPECT_FALSE(spoiled([](Json& json) { json["subject"] = Json::array(); }));
    EXPECT_FALSE(spoiled([](Json& json) { json["subject"][0]["digest"]["sha256"] = "abc"; }));
    EXPECT_FALSE(spoiled(
        [](Json& json) { json["subject"][1]["digest"]["gitCommit"] = std::string(40, '2'); }));
    EXPECT_FALSE(spoiled([](Json& json) { json["subject"][0]["digest"] = Json::object(); }));
    EXPECT_FALSE(spoiled([](Json& json) { json["predicate"]["verdict"] = "passed"; }));
    // A bypass that is none, and one that is not said to be one.
    EXPECT_FALSE(spoiled([](Json& json) { json["predicate"]["verdict"] = "pass"; }));
    EXPECT_FALSE(spoiled(
        [](Json& json) { json["predicate"]["finished"] = "2026-11-24T09:00:00.000000000Z"; }));
    EXPECT_FALSE(spoiled([](Json& json) { json["predicate"]["finished"] = "yesterday"; }));
    EXPECT_FALSE(spoiled([](Json& json) {
        for (int i = 0; i < 100; ++i) json["subject"].push_back(json["subject"][0]);
    }));
    EXPECT_FALSE(decode_statement("").ok());
}

TEST(Statement, IsOnlyReadFromAnEnvelopeOfItsType) {
    auto envelope = seal(testing::passed(), testing::key_of('A'));
    EXPECT_TRUE(open_statement(envelope).ok());
    envelope.payload_type = "application/json";
    EXPECT_THAT(open_statement(envelope).error().text, HasSubstr("application/json"));
}

}  // namespace
}  // namespace weir::attest
