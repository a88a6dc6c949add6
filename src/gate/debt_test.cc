#include "gate/debt.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace weir::gate {
namespace {

using record::FindingState;
using record::VerdictKind;

struct Said {
    std::string condition;
    FindingState state;
};
record::Verdict of(VerdictKind kind, const std::vector<Said>& said) {
    record::Verdict verdict;
    verdict.kind = kind;
    for (const auto& each : said) {
        auto& finding = verdict.findings.emplace_back();
        finding.condition = each.condition;
        finding.state = each.state;
    }
    return verdict;
}
Debt for_conditions(std::vector<std::string> conditions) {
    Debt debt;
    debt.conditions = std::move(conditions);
    return debt;
}

TEST(NotHeld, IsWhatWasMissedOrUndecided) {
    EXPECT_THAT(not_held(of(VerdictKind::fail, {{"a", FindingState::missed},
                                                {"b", FindingState::held},
                                                {"c", FindingState::undecided}})),
                testing::ElementsAre("a", "c"));
}

TEST(Clears, WhenTheSameConditionsHold) {
    const auto debt = for_conditions({"a", "b"});
    EXPECT_TRUE(clears(
        of(VerdictKind::pass, {{"b", FindingState::held}, {"a", FindingState::held}}), debt));
    EXPECT_TRUE(clears(
        of(VerdictKind::fail,
           {{"a", FindingState::held}, {"b", FindingState::held}, {"c", FindingState::missed}}),
        debt))
        << "another condition is another matter";
    EXPECT_FALSE(clears(
        of(VerdictKind::fail, {{"a", FindingState::held}, {"b", FindingState::missed}}), debt));
}

TEST(Clears, NotByTakingTheConditionOut) {
    EXPECT_FALSE(clears(of(VerdictKind::pass, {{"b", FindingState::held}}), for_conditions({"a"})));
}

TEST(Clears, NotByARunThatCannotBeTrusted) {
    EXPECT_FALSE(
        clears(of(VerdictKind::invalid, {{"a", FindingState::held}}), for_conditions({"a"})));
}

TEST(Clears, WithoutConditionsByAPassAlone) {
    EXPECT_TRUE(clears(of(VerdictKind::pass, {}), for_conditions({})));
    EXPECT_FALSE(clears(of(VerdictKind::fail, {{"a", FindingState::held}}), for_conditions({})));
}

}  // namespace
}  // namespace weir::gate
