// Attestations and bypasses that somebody tampered with, by the thousand: none is admitted.
#include <cstdio>
#include <functional>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "attest/admission.h"
#include "attest/bypass.h"
#include "attest/testing/examples.h"
#include "base/json.h"

namespace weir::attest {
namespace {

using testing::answer_to;
using testing::at_minute;

/// Every text once that differs from `good`: two flipped bits a byte, one after the other, every
/// truncation, every byte left out, doubled, or exchanged with its neighbour.
std::set<std::string> damaged(const std::string& good) {
    std::set<std::string> all;
    for (std::size_t i = 0; i < good.size(); ++i) {
        for (const unsigned bit : {static_cast<unsigned>(i % 8), 0U, 5U}) {
            auto text = good;
            text[i] = static_cast<char>(static_cast<unsigned char>(text[i]) ^ (1U << bit));
            all.insert(std::move(text));
        }
        all.insert(good.substr(0, i));
        all.insert(good.substr(0, i) + good.substr(i + 1));
        all.insert(good.substr(0, i) + good[i] + good.substr(i));
        auto exchanged = good;
        if (i > 0) std::swap(exchanged[i], exchanged[i - 1]);
        all.insert(std::move(exchanged));
    }
    all.erase(good);
    return all;
}

/// The same JSON document with each of its values, one at a time, made into another.
std::vector<base::Json> edited(const base::Json& whole) {
    std::vector<base::Json> all;
    const auto flat = whole.flatten();
    for (const auto& [path, value] : flat.items()) {
        auto changed = flat;
        if (value.is_string()) {
            changed[path] = value.get<std::string>() + "x";
        } else if (value.is_boolean()) {
            changed[path] = !value.get<bool>();
        } else if (value.is_number()) {
            changed[path] = value.get<double>() + 1;
        } else {
            continue;
        }
        all.push_back(changed.unflatten());
    }
    return all;
}

class Mutations : public ::testing::Test {
protected:
    PrivateKey gate = testing::key_of('G');
    PrivateKey stranger = testing::key_of('S');
    std::vector<PublicKey> trusted{gate.public_key()};
    testing::People people;
    int tried = 0;
    int admitted = 0;

    [[nodiscard]] bool admits(const std::string& envelope,
                              const AdmissionWanted& what = testing::wanted(),
                              const LedgerView* ledger = nullptr) const {
        const std::vector<Candidate> one{{envelope, std::nullopt, "file"}};
        return admit(what, one, trusted, ledger).admitted;
    }
    void attestation(const std::string& envelope,
                     const AdmissionWanted& what = testing::wanted(),
                     const LedgerView* ledger = nullptr) {
        count(admits(envelope, what, ledger), envelope);
    }
    [[nodiscard]] bool covers(const BypassDocuments& documents,
                              const BypassWanted& what = testing::bypass_wanted(),
                              std::uint64_t uses = 0) const {
        return judge_bypass(documents, uses, people.policy(), what).covers();
    }
    void bypass(const BypassDocuments& documents,
                const BypassWanted& what = testing::bypass_wanted(),
                std::uint64_t uses = 0) {
        count(covers(documents, what, uses),
              documents.request + "\n" +
                  (documents.approvals.empty() ? std::string() : documents.approvals.front()));
    }
    void count(bool was_admitted, const std::string& text) {
        ++tried;
        if (!was_admitted) return;
        ++admitted;
        ADD_FAILURE() << "admitted: " << text;
    }
    void report(const char* what) const {
        std::printf("%d mutated %s, %d admitted\n", tried, what, admitted);
        EXPECT_GT(tried, 200);
        EXPECT_EQ(admitted, 0);
    }

