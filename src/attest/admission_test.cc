#include "attest/admission.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "attest/bypass.h"
#include "attest/testing/examples.h"

namespace weir::attest {
namespace {

using testing::at_minute;
using testing::bypassed;
using ::testing::ElementsAre;
using testing::failed;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::ledger_with;
using testing::passed;
using testing::wanted;

class Admitted : public ::testing::Test {
protected:
    PrivateKey gate = testing::key_of('G');
    PrivateKey stranger = testing::key_of('S');
    std::vector<PublicKey> trusted{gate.public_key()};

    [[nodiscard]] Admission ask(const LedgerView& ledger,
                                const AdmissionWanted& what = wanted()) const {
        return admit(what, {}, trusted, &ledger);
    }
    [[nodiscard]] Admission present(const Statement& statement,
                                    const LedgerView* ledger = nullptr,
                                    const AdmissionWanted& what = wanted()) const {
        return present_text(encode(seal(statement, gate)), ledger, what);
    }
    [[nodiscard]] Admission present_text(const std::string& text,
                                         const LedgerView* ledger = nullptr,
                                         const AdmissionWanted& what = wanted()) const {
        const std::vector<Candidate> one{{text, std::nullopt, "attestation.json"}};
        return admit(what, one, trusted, ledger);
    }
};

Statement later(Statement statement, int minutes) {
    statement.started += std::chrono::minutes(minutes);
    statement.finished += std::chrono::minutes(minutes);
    statement.run_id += "-later";
    return statement;
}

TEST_F(Admitted, APassAgainAndAgain) {
    const auto ledger = ledger_with({passed()}, gate);
    for (int i = 0; i < 3; ++i) {
        const auto admission = ask(ledger);
        EXPECT_TRUE(admission.admitted) << admission.reason;
        EXPECT_THAT(admission.reason, HasSubstr("passed 10 min ago"));
        EXPECT_THAT(admission.warnings, IsEmpty());
        EXPECT_EQ(admission.sequence, 1U);
    }
    EXPECT_TRUE(present(passed(), &ledger).admitted);
}

TEST_F(Admitted, NothingThatWasNotJudged) {
    EXPECT_THAT(ask({}).reason, HasSubstr("there is no verdict of suite referrals"));
    EXPECT_FALSE(ask({}).admitted);
    EXPECT_FALSE(present_text("").admitted);
}

TEST_F(Admitted, OnlyTheSubjectThatWasJudged) {
    const auto reason = [this](auto change) {
        auto what = wanted();
        change(what);
        const auto admission = present(passed(), nullptr, what);
        EXPECT_FALSE(admission.admitted);
        EXPECT_FALSE(ask(ledger_with({passed()}, gate), what).admitted);
        return admission.reason;
    };
    EXPECT_THAT(reason([](auto& w) { w.artefact = testing::some_digest('b'); }),
                HasSubstr("about artefact sha256:aaaaaaaaaaaa…, not sha256:bbbbbbbbbbbb…"));
    EXPECT_THAT(reason([](auto& w) { w.commit = std::string(40, '2'); }),
                HasSubstr("about commit"));
    EXPECT_THAT(reason([](auto& w) { w.environment = "prod"; }),
                HasSubstr("about environment preprod, not prod"));
    EXPECT_THAT(reason([](auto& w) { w.suite = "other"; }), HasSubstr("about suite referrals"));
    EXPECT_THAT(reason([](auto& w) { w.artefact = w.commit = ""; }), HasSubstr("neither"));
}

TEST_F(Admitted, ByArtefactOrCommitAlone) {
    auto what = wanted();
    what.commit = "";
    EXPECT_TRUE(present(passed(), nullptr, what).admitted);
    what = wanted();
    what.artefact = "";
    EXPECT_TRUE(present(passed(), nullptr, what).admitted);
    auto statement = passed();
    statement.artefacts.clear();
    EXPECT_TRUE(present(statement, nullptr, what).admitted);
    EXPECT_THAT(present(statement).reason, HasSubstr("ran without --subject"));
    statement.artefacts = {testing::some_digest('c'), testing::some_digest('a')};
    EXPECT_TRUE(present(statement).admitted);
}

TEST_F(Admitted, OnlyInTime) {
    auto what = wanted();
    what.now = at_minute(120);
    EXPECT_TRUE(present(passed(), nullptr, what).admitted);
    what.now += base::Nanos(1);
    EXPECT_THAT(present(passed(), nullptr, what).reason, HasSubstr("2 h old, at most 2 h"));
    what.now = at_minute(0) - clock_skew;
    EXPECT_TRUE(present(passed(), nullptr, what).admitted);
    what.now -= base::Nanos(1);
    EXPECT_THAT(present(passed(), nullptr, what).reason, HasSubstr("from the future"));
}

TEST_F(Admitted, OnlyBySignatureOfATrustedKey) {
    EXPECT_THAT(present_text(encode(seal(passed(), stranger))).reason, HasSubstr("not trusted"));
    Envelope unsigned_one{std::string(statement_payload_type), encode(passed()), {}};
    EXPECT_THAT(present_text(encode(unsigned_one)).reason, HasSubstr("nobody signed"));
    auto changed = seal(failed(), gate);
    changed.payload = encode(passed());
    EXPECT_THAT(present_text(encode(changed)).reason, HasSubstr("changed after"));
    EXPECT_THAT(admit(wanted(), {}, {}, nullptr).reason, HasSubstr("no key is trusted"));
}

TEST_F(Admitted, NoFailAndNoInvalidRun) {
    EXPECT_THAT(present(failed()).reason, HasSubstr("the newest verdict is fail"));
    auto invalid = failed();
    invalid.outcome = Outcome::invalid;
    const auto admission = ask(ledger_with({invalid}, gate));
    EXPECT_THAT(admission.reason, HasSubstr("the newest verdict is invalid"));
    EXPECT_EQ(admission.statement->commit, std::string(40, '1'));
}

TEST_F(Admitted, NoPassThatWasOvertaken) {
    // The replay: an old pass, shown again after the service failed.
    const auto ledger = ledger_with({passed(), later(failed(), 3)}, gate);
    EXPECT_THAT(ask(ledger).reason, HasSubstr("the newest verdict is fail"));
    EXPECT_THAT(present(passed(), &ledger).reason,
                HasSubstr("a later verdict says otherwise: fail"));
    EXPECT_FALSE(present(passed(), &ledger).admitted);
    // The chain's order counts, whatever the clocks say.
    const auto clocks = ledger_with({later(passed(), 5), failed()}, gate);
    EXPECT_FALSE(ask(clocks).admitted);
    // Nor do rows that had to wait for the store count by their place.
    auto waited = passed();
    auto delivered = ledger_with({later(failed(), 3), waited}, gate);
    waited.ledger.reset();
    delivered.statements[1].envelope = encode(seal(waited, gate));
    EXPECT_THAT(ask(delivered).reason, HasSubstr("the newest verdict is fail"));
    auto old_fail = later(failed(), -30);
    delivered = ledger_with({passed(), old_fail}, gate);
    old_fail.ledger.reset();
    delivered.statements[1].envelope = encode(seal(old_fail, gate));
    EXPECT_TRUE(ask(delivered).admitted) << ask(delivered).reason;
    // Fixed, and tested again.
    EXPECT_TRUE(
        ask(ledger_with({passed(), later(failed(), 3), later(passed(), 6)}, gate)).admitted);
    // Another environment's fail says nothing of this one.
    auto elsewhere = later(failed(), 3);
    elsewhere.environment = "staging";
    EXPECT_TRUE(ask(ledger_with({passed(), elsewhere}, gate)).admitted);
}

TEST_F(Admitted, NoPassThatALaterUntrustedVerdictDenies) {
    auto ledger = ledger_with({passed(), later(failed(), 3)}, gate);
    ledger.statements[1].envelope = encode(seal(later(failed(), 3), stranger));
    EXPECT_FALSE(ask(ledger).admitted);
    // A stranger's pass admits nothing.
    EXPECT_FALSE(ask(ledger_with({passed()}, stranger)).admitted);
    EXPECT_THAT(ask(ledger_with({passed()}, stranger)).reason, HasSubstr("not trusted"));
}

TEST_F(Admitted, NoPassOfAnotherHistory) {
    const auto theirs = ledger_with({passed(), later(passed(), 1)}, gate);
    const auto ours = ledger_with({later(failed(), -60), later(failed(), -50)}, gate);
    EXPECT_THAT(present_text(theirs.statements[1].envelope, &ours).reason,
                HasSubstr("names row 1 of a store, which is not in this one"));
    auto later_head = passed();
    later_head.ledger = ChainHead{9, testing::some_digest('d')};
    EXPECT_FALSE(present(later_head, &ours).admitted);
    auto wrong_start = passed();
    wrong_start.ledger = ChainHead{0, testing::some_digest('d')};
    EXPECT_FALSE(present(wrong_start, &ours).admitted);
    auto none = passed();
    none.ledger.reset();
    EXPECT_THAT(present(none, &ours).warnings, ElementsAre(HasSubstr("names no store")));
}

TEST_F(Admitted, WithoutAStoreWithAWarning) {
    const auto admission = present(passed());
    EXPECT_TRUE(admission.admitted);
    EXPECT_THAT(admission.warnings, ElementsAre(HasSubstr("no store")));
}

TEST_F(Admitted, ABypassOnce) {
    auto ledger = ledger_with({failed(), later(bypassed(), 1)}, gate);
    const auto first = ask(ledger);
    EXPECT_TRUE(first.admitted) << first.reason;
    EXPECT_THAT(first.reason, HasSubstr("bypass bp-1 lets it through once"));
    ledger.admitted[first.digest] = "2026-11-24T10:10:00Z";
    EXPECT_THAT(ask(ledger).reason, HasSubstr("was used"));
    EXPECT_FALSE(present_text(ledger.statements[1].envelope, &ledger).admitted);
    // The next use is another statement.
    auto second = later(bypassed(), 2);
    second.bypass->use = 2;
    const auto both = ledger_with({failed(), later(bypassed(), 1), second}, gate);
    ledger.statements = both.statements;
    ledger.chain = both.chain;
    EXPECT_TRUE(ask(ledger).admitted);
}

TEST_F(Admitted, ABypassOnlyByTheStoreThatCountsIt) {
    EXPECT_THAT(present(bypassed()).reason, HasSubstr("without the store"));
    const LedgerView ledger;
    EXPECT_THAT(present(bypassed(), &ledger).reason, HasSubstr("does not know of this use"));
}

TEST_F(Admitted, ABypassThatWasWithdrawnNoMore) {
    auto ledger = ledger_with({bypassed()}, gate);
    ledger.withdrawn["bp-1"] = "revoked by Cat";
    EXPECT_THAT(ask(ledger).reason, HasSubstr("no longer holds: revoked by Cat"));
}

TEST_F(Admitted, TheNewestOfSeveralFiles) {
    const std::vector<Candidate> both{{encode(seal(later(failed(), 3), gate)), {}, "b.json"},
                                      {encode(seal(passed(), gate)), {}, "a.json"},
                                      {"garbage", {}, "c.json"}};
    const auto admission = admit(wanted(), both, trusted, nullptr);
    EXPECT_FALSE(admission.admitted);
    EXPECT_THAT(admission.reason, HasSubstr("fail"));
    EXPECT_THAT(admission.notes, ElementsAre(HasSubstr("c.json: ")));
}

TEST_F(Admitted, NothingThatDeniesTheOrderOfItsOwnChain) {
    auto ledger = ledger_with({passed(), passed()}, gate);
    // Row 1 would have been written after row 2.
    ledger.statements[0].envelope = ledger.statements[1].envelope;
    ledger.statements.pop_back();
    auto statement = passed();
    statement.ledger = ledger.chain[1];
    ledger.statements[0].envelope = encode(seal(statement, gate));
    EXPECT_THAT(ask(ledger).reason, HasSubstr("as written before"));
}

}  // namespace
}  // namespace weir::attest
