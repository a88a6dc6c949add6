// Whether bypass documents let a deployment through.
#include "attest/bypass.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <utility>

#include "attest/words.h"
#include "base/format.h"
#include "record/wall_text.h"

namespace weir::attest {
namespace {

using base::Error;
using base::Result;

/// "Ann" and "ann" are one person.
bool same_person(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
        return std::tolower(static_cast<unsigned char>(x)) ==
               std::tolower(static_cast<unsigned char>(y));
    });
}

bool contains_person(const std::vector<std::string>& names, std::string_view name) {
    return std::any_of(names.begin(), names.end(),
                       [name](const std::string& each) { return same_person(each, name); });
}

std::string joined(const std::vector<std::string>& texts, std::string_view between) {
    std::string all;
    for (const auto& each : texts) all += (all.empty() ? "" : std::string(between)) + each;
    return all;
}

/// Nothing when one of `person`'s keys signed it; else why it does not count.
std::optional<std::string> not_signed_by(const Envelope& envelope,
                                         std::string_view person,
                                         const BypassPolicy& policy) {
    std::vector<PublicKey> keys;
    for (const auto& each : policy.people) keys.push_back(each.key);
    const auto signed_it = check_signers(envelope, keys);
    if (!signed_it.ok()) {
        const bool known = std::any_of(
            envelope.signatures.begin(), envelope.signatures.end(), [&](const Signature& each) {
                return std::any_of(keys.begin(), keys.end(),
                                   [&](const PublicKey& key) { return key.id() == each.key_id; });
            });
        if (known || envelope.signatures.empty()) return signed_it.error().text;
        return base::format("unknown signer: key {} belongs to nobody in [bypass]",
                            shown_key(envelope.signatures.front().key_id));
    }
    std::string_view other;
    for (const auto& key : signed_it.value()) {
        const auto name = person_of(policy, key);
        if (same_person(name, person)) return std::nullopt;
        other = name;
    }
    return base::format("it says that it is {}'s, but {} signed it", shown(person), other);
}

/// The judgement of one set of documents, step by step; each step ends it or lets it go on.
class Judgement {
public:
    Judgement(const BypassDocuments& documents, const BypassPolicy& policy, base::WallTime now)
        : documents_(documents), policy_(policy), now_(now) {}

    /// The request and what became of it, apart from time, uses and approvals.
    bool read_request() {
        if (auto good = check_policy(policy_); !good.ok()) {
            return end(BypassState::refused, good.error().text);
        }
        const auto envelope = decode_envelope(documents_.request);
        if (!envelope.ok()) return end(BypassState::refused, envelope.error().text);
        auto request = open_bypass_request(envelope.value());
        if (!request.ok()) return end(BypassState::refused, request.error().text);
        standing.request = std::move(request).value();
        standing.request_sha256 = digest_of(envelope.value());
        const auto& said = standing.request;
        if (auto why = not_signed_by(envelope.value(), said.requester, policy_)) {
            return end(BypassState::refused, "the request: " + *why);
        }
        if (auto good = check_request(said); !good.ok()) {
            return end(BypassState::refused, good.error().text);
        }
        return check_limits();
    }

    bool look_for_revocation() {
        for (const auto& text : documents_.revocations) {
            std::string why;
            const auto answer = read_answer(AnswerKind::revocation, text, why);
            if (!answer) {
                note("a revocation does not count: " + why);
                continue;
            }
            return end(BypassState::revoked,
                       base::format("revoked by {} at {}{}", shown(answer->person),
                                    record::to_text(answer->at).substr(0, 19) + "Z",
                                    answer->comment.empty() ? "" : ": " + shown(answer->comment)));
        }
        return true;
    }

    bool check_target(const BypassWanted& wanted) {
        const auto& said = standing.request;
        if (said.suite != wanted.suite) return other("suite", said.suite, wanted.suite);
        if (said.environment != wanted.environment) {
            return other("environment", said.environment, wanted.environment);
        }
        if (!said.artefact.empty() && said.artefact != wanted.artefact) {
            return other("artefact", shown_digest(said.artefact),
                         wanted.artefact.empty() ? "" : shown_digest(wanted.artefact));
        }
        if (!said.commit.empty() && said.commit != wanted.commit) {
            return other("commit", said.commit, wanted.commit);
        }
        return true;
    }

    bool check_time_and_uses(std::uint64_t uses_so_far) {
        const auto& said = standing.request;
        if (now_ >= said.expires) {
            return end(BypassState::expired,
                       base::format("expired {} ago", words_for(now_ - said.expires)));
        }
        if (uses_so_far >= said.uses) {
            return end(BypassState::used_up,
                       said.uses == 1 ? "it was used before, and holds once"
                                      : base::format("all {} uses are used up", said.uses));
        }
        return true;
    }

    void count_approvals() {
        std::vector<std::string> why_not;
        for (const auto& text : documents_.approvals) {
            std::string why;
            const auto answer = read_answer(AnswerKind::approval, text, why);
            if (!answer) {
                why_not.push_back("an approval does not count: " + why);
            } else if (same_person(answer->person, standing.request.requester)) {
                why_not.push_back(base::format("self-approved: {} asked for it, and cannot approve",
                                               shown(answer->person)));
            } else if (!contains_person(standing.approvers, answer->person)) {
                standing.approvers.push_back(answer->person);
            }
        }
        for (const auto& each : why_not) note(each);
        const auto& who = standing.approvers;
        if (who.size() < policy_.quorum) {
            standing.state = BypassState::pending;
            standing.reason = base::format("{} of {} approvals", who.size(), policy_.quorum);
            if (!who.empty()) standing.reason += base::format(" ({})", joined(who, ", "));
            if (!why_not.empty()) standing.reason += "; " + joined(why_not, "; ");
            return;
        }
        standing.state = BypassState::covers;
        standing.reason = base::format("asked for by {}, approved by {}, expires in {}",
                                       standing.request.requester, joined(who, " and "),
                                       words_for(standing.request.expires - now_));
    }

