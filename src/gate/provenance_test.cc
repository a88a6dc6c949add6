#include "gate/provenance.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace weir::gate {
namespace {

using ::testing::HasSubstr;

Provenance whole() {
    Provenance provenance;
    provenance.kind = ResultKind::gate;
    provenance.suite = "cases";
    provenance.config = "journeys/weir.toml";
    provenance.condition_lines = {12, 15};
    provenance.load = "25 journeys per second for 1m";
    provenance.commit = "3f2a9c1";
    provenance.branch = "main";
    provenance.artefact = std::string(64, 'a');
    provenance.pipeline_url = "https://ci.example/1";
    provenance.attempt = 2;
    provenance.trace_url = "https://traces.example/{trace_id}";
    provenance.last_good = LastGood{
        .run_id = "r1", .commit = "9d41", .started = base::WallTime(base::Nanos(1'790'000'000))};
    provenance.bypass = UsedBypass{.id = "b-1",
                                   .request_sha256 = "00",
                                   .requester = "Ann",
                                   .approvers = {"Bob", "Cid"},
                                   .reason = "users wait",
                                   .use = 2};
    return provenance;
}

TEST(Provenance, ComesBackAsItWas) {
    for (const auto& each : {whole(), Provenance{}}) {
        const auto text = encode(each);
        const auto back = decode_provenance(text);
        ASSERT_TRUE(back.ok()) << back.error().text;
        EXPECT_EQ(back.value(), each);
        EXPECT_EQ(encode(back.value()), text);
    }
}

TEST(Provenance, WhatIsNotKnownIsAbsent) {
    EXPECT_EQ(encode(Provenance{}),
              "{\n  \"format\": \"weir-provenance\",\n  \"version\": 1,\n  \"kind\": \"run\"\n}\n");
}

TEST(Provenance, SaysWhatIsWrongWithIt) {
    const auto error_of = [](const std::string& members) {
        const auto read =
            decode_provenance(R"({"format":"weir-provenance","version":1,"kind":"gate")" + members);
        return read.ok() ? "read" : read.error().text;
    };
    EXPECT_EQ(error_of("}"), "read");
    EXPECT_EQ(error_of(R"(,"of_a_later_weir":[1]})"), "read");
    EXPECT_THAT(error_of(R"(,"suite":7})"), HasSubstr("suite"));
    EXPECT_THAT(error_of(R"(,"attempt":-1})"), HasSubstr("attempt"));
    EXPECT_THAT(error_of(R"(,"attempt":1.5})"), HasSubstr("attempt"));
    EXPECT_THAT(error_of(R"(,"condition_lines":["a"]})"), HasSubstr("condition_lines"));
    EXPECT_THAT(error_of(R"(,"last_good":[]})"), HasSubstr("last_good"));
    EXPECT_NE(error_of(R"(,"last_good":{"started":"yesterday"}})"), "read");
    EXPECT_THAT(error_of(R"(,"bypass":{"approvers":"Bob"}})"), HasSubstr("bypass.approvers"));
    EXPECT_THAT(error_of(R"(,"kind":"party"})"), HasSubstr("party"));
    EXPECT_NE(error_of(""), "read");
    EXPECT_FALSE(decode_provenance("[]").ok());
    EXPECT_FALSE(decode_provenance(R"({"format":"weir-provenance","version":2})").ok());
}

}  // namespace
}  // namespace weir::gate