    /// Signed documents of all kinds that this gate and these people made.
    [[nodiscard]] std::vector<Envelope> genuine() const {
        auto other_artefact = testing::passed();
        other_artefact.artefacts = {testing::some_digest('f')};
        auto other_place = testing::passed();
        other_place.environment = "staging";
        auto other_commit = testing::passed();
        other_commit.commit = std::string(40, '9');
        const auto asked = seal(testing::request(), people.ann).value();
        return {seal(testing::failed(), gate),
                seal(testing::bypassed(), gate),
                seal(other_artefact, gate),
                seal(other_place, gate),
                seal(other_commit, gate),
                asked,
                seal(AnswerKind::approval, answer_to(asked, "Bob"), people.bob),
                seal(AnswerKind::revocation, answer_to(asked, "Bob"), people.bob),
                seal(AnswerKind::approval, answer_to(asked, "Ann"), people.ann)};
    }
};

TEST_F(Mutations, OfAnAttestationAreNotAdmitted) {
    const Envelope good = seal(testing::passed(), gate);
    ASSERT_TRUE(admits(encode(good)));
    for (const auto& text : damaged(encode(good))) attestation(text);
    // The payload changed, the signature kept; or signed anew, by somebody else.
    for (const auto& json : edited(base::parse_json(good.payload).value())) {
        Envelope changed = good;
        changed.payload = base::write_json(json);
        attestation(encode(changed));
        attestation(encode(signed_envelope(good.payload_type, changed.payload, stranger)));
    }
    for (const auto& text : damaged(good.payload)) {
        Envelope changed = good;
        changed.payload = text;
        attestation(encode(changed));
    }
    // Under another type; a stranger's signature under the gate's name; none at all.
    for (const auto* type : {"", "application/json", "application/vnd.in-toto+JSON"}) {
        Envelope changed = good;
        changed.payload_type = type;
        attestation(encode(changed));
        attestation(encode(signed_envelope(type, good.payload, gate)));
    }
    Envelope forged = good;
    forged.signatures.front().bytes =
        stranger.sign(pre_authentication(good.payload_type, good.payload));
    attestation(encode(forged));
    forged.signatures.clear();
    attestation(encode(forged));
    // A signature over the payload alone, as one would make it who does not know DSSE.
    forged.signatures = {{gate.public_key().id(), gate.sign(good.payload)}};
    attestation(encode(forged));
    report("attestations");
}

TEST_F(Mutations, WithPartsOfOtherGenuineDocumentsAreNotAdmitted) {
    auto all = genuine();
    all.push_back(seal(testing::passed(), gate));
    const Envelope& good = all.back();
    const auto tried_with = [&](const Envelope& made) {
        if (made != good) attestation(encode(made));
    };
    for (const auto& one : all) {
        for (const auto& other : all) {
            tried_with({one.payload_type, one.payload, other.signatures});
            tried_with({one.payload_type, other.payload, one.signatures});
            tried_with({other.payload_type, one.payload, one.signatures});
        }
    }
    report("attestations with exchanged parts");
}

TEST_F(Mutations, GenuineOnesInTheWrongPlaceOrTimeAreNotAdmitted) {
    const auto good = encode(seal(testing::passed(), gate));
    for (int i = 0; i < 100; ++i) {
        auto what = testing::wanted();
        what.now = at_minute(121 + i * 7);  // expired
        attestation(good, what);
        what.now = at_minute(-2 - i * 7);  // from the future
        attestation(good, what);
    }
    for (const char digit : std::string("023456789bcdef")) {
        auto what = testing::wanted();
        what.artefact = testing::some_digest(digit);
        attestation(good, what);
        what = testing::wanted();
        what.commit = std::string(40, digit);
        attestation(good, what);
    }
    for (const auto* name : {"", "Preprod", "preprod ", "prod", "referrals"}) {
        auto what = testing::wanted();
        what.environment = name;
        attestation(good, what);
        what = testing::wanted();
        what.suite = std::string(name) + "x";
        attestation(good, what);
    }
    // Replayed after a fail, an invalid run and a bypass.
    for (auto after : {testing::failed(), testing::bypassed()}) {
        for (int minute = 0; minute < 9; ++minute) {
            after.finished = at_minute(minute);
            const auto ledger = testing::ledger_with({testing::passed(), after}, gate);
            attestation(ledger.statements.front().envelope, testing::wanted(), &ledger);
        }
    }
    // A bypass once more.
    auto ledger = testing::ledger_with({testing::failed(), testing::bypassed()}, gate);
    const auto& use = ledger.statements.back().envelope;
    ASSERT_TRUE(admits(use, testing::wanted(), &ledger));
    ledger.admitted[digest_of(decode_envelope(use).value())] = "2026-11-24T10:10:00Z";
    attestation(use, testing::wanted(), &ledger);
    report("attestations in the wrong place or time");
}

TEST_F(Mutations, OfABypassDoNotCover) {
    const auto good = testing::approved(people);
    ASSERT_TRUE(covers(good));
    for (const auto& text : damaged(good.request)) bypass({text, good.approvals, {}});
    for (const auto& text : damaged(good.approvals.front())) bypass({good.request, {text}, {}});
    // Changed and signed anew: by a stranger, by another person, and by the requester herself,
    // whose changed text nobody approved.
    const auto asked = decode_envelope(good.request).value();
    for (const auto& json : edited(base::parse_json(asked.payload).value())) {
        const auto payload = base::write_json(json);
        for (const auto* key : {&people.stranger, &people.bob, &people.ann}) {
            bypass(
                {encode(signed_envelope(asked.payload_type, payload, *key)), good.approvals, {}});
        }
        bypass(
            {encode(Envelope{asked.payload_type, payload, asked.signatures}), good.approvals, {}});
    }
    const auto approval = decode_envelope(good.approvals.front()).value();
    for (const auto& json : edited(base::parse_json(approval.payload).value())) {
        const auto payload = base::write_json(json);
        for (const auto* key : {&people.stranger, &people.ann}) {
            bypass({good.request,
                    {encode(signed_envelope(approval.payload_type, payload, *key))},
                    {}});
        }
        bypass({good.request,
                {encode(Envelope{approval.payload_type, payload, approval.signatures})},
                {}});
    }
    report("bypasses");
}

TEST_F(Mutations, BypassesOfOthersAndForOthersDoNotCover) {
    const auto good = testing::approved(people);
    const auto asked = decode_envelope(good.request).value();
    // Self-approved under every name, with the requester's or a stranger's key.
    for (const auto* name : {"Ann", "ann", "ANN", "Bob", "bob", "Cat", "Dan", "", "Ann "}) {
        for (const auto* key : {&people.ann, &people.stranger}) {
            const auto text = encode(seal(AnswerKind::approval, answer_to(asked, name), *key));
            bypass({good.request, {text}, {}});
            bypass({good.request, {text, text, text}, {}});
        }
    }
    // Genuine documents in each other's places, with each other's signatures and types.
    const auto tried_with = [&](const Envelope& request, const Envelope& answer) {
        const BypassDocuments documents{encode(request), {encode(answer)}, {}};
        if (documents.request == good.request && documents.approvals == good.approvals) return;
        bypass(documents);
    };
    const auto approval = decode_envelope(good.approvals.front()).value();
    const auto all = genuine();
    for (const auto& one : all) {
        for (const auto& other : all) {
            tried_with(one, other);
            tried_with({one.payload_type, one.payload, other.signatures}, approval);
            tried_with(asked, {other.payload_type, one.payload, one.signatures});
            tried_with(asked, {one.payload_type, one.payload, other.signatures});
        }
    }
    // Elsewhere, too late, too early, used.
    for (int i = 0; i < 50; ++i) {
        auto what = testing::bypass_wanted();
        what.now = at_minute(240 + i);
        bypass(good, what);
        what.now = at_minute(-2 - i);
        bypass(good, what);
        bypass(good, testing::bypass_wanted(), 1 + static_cast<std::uint64_t>(i));
    }
    for (const char digit : std::string("023456789bcdef")) {
        auto what = testing::bypass_wanted();
        what.commit = std::string(40, digit);
        bypass(good, what);
        what = testing::bypass_wanted();
        what.artefact = testing::some_digest(digit);
        bypass(good, what);
    }
    for (const auto* name : {"", "Preprod", "prod", "preprod2", "referralsx"}) {
        auto what = testing::bypass_wanted();
        what.environment = name;
        bypass(good, what);
        what = testing::bypass_wanted();
        what.suite = name;
        bypass(good, what);
    }
    report("bypasses in the wrong hands, place or time");
}

}  // namespace
}  // namespace weir::attest