    BypassStanding standing;

private:
    bool end(BypassState state, std::string reason) {
        standing.state = state;
        standing.reason = std::move(reason);
        return false;
    }
    void note(std::string words) { standing.notes.push_back(std::move(words)); }

    bool other(std::string_view what, std::string_view its, std::string_view wanted) {
        const std::string for_what = base::format("it is for {} {}", what, shown(its));
        return end(BypassState::elsewhere,
                   wanted.empty()
                       ? base::format("{}, and which one this is about is not known", for_what)
                       : base::format("{}, not for {}", for_what, shown(wanted)));
    }

    bool check_limits() {
        const auto& said = standing.request;
        if (said.created > now_ + clock_skew) {
            return end(BypassState::refused, base::format("the request is from the future, by {}",
                                                          words_for(said.created - now_)));
        }
        const auto valid_for = said.expires - said.created;
        if (policy_.valid_for_most > base::Nanos{} && valid_for > policy_.valid_for_most) {
            return end(BypassState::refused,
                       base::format("the request is to hold for {}, at most {} are allowed",
                                    words_for(valid_for), words_for(policy_.valid_for_most)));
        }
        if (policy_.uses_most > 0 && said.uses > policy_.uses_most) {
            return end(BypassState::refused,
                       base::format("the request is to hold for {} uses, at most {} are allowed",
                                    said.uses, policy_.uses_most));
        }
        return true;
    }

    /// An answer to exactly this request, by the person who signed it; else why it is none.
    std::optional<BypassAnswer> read_answer(AnswerKind kind,
                                            const std::string& text,
                                            std::string& why) const {
        const auto envelope = decode_envelope(text);
        if (!envelope.ok()) {
            why = envelope.error().text;
            return std::nullopt;
        }
        const auto answer = open_bypass_answer(kind, envelope.value());
        if (!answer.ok()) {
            why = answer.error().text;
            return std::nullopt;
        }
        const auto& said = answer.value();
        if (auto forged = not_signed_by(envelope.value(), said.person, policy_)) {
            why = *forged;
        } else if (said.request_id != standing.request.id ||
                   said.request_sha256 != standing.request_sha256) {
            why = base::format("{} gave it to another request, or to another text of this one",
                               shown(said.person));
        } else if (said.at > now_ + clock_skew) {
            why = base::format("{}'s is from the future, by {}", shown(said.person),
                               words_for(said.at - now_));
        } else if (said.at < standing.request.created - clock_skew) {
            why = base::format("{}'s is older than the request", shown(said.person));
        } else {
            return said;
        }
        return std::nullopt;
    }

    const BypassDocuments& documents_;
    const BypassPolicy& policy_;
    base::WallTime now_;
};

}  // namespace

std::string_view word_of(BypassState state) noexcept {
    switch (state) {
        case BypassState::covers:
            return "covers";
        case BypassState::pending:
            return "pending";
        case BypassState::elsewhere:
            return "elsewhere";
        case BypassState::expired:
            return "expired";
        case BypassState::used_up:
            return "used up";
        case BypassState::revoked:
            return "revoked";
        case BypassState::refused:
            return "refused";
    }
    return "";
}

std::string_view person_of(const BypassPolicy& policy, const PublicKey& key) {
    for (const auto& each : policy.people) {
        if (each.key == key) return each.name;
    }
    return {};
}

Result<void> check_policy(const BypassPolicy& policy) {
    const auto refused = [](std::string words) {
        return Error{base::Code::invalid, std::move(words)};
    };
    std::vector<std::string> names;
    for (const auto& each : policy.people) {
        if (each.name.empty() || each.name != shown(each.name) ||
            std::isspace(static_cast<unsigned char>(each.name.front())) != 0 ||
            std::isspace(static_cast<unsigned char>(each.name.back())) != 0) {
            return refused(
                base::format("\"{}\" is no name of a person in [bypass]", shown(each.name)));
        }
        const auto owner = person_of(policy, each.key);
        if (!same_person(owner, each.name)) {
            return refused(base::format(
                "{} and {} have the same key in [bypass]: each person has a key of their own",
                owner, each.name));
        }
        if (!contains_person(names, each.name)) names.push_back(each.name);
    }
    if (policy.quorum < 1) return refused("a bypass needs one approver at least: bypass.quorum");
    // The requester is one of them, and does not count.
    if (names.size() > policy.quorum) return {};
    return refused(
        base::format("no bypass can be approved: [bypass] names {} {}, and {} besides the "
                     "requester must approve",
                     names.size(), names.size() == 1 ? "person" : "people", policy.quorum));
}

BypassStanding judge_bypass(const BypassDocuments& documents,
                            std::uint64_t uses_so_far,
                            const BypassPolicy& policy,
                            const BypassWanted& wanted) {
    Judgement judgement(documents, policy, wanted.now);
    if (judgement.read_request() && judgement.look_for_revocation() &&
        judgement.check_target(wanted) && judgement.check_time_and_uses(uses_so_far)) {
        judgement.count_approvals();
    }
    return std::move(judgement.standing);
}

BypassStanding judge_bypass_anywhere(const BypassDocuments& documents,
                                     std::uint64_t uses_so_far,
                                     const BypassPolicy& policy,
                                     base::WallTime now) {
    Judgement judgement(documents, policy, now);
    if (judgement.read_request() && judgement.look_for_revocation() &&
        judgement.check_time_and_uses(uses_so_far)) {
        judgement.count_approvals();
    }
    return std::move(judgement.standing);
}

}  // namespace weir::attest
