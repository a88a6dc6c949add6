// Bypass: documents by which people let a deployment through without a pass, and whether they do.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "attest/envelope.h"
#include "base/result.h"
#include "base/time.h"

namespace weir::attest {

inline constexpr std::string_view bypass_request_type =
    "application/vnd.weir.bypass-request.v1+json";
inline constexpr std::string_view bypass_approval_type =
    "application/vnd.weir.bypass-approval.v1+json";
inline constexpr std::string_view bypass_revocation_type =
    "application/vnd.weir.bypass-revocation.v1+json";

/// Clocks of two machines may differ by so much.
inline constexpr base::Nanos clock_skew = std::chrono::seconds(60);

struct BypassRequest {
    std::string id;  // unique; letters, digits, "-"
    std::string suite;
    std::string environment;
    std::string commit;    // one of commit and artefact at least; what is there must all match
    std::string artefact;  // SHA-256, 64 hexadecimal digits
    std::string reason;
    std::string incident;
    std::string impact;     // on users
    std::string requester;  // a person of the policy, whose key signs it
    base::WallTime created{};
    base::WallTime expires{};
    std::uint64_t uses = 1;
    [[nodiscard]] bool operator==(const BypassRequest&) const = default;
};

/// What a request must say. The error names what is missing and why it is asked for.
[[nodiscard]] base::Result<void> check_request(const BypassRequest& request);

/// An approval or a revocation; bound to the exact request by its digest.
struct BypassAnswer {
    std::string request_id;
    std::string request_sha256;  // digest_of() the request's envelope
    std::string person;          // whose key signs it
    base::WallTime at{};
    std::string comment;
    [[nodiscard]] bool operator==(const BypassAnswer&) const = default;
};

[[nodiscard]] std::string encode(const BypassRequest& request);
[[nodiscard]] std::string encode(const BypassAnswer& answer);
[[nodiscard]] base::Result<BypassRequest> decode_bypass_request(std::string_view json);
[[nodiscard]] base::Result<BypassAnswer> decode_bypass_answer(std::string_view json);

/// Signed documents. seal(request) refuses what check_request() refuses.
[[nodiscard]] base::Result<Envelope> seal(const BypassRequest& request, const PrivateKey& key);
enum class AnswerKind : std::uint8_t { approval, revocation };
[[nodiscard]] Envelope seal(AnswerKind kind, const BypassAnswer& answer, const PrivateKey& key);
/// What an envelope says, whoever signed it.
[[nodiscard]] base::Result<BypassRequest> open_bypass_request(const Envelope& envelope);
[[nodiscard]] base::Result<BypassAnswer> open_bypass_answer(AnswerKind kind,
                                                            const Envelope& envelope);
/// One key of one person; a person with two keys is there twice, under the same name.
struct Person {
    std::string name;
    PublicKey key;
};

struct BypassPolicy {
    std::vector<Person> people;
    std::uint32_t quorum = 1;      // approvers besides the requester
    base::Nanos valid_for_most{};  // a request that asks for longer is refused; 0: any
    std::uint64_t uses_most = 0;   // the same for uses; 0: any
};

/// The person's name whose key this is; empty: nobody's.
[[nodiscard]] std::string_view person_of(const BypassPolicy& policy, const PublicKey& key);
/// The policy itself: no key belongs to two people, the quorum can be reached.
[[nodiscard]] base::Result<void> check_policy(const BypassPolicy& policy);

/// Envelopes as they are stored: JSON.
struct BypassDocuments {
    std::string request;
    std::vector<std::string> approvals;
    std::vector<std::string> revocations;
};

/// What is to be let through, and when. `commit` and `artefact` may be empty: not known.
struct BypassWanted {
    std::string suite;
    std::string environment;
    std::string commit;
    std::string artefact;  // 64 hexadecimal digits
    base::WallTime now{};
};

enum class BypassState : std::uint8_t {
    covers,     // approved, unused, in time, and for exactly this
    pending,    // waits for approvals
    elsewhere,  // for another suite, environment, commit or artefact
    expired,
    used_up,
    revoked,
    refused,  // forged, incomplete, or against the policy
};
[[nodiscard]] std::string_view word_of(BypassState state) noexcept;

struct BypassStanding {
    BypassState state = BypassState::refused;
    std::string reason;     // "expired 12 min ago", "1 of 2 approvals: …"; also when it covers
    BypassRequest request;  // as far as it could be read; not to be believed when refused
    std::string request_sha256;          // empty when it could not be read
    std::vector<std::string> approvers;  // who count
    std::vector<std::string> notes;      // documents that did not count, and why
    [[nodiscard]] bool covers() const noexcept { return state == BypassState::covers; }
};

/// Whether the documents let `wanted` through, else the exact reason. Pure.
/// A person is one approver with however many keys and approvals; the requester is none.
[[nodiscard]] BypassStanding judge_bypass(const BypassDocuments& documents,
                                          std::uint64_t uses_so_far,
                                          const BypassPolicy& policy,
                                          const BypassWanted& wanted);
/// The same without asking what it is for: for lists and for approvers.
[[nodiscard]] BypassStanding judge_bypass_anywhere(const BypassDocuments& documents,
                                                   std::uint64_t uses_so_far,
                                                   const BypassPolicy& policy,
                                                   base::WallTime now);

}  // namespace weir::attest
