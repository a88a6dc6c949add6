// Examples: keys, verdicts and bypasses that are all in order, for tests to spoil one thing at a
// time.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "attest/admission.h"
#include "attest/base64_text.h"
#include "attest/bypass.h"
#include "attest/digest.h"
#include "attest/statement.h"

namespace weir::attest::testing {

/// The key whose 32 secret bytes (RFC 8032 §5.1.5) are these. PKCS#8's frame is RFC 8410 §7's.
inline PrivateKey key_from_bytes(const std::string& secret) {
    const std::string frame("\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20", 16);
    const std::string pem = "-----BEGIN PRIVATE KEY-----\n" + base64_of(frame + secret) +
                            "\n-----END PRIVATE KEY-----\n";
    return PrivateKey::from_pem(pem).value();
}
/// A different key for each letter, the same in each run.
inline PrivateKey key_of(char letter) {
    return key_from_bytes(std::string(32, letter));
}

inline base::WallTime at_minute(int minute) {
    return base::WallTime(std::chrono::sys_days(std::chrono::year(2026) / 11 / 24) +
                          std::chrono::hours(10) + std::chrono::minutes(minute));
}

inline std::string some_digest(char digit) {
    return std::string(64, digit);
}

/// A pass on artefact aaa… and commit 1111…, decided at 10:00.
inline Statement passed() {
    Statement statement;
    statement.artefacts = {some_digest('a')};
    statement.commit = std::string(40, '1');
    statement.suite = "referrals";
    statement.environment = "preprod";
    statement.base_url = "https://service.preprod.example/app";
    statement.run_id = "20261124-095800-abcdef";
    statement.record_sha256 = some_digest('e');
    statement.started = at_minute(-2);
    statement.finished = at_minute(0);
    statement.versions = {"2026-11-24.7"};
    statement.outcome = Outcome::pass;
    statement.reasons = {"all conditions hold"};
    record::Finding finding;
    finding.condition = "98 % of `dashboard` under 2s";
    finding.state = record::FindingState::held;
    finding.value = 0.9975;
    finding.limit = 0.98;
    finding.samples = 750;
    finding.decided = true;
    finding.words = "99.75 % of 750 answered under 2s";
    statement.conditions = {finding};
    record::Signal signal;
    signal.name = "noisy neighbours";
    signal.words = "the machine was busy";
    signal.who = "the platform team";
    statement.signals = {signal};
    statement.ledger = ChainHead{0, std::string(chain_start)};
    statement.weir_version = "0.1.0";
    return statement;
}

inline Statement failed() {
    Statement statement = passed();
    statement.outcome = Outcome::fail;
    statement.run_id = "20261124-failed";
    statement.reasons = {"98 % of `dashboard` under 2s: 3 % answered under 2s"};
    statement.conditions.front().state = record::FindingState::missed;
    return statement;
}

inline Statement bypassed() {
    Statement statement = failed();
    statement.outcome = Outcome::bypassed;
    statement.run_id = "20261124-bypassed";
    statement.bypass = BypassUse{.id = "bp-1",
                                 .request_sha256 = some_digest('b'),
                                 .use = 1,
                                 .debt = {"98 % of `dashboard` under 2s"}};
    return statement;
}

/// Asks, at 10:10, for what passed() is about.
inline AdmissionWanted wanted() {
    AdmissionWanted wanted;
    wanted.artefact = some_digest('a');
    wanted.commit = std::string(40, '1');
    wanted.suite = "referrals";
    wanted.environment = "preprod";
    wanted.now = at_minute(10);
    return wanted;
}

/// A chain whose rows are these statements, one after the other, each signed and naming the head
/// before it.
inline LedgerView ledger_with(std::vector<Statement> statements, const PrivateKey& key) {
    LedgerView view;
    std::vector<ChainEntry> rows;
    for (auto& statement : statements) {
        statement.ledger = head_of(rows);
        const std::string envelope = encode(seal(statement, key));
        rows.push_back(
            next_entry(head_of(rows), "2026-11-24T10:00:00.000000000Z", "attestation", envelope));
        view.statements.push_back(
            {envelope, rows.back().sequence, "row " + std::to_string(rows.back().sequence)});
        view.chain.push_back(head_of(rows));
    }
    return view;
}

/// Ann asks, Bob and Cat may approve; two keys are Bob's.
struct People {
    PrivateKey ann = key_of('A');
    PrivateKey bob = key_of('B');
    PrivateKey bobs_other = key_of('b');
    PrivateKey cat = key_of('C');
    PrivateKey stranger = key_of('S');

    [[nodiscard]] BypassPolicy policy(std::uint32_t quorum = 1) const {
        BypassPolicy policy;
        policy.people = {{"Ann", ann.public_key()},
                         {"Bob", bob.public_key()},
                         {"Bob", bobs_other.public_key()},
                         {"Cat", cat.public_key()}};
        policy.quorum = quorum;
        policy.valid_for_most = std::chrono::hours(4);
        policy.uses_most = 1;
        return policy;
    }
};

/// Asked by Ann at 10:00 for four hours, one use, for what bypass_wanted() is about.
inline BypassRequest request() {
    BypassRequest request;
    request.id = "bp-1";
    request.suite = "referrals";
    request.environment = "preprod";
    request.commit = std::string(40, '1');
    request.artefact = some_digest('a');
    request.reason = "the fix of the sign-in outage must go out";
    request.incident = "INC-42";
    request.impact = "nobody can sign in";
    request.requester = "Ann";
    request.created = at_minute(0);
    request.expires = at_minute(240);
    return request;
}

inline BypassAnswer answer_to(const Envelope& request, std::string person, int minute = 5) {
    BypassAnswer answer;
    answer.request_id = "bp-1";
    answer.request_sha256 = digest_of(request);
    answer.person = std::move(person);
    answer.at = at_minute(minute);
    return answer;
}

/// Asked by Ann, approved by Bob: covers bypass_wanted() at 10:10.
inline BypassDocuments approved(const People& people) {
    const Envelope asked = seal(request(), people.ann).value();
    return {encode(asked),
            {encode(seal(AnswerKind::approval, answer_to(asked, "Bob"), people.bob))},
            {}};
}

inline BypassWanted bypass_wanted() {
    return {.suite = "referrals",
            .environment = "preprod",
            .commit = std::string(40, '1'),
            .artefact = some_digest('a'),
            .now = at_minute(10)};
}

}  // namespace weir::attest::testing
