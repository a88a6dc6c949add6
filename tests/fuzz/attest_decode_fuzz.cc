// Any text may be presented as a signed document: refused, or what is written again reads the same;
// and nothing is admitted, for nobody signed it.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "attest/admission.h"
#include "attest/bypass.h"
#include "attest/testing/examples.h"
#include "base/assert.h"

namespace {

namespace attest = weir::attest;

void round_trips(std::string_view text) {
    if (const auto envelope = attest::decode_envelope(text); envelope.ok()) {
        const auto again = attest::decode_envelope(attest::encode(envelope.value()));
        CHECK(again.ok() && again.value() == envelope.value());
    }
    if (const auto statement = attest::decode_statement(text); statement.ok()) {
        const auto written = attest::encode(statement.value());
        const auto again = attest::decode_statement(written);
        CHECK(again.ok() && attest::encode(again.value()) == written);
    }
    if (const auto request = attest::decode_bypass_request(text); request.ok()) {
        const auto again = attest::decode_bypass_request(attest::encode(request.value()));
        CHECK(again.ok() && again.value() == request.value());
        (void)attest::check_request(request.value());
    }
    if (const auto answer = attest::decode_bypass_answer(text); answer.ok()) {
        const auto again = attest::decode_bypass_answer(attest::encode(answer.value()));
        CHECK(again.ok() && again.value() == answer.value());
    }
}

/// As a whole envelope, and as the payload of one that somebody signed whom nobody knows.
void is_not_admitted(const std::string& text) {
    static const attest::PrivateKey gate = attest::testing::key_of('G');
    static const attest::PrivateKey stranger = attest::testing::key_of('S');
    static const attest::testing::People people;
    const std::vector trusted{gate.public_key()};
    const std::vector<attest::Candidate> both{
        {text, std::nullopt, "text"},
        {attest::encode(attest::signed_envelope(attest::statement_payload_type, text, stranger)),
         std::nullopt, "payload"}};
    const attest::LedgerView ledger{both, {}, {}, {}};
    CHECK(!attest::admit(attest::testing::wanted(), both, trusted, nullptr).admitted);
    CHECK(!attest::admit(attest::testing::wanted(), {}, trusted, &ledger).admitted);
    auto documents = attest::testing::approved(people);
    const auto policy = people.policy();
    const auto wanted = attest::testing::bypass_wanted();
    CHECK(!attest::judge_bypass({text, documents.approvals, {}}, 0, policy, wanted).covers());
    CHECK(!attest::judge_bypass({documents.request, {text}, {}}, 0, policy, wanted).covers());
    // Nor does it revoke.
    documents.revocations = {text};
    CHECK(attest::judge_bypass(documents, 0, policy, wanted).covers());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    round_trips(text);
    is_not_admitted(text);
    return 0;
}
