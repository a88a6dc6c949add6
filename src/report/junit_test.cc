#include "report/junit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pugixml.hpp>

namespace weir::report {
namespace {

using ::testing::HasSubstr;

record::Finding finding(record::FindingState state, const std::string& words) {
    record::Finding made;
    made.condition = "98 % of `page` under 2s";
    made.state = state;
    made.words = words;
    made.interval = {0.158, 0.25};
    return made;
}

record::Verdict verdict_of(record::VerdictKind kind, std::vector<record::Finding> findings) {
    record::Verdict verdict;
    verdict.kind = kind;
    verdict.reasons = {"the first reason"};
    verdict.findings = std::move(findings);
    return verdict;
}

/// Read back by the library; ends the test when it is no XML.
struct Read {
    explicit Read(const record::Verdict& verdict) {
        record::RunRecord record;
        record.target.environment = "preprod";
        record.evidence.slowest.resize(2);
        record.evidence.slowest[0].name = "page";
        record.evidence.slowest[0].trace_id = "0af7651916cd43dd8448eb211c80319c";
        record.evidence.slowest[0].response_time = std::chrono::milliseconds(2345);
        record.evidence.slowest[1].name = "search";
        Material material{.record = record, .verdict = verdict, .decision = gate::decide(verdict)};
        material.provenance.trace_url = "https://traces.example/{trace_id}";
        material.changes = {{.journey = "j",
                             .request = "page",
                             .usual_ms = 400,
                             .expected = {300, 500},
                             .now_ms = 2100,
                             .word = record::BaselineWord::slower}};
        const auto parsed = document.load_string(junit_xml(material).c_str());
        EXPECT_TRUE(parsed) << parsed.description();
    }
    [[nodiscard]] pugi::xml_node suite() const {
        return document.child("testsuites").child("testsuite");
    }
    [[nodiscard]] pugi::xml_node test(const char* name) const {
        return suite().find_child_by_attribute("testcase", "name", name);
    }
    pugi::xml_document document;
};

TEST(JUnit, AMissedConditionIsAFailureWithItsFigures) {
    const Read read(verdict_of(record::VerdictKind::fail,
                               {finding(record::FindingState::missed, "20 % answered under 2s")}));
    EXPECT_STREQ(read.suite().attribute("failures").value(), "1");
    EXPECT_STREQ(read.suite().attribute("errors").value(), "0");
    const auto failure = read.test("98 % of `page` under 2s").child("failure");
    EXPECT_STREQ(failure.attribute("message").value(), "20 % answered under 2s");
    EXPECT_THAT(failure.text().get(), HasSubstr("99 % interval 15.80 to 25.00 %"));
    EXPECT_FALSE(read.test("the measurement can be trusted").child("error"));
}

TEST(JUnit, AConditionThatIsNotHeldHasItsEvidence) {
    auto missed = finding(record::FindingState::missed, "20 % answered under 2s");
    missed.request = "page";
    auto held = finding(record::FindingState::held, "fast");
    held.condition = "held";
    const Read read(verdict_of(record::VerdictKind::fail, {missed, held}));
    const std::string evidence = read.test("98 % of `page` under 2s").child("failure").text().get();
    EXPECT_THAT(evidence, HasSubstr("median of `page`: 2100.0 ms, usually 400.0 ms"));
    EXPECT_THAT(evidence, HasSubstr("`page` took 2.35s, trace "
                                    "https://traces.example/0af7651916cd43dd8448eb211c80319c"));
    EXPECT_THAT(evidence, ::testing::Not(HasSubstr("search")));
    EXPECT_THAT(read.test("held").child("system-out").text().get(),
                ::testing::Not(HasSubstr("trace")));
}

TEST(JUnit, AnInvalidRunIsAnErrorAndSaysWhoShouldLook) {
    auto verdict =
        verdict_of(record::VerdictKind::invalid, {finding(record::FindingState::missed, "slow"),
                                                  finding(record::FindingState::held, "fast")});
    verdict.signals = {{.name = "sign-in failed",
                        .hard = true,
                        .words = "no session was given",
                        .who = "the owner of the test account"}};
    const Read read(verdict);
    EXPECT_STREQ(read.suite().attribute("failures").value(), "0");
    EXPECT_STREQ(read.suite().attribute("errors").value(), "2");
    const auto error = read.test("the measurement can be trusted").child("error");
    EXPECT_THAT(error.text().get(), HasSubstr("(the owner of the test account should look)"));
}

TEST(JUnit, UndecidedAndWeakAreSaid) {
    auto weak = finding(record::FindingState::held, "97 % answered");
    weak.condition = "weak";
    weak.weak = true;
    const Read read(verdict_of(record::VerdictKind::fail,
                               {finding(record::FindingState::undecided, "12 samples"), weak}));
    const auto skipped = read.test("98 % of `page` under 2s").child("skipped");
    EXPECT_STREQ(skipped.attribute("message").value(), "undecided: 12 samples");
    EXPECT_THAT(read.test("weak").child("system-out").text().get(), HasSubstr("weak: not decided"));
}

TEST(JUnit, AFailWithoutAMissedConditionIsStillAFailure) {
    auto verdict = verdict_of(record::VerdictKind::fail, {});
    EXPECT_TRUE(Read(verdict).test("the verdict").child("failure"));
    record::Signal died;
    died.name = "died";
    died.hard = died.against_service = true;
    died.words = "gone";
    verdict.signals = {died};
    EXPECT_TRUE(Read(verdict).test("died").child("failure"));
    EXPECT_FALSE(Read(verdict).test("the verdict"));
}

TEST(JUnit, TheVerdictIsAProperty) {
    const Read read(verdict_of(record::VerdictKind::pass, {}));
    const auto property =
        read.suite().child("properties").find_child_by_attribute("property", "name", "verdict");
    EXPECT_STREQ(property.attribute("value").value(), "pass");
}

TEST(JUnit, HoldsAnyBytes) {
    std::string all;
    for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
    const auto words = "]]> <b a=\"1\">&amp; 'x' größe \xF0\x9F\x9A\xA6 " + all;
    const Read read(
        verdict_of(record::VerdictKind::fail, {finding(record::FindingState::missed, words)}));
    const auto failure = read.test("98 % of `page` under 2s").child("failure");
    EXPECT_EQ(failure.attribute("message").value(), xml_characters(words));
}

TEST(XmlCharacters, ReplacesWhatXmlCannotHold) {
    EXPECT_EQ(xml_characters("a\tb\r\n"), "a\tb\r\n");
    EXPECT_EQ(xml_characters(std::string_view("\0\x1b[1m\x7f", 6)), "\\x00\\x1b[1m\\x7f");
    EXPECT_EQ(xml_characters("\xC2\x85"), "\\x85");
    EXPECT_EQ(xml_characters("\xEF\xBF\xBE"), "\\xfffe");
    EXPECT_EQ(xml_characters("\xED\xA0\x80"), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");  // surrogate
    EXPECT_EQ(xml_characters("\xC0\xAF"), "\xEF\xBF\xBD\xEF\xBF\xBD");                  // overlong
    EXPECT_EQ(xml_characters("\xF4\x90\x80\x80x"),
              "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBDx");
    EXPECT_EQ(xml_characters("größe \xF0\x9F\x9A\xA6"), "größe \xF0\x9F\x9A\xA6");
    EXPECT_EQ(xml_characters("cut \xF0\x9F"), "cut \xEF\xBF\xBD\xEF\xBF\xBD");
}

}  // namespace
}  // namespace weir::report
