#include "attest/bypass.h"

#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "attest/testing/examples.h"

namespace weir::attest {
namespace {

using testing::answer_to;
using testing::approved;
using testing::at_minute;
using testing::bypass_wanted;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::request;

class Bypass : public ::testing::Test {
protected:
    testing::People people;
    BypassPolicy policy = people.policy();

    [[nodiscard]] BypassStanding judge(const BypassDocuments& documents,
                                       std::uint64_t uses = 0) const {
        return judge_bypass(documents, uses, policy, bypass_wanted());
    }
    [[nodiscard]] std::string approval(const Envelope& asked,
                                       const std::string& person,
                                       const PrivateKey& key,
                                       int minute = 5) const {
        return encode(seal(AnswerKind::approval, answer_to(asked, person, minute), key));
    }
    /// Asked with these changes by Ann, approved by Bob.
    [[nodiscard]] BypassDocuments changed(const std::function<void(BypassRequest&)>& change) const {
        auto said = request();
        change(said);
        const Envelope asked = signed_envelope(bypass_request_type, encode(said), people.ann);
        auto answer = answer_to(asked, "Bob");
        answer.request_id = said.id;
        return {encode(asked), {encode(seal(AnswerKind::approval, answer, people.bob))}, {}};
    }
};

TEST_F(Bypass, CoversWhatItWasAskedAndApprovedFor) {
    const auto standing = judge(approved(people));
    EXPECT_TRUE(standing.covers()) << standing.reason;
    EXPECT_THAT(standing.approvers, ElementsAre("Bob"));
    EXPECT_EQ(standing.request, request());
    EXPECT_THAT(standing.reason, HasSubstr("expires in 3 h 50 min"));
    EXPECT_THAT(standing.notes, IsEmpty());
}

TEST_F(Bypass, DocumentsGoThroughJsonAndBack) {
    EXPECT_EQ(decode_bypass_request(encode(request())).value(), request());
    auto without = request();
    without.artefact.clear();
    EXPECT_EQ(decode_bypass_request(encode(without)).value(), without);
    const auto answer = answer_to(seal(request(), people.ann).value(), "Bob");
    EXPECT_EQ(decode_bypass_answer(encode(answer)).value(), answer);
}

TEST_F(Bypass, IsNotEvenAskedForWithoutWhatItMustSay) {
    const auto refused = [this](auto change) {
        auto said = request();
        change(said);
        const auto sealed = seal(said, people.ann);
        return sealed.ok() ? std::string() : sealed.error().text;
    };
    EXPECT_THAT(refused([](auto& r) { r.impact = ""; }), HasSubstr("states no user impact"));
    for (const auto* nothing :
         {"  ", "-", "...", "none", "None.", "N/A", "no", "tbd", "no impact"}) {
        EXPECT_THAT(refused([&](auto& r) { r.impact = nothing; }), HasSubstr("no user impact"));
    }
    EXPECT_THAT(refused([](auto& r) { r.reason = ""; }), HasSubstr("states no reason"));
    EXPECT_THAT(refused([](auto& r) { r.incident = " "; }), HasSubstr("states no incident"));
    EXPECT_THAT(refused([](auto& r) { r.requester = ""; }), HasSubstr("no requester"));
    EXPECT_THAT(refused([](auto& r) { r.suite = ""; }), HasSubstr("no suite"));
    EXPECT_THAT(refused([](auto& r) { r.environment = ""; }), HasSubstr("no environment"));
    EXPECT_THAT(refused([](auto& r) { r.commit = r.artefact = ""; }),
                HasSubstr("bound to nothing"));
    EXPECT_THAT(refused([](auto& r) { r.artefact = "sha256:aa"; }), HasSubstr("artefact"));
    EXPECT_THAT(refused([](auto& r) { r.expires = r.created; }), HasSubstr("expires before"));
    EXPECT_THAT(refused([](auto& r) { r.uses = 0; }), HasSubstr("0 uses"));
    EXPECT_THAT(refused([](auto& r) { r.id = "a b"; }), HasSubstr("id"));
    EXPECT_THAT(refused([](auto& r) { r.reason = "a\x1b[2Jb"; }), HasSubstr("control"));
    EXPECT_EQ(refused([](auto& r) { r.impact = "niemand kann sich anmelden: Ω"; }), "");
    EXPECT_EQ(refused([](auto& r) { r.impact = "用户无法登录"; }), "");
    EXPECT_EQ(refused([](auto& r) { r.artefact = ""; }), "");
    EXPECT_EQ(refused([](auto& r) { r.commit = ""; }), "");
}

TEST_F(Bypass, ARequestThatGotPastThatIsStillRefused) {
    const auto standing = judge(changed([](auto& r) { r.impact = "none"; }));
    EXPECT_EQ(standing.state, BypassState::refused);
    EXPECT_THAT(standing.reason, HasSubstr("no user impact"));
}

TEST_F(Bypass, IsForExactlyWhatItNames) {
    const auto reason = [this](auto change) {
        auto wanted = bypass_wanted();
        change(wanted);
        const auto standing = judge_bypass(approved(people), 0, policy, wanted);
        EXPECT_EQ(standing.state, BypassState::elsewhere);
        return standing.reason;
    };
    EXPECT_THAT(reason([](auto& w) { w.suite = "other"; }),
                HasSubstr("suite referrals, not for other"));
    EXPECT_THAT(reason([](auto& w) { w.environment = "prod"; }),
                HasSubstr("environment preprod, not for prod"));
    EXPECT_THAT(reason([](auto& w) { w.commit = std::string(40, '2'); }), HasSubstr("commit 1111"));
    EXPECT_THAT(reason([](auto& w) { w.artefact = testing::some_digest('b'); }),
                HasSubstr("artefact sha256:aaaa"));
    EXPECT_THAT(reason([](auto& w) { w.commit = ""; }), HasSubstr("not known"));
    EXPECT_THAT(reason([](auto& w) { w.artefact = ""; }), HasSubstr("not known"));
    EXPECT_THAT(reason([](auto& w) { w.commit = std::string(39, '1'); }), HasSubstr("commit"));
}

TEST_F(Bypass, BoundToOneOfTheTwoLooksAtThatAlone) {
    auto wanted = bypass_wanted();
    wanted.artefact = testing::some_digest('c');
    EXPECT_TRUE(
        judge_bypass(changed([](auto& r) { r.artefact = ""; }), 0, policy, wanted).covers());
    wanted = bypass_wanted();
    wanted.commit = "";
    EXPECT_TRUE(judge_bypass(changed([](auto& r) { r.commit = ""; }), 0, policy, wanted).covers());
}

TEST_F(Bypass, ExpiresToTheInstant) {
    auto wanted = bypass_wanted();
    wanted.now = request().expires - base::Nanos(1);
    EXPECT_TRUE(judge_bypass(approved(people), 0, policy, wanted).covers());
    wanted.now = request().expires;
    EXPECT_EQ(judge_bypass(approved(people), 0, policy, wanted).state, BypassState::expired);
    wanted.now = request().expires + std::chrono::minutes(12);
    EXPECT_EQ(judge_bypass(approved(people), 0, policy, wanted).reason, "expired 12 min ago");
}

TEST_F(Bypass, IsUsedUpAfterItsUses) {
    EXPECT_EQ(judge(approved(people), 1).state, BypassState::used_up);
    EXPECT_EQ(judge(approved(people), 7).state, BypassState::used_up);
    policy.uses_most = 3;
    const auto thrice = changed([](auto& r) { r.uses = 3; });
    EXPECT_TRUE(judge(thrice, 2).covers());
    EXPECT_EQ(judge(thrice, 3).state, BypassState::used_up);
}

TEST_F(Bypass, MayNotAskForMoreThanThePolicyAllows) {
    EXPECT_THAT(judge(changed([](auto& r) { r.uses = 2; })).reason, HasSubstr("at most 1"));
    EXPECT_THAT(judge(changed([](auto& r) { r.expires = at_minute(241); })).reason,
                HasSubstr("4 h 1 min, at most 4 h"));
}

TEST_F(Bypass, FromTheFutureIsRefusedBeyondASkew) {
    const auto early = [](auto& r) { r.created = bypass_wanted().now + clock_skew; };
    const auto document = changed(early);
    EXPECT_EQ(judge({document.request, {}, {}}).state, BypassState::pending);
    EXPECT_THAT(judge(changed([](auto& r) {
                    r.created = bypass_wanted().now + clock_skew + base::Nanos(1);
                })).reason,
                HasSubstr("from the future"));
}

TEST_F(Bypass, TheRequesterIsNoApprover) {
    const auto asked = seal(request(), people.ann).value();
    BypassDocuments documents{encode(asked), {approval(asked, "Ann", people.ann)}, {}};
    auto standing = judge(documents);
    EXPECT_EQ(standing.state, BypassState::pending);
    EXPECT_THAT(standing.reason, HasSubstr("0 of 1 approvals; self-approved: Ann"));
    // In capitals, or under Bob's name with her own key.
    documents.approvals = {approval(asked, "ANN", people.ann), approval(asked, "Bob", people.ann)};
    standing = judge(documents);
    EXPECT_EQ(standing.state, BypassState::pending);
    EXPECT_THAT(standing.reason, HasSubstr("says that it is Bob's, but Ann signed it"));
}

TEST_F(Bypass, CountsPeopleNotKeysAndNotApprovals) {
    policy = people.policy(2);
    const auto asked = seal(request(), people.ann).value();
    BypassDocuments documents{
        encode(asked),
        {approval(asked, "Bob", people.bob), approval(asked, "Bob", people.bob),
         approval(asked, "bob", people.bobs_other)},
        {}};
    const auto standing = judge(documents);
    EXPECT_EQ(standing.state, BypassState::pending);
    EXPECT_THAT(standing.reason, HasSubstr("1 of 2 approvals (Bob)"));
    documents.approvals.push_back(approval(asked, "Cat", people.cat));
    EXPECT_TRUE(judge(documents).covers());
}

TEST_F(Bypass, ApprovalsThatDoNotCountAreNamed) {
    const auto asked = seal(request(), people.ann).value();
    const auto other = seal(
        [] {
            auto said = request();
            said.reason = "another";
            return said;
        }(),
        people.ann);
    const auto why = [&](std::string text) {
        return judge({encode(asked), {std::move(text)}, {}}).reason;
    };
    EXPECT_THAT(why(approval(asked, "Bob", people.stranger)), HasSubstr("unknown signer"));
    EXPECT_THAT(why(approval(other.value(), "Bob", people.bob)),
                HasSubstr("another text of this one"));
    EXPECT_THAT(why(approval(asked, "Bob", people.bob, 12)), HasSubstr("from the future"));
    EXPECT_THAT(why(approval(asked, "Bob", people.bob, -2)), HasSubstr("older than the request"));
    EXPECT_THAT(why("garbage"), HasSubstr("not JSON"));
    EXPECT_THAT(why(encode(asked)), HasSubstr("bypass-request"));
    // A revocation is no approval, though the text is the same.
    EXPECT_THAT(why(encode(seal(AnswerKind::revocation, answer_to(asked, "Bob"), people.bob))),
                HasSubstr("bypass-revocation"));
    auto flipped = seal(AnswerKind::approval, answer_to(asked, "Bob"), people.bob);
    flipped.signatures.front().bytes[7] ^= 1;
    EXPECT_THAT(why(encode(flipped)), HasSubstr("forged"));
}

TEST_F(Bypass, TheRequestMustBeSignedByWhoAsks) {
    const auto by = [this](const PrivateKey& key) {
        const auto asked = signed_envelope(bypass_request_type, encode(request()), key);
        return judge({encode(asked), {approval(asked, "Bob", people.bob)}, {}});
    };
    EXPECT_TRUE(by(people.ann).covers());
    EXPECT_THAT(by(people.cat).reason, HasSubstr("but Cat signed it"));
    EXPECT_THAT(by(people.stranger).reason, HasSubstr("unknown signer"));
    EXPECT_EQ(by(people.stranger).state, BypassState::refused);
}

TEST_F(Bypass, IsRevokedByAnybodyOfThePolicyAndByNobodyElse) {
    auto documents = approved(people);
    const auto asked = decode_envelope(documents.request).value();
    auto answer = answer_to(asked, "Cat", 7);
    answer.comment = "the fix is out";
    documents.revocations = {encode(seal(AnswerKind::revocation, answer, people.stranger))};
    EXPECT_TRUE(judge(documents).covers());
    EXPECT_THAT(judge(documents).notes, ElementsAre(HasSubstr("unknown signer")));
    documents.revocations = {encode(seal(AnswerKind::revocation, answer, people.cat))};
    EXPECT_EQ(judge(documents).state, BypassState::revoked);
    EXPECT_EQ(judge(documents).reason, "revoked by Cat at 2026-11-24T10:07:00Z: the fix is out");
    // Used up or expired later: it stays revoked.
    EXPECT_EQ(judge(documents, 1).state, BypassState::revoked);
}

TEST_F(Bypass, APolicyThatCannotBeRightIsRefused) {
    EXPECT_TRUE(check_policy(people.policy(2)).ok());
    EXPECT_THAT(check_policy(people.policy(3)).error().text, HasSubstr("names 3 people"));
    EXPECT_FALSE(check_policy(people.policy(0)).ok());
    EXPECT_FALSE(check_policy({}).ok());
    policy.people.push_back({"Dan", people.ann.public_key()});
    EXPECT_THAT(check_policy(policy).error().text, HasSubstr("Ann and Dan have the same key"));
    EXPECT_EQ(judge(approved(people)).state, BypassState::refused);
    policy = people.policy();
    policy.people.push_back({"Ann ", people.stranger.public_key()});
    EXPECT_FALSE(check_policy(policy).ok());
}

TEST_F(Bypass, AnywhereAsksNotWhatItIsFor) {
    EXPECT_TRUE(judge_bypass_anywhere(approved(people), 0, policy, at_minute(10)).covers());
    EXPECT_EQ(judge_bypass_anywhere(approved(people), 1, policy, at_minute(10)).state,
              BypassState::used_up);
}

}  // namespace
}  // namespace weir::attest
