#include "attest/admission.h"

#include <algorithm>
#include <utility>

#include "attest/bypass.h"
#include "attest/words.h"
#include "base/format.h"
#include "record/wall_text.h"

namespace weir::attest {
namespace {

using base::Error;
using base::Result;

/// A candidate, read.
struct Read {
    Statement statement;
    std::string digest;
    std::optional<std::uint64_t> sequence;
    std::string from;
    bool trusted = false;  // signed by a trusted key
    std::string why_not;   // else why it is not
};

Result<Read> read(const Candidate& candidate, std::span<const PublicKey> trusted) {
    TRY(const auto envelope, decode_envelope(candidate.envelope));
    const auto signed_it = check_signers(envelope, trusted);
    auto statement = open_statement(envelope);
    // Who signed it matters more than what an untrusted text says.
    if (!statement.ok()) return signed_it.ok() ? statement.error() : signed_it.error();
    return Read{.statement = std::move(statement).value(),
                .digest = digest_of(envelope),
                .sequence = candidate.sequence,
                .from = candidate.from,
                .trusted = signed_it.ok(),
                .why_not = signed_it.ok() ? "" : signed_it.error().text};
}

std::string named(const AdmissionWanted& wanted) {
    std::string name;
    if (!wanted.artefact.empty()) name = shown_digest(wanted.artefact);
    if (!wanted.commit.empty()) {
        name += (name.empty() ? "commit " : " of commit ") + shown(wanted.commit);
    }
    return name;
}

/// Nothing when the statement is about exactly what is wanted; else what it is about.
std::optional<std::string> misfit(const Statement& statement, const AdmissionWanted& wanted) {
    const auto other = [](std::string_view what, std::string_view its, std::string_view is_wanted) {
        return base::format("it is about {} {}, not {}", what, shown(its), shown(is_wanted));
    };
    if (statement.environment != wanted.environment) {
        return other("environment", statement.environment, wanted.environment);
    }
    if (statement.suite != wanted.suite) return other("suite", statement.suite, wanted.suite);
    const auto& artefacts = statement.artefacts;
    if (!wanted.artefact.empty() &&
        std::find(artefacts.begin(), artefacts.end(), wanted.artefact) == artefacts.end()) {
        if (artefacts.empty()) return "it is about no artefact: the gate ran without --subject";
        return other("artefact", shown_digest(artefacts.front()), shown_digest(wanted.artefact));
    }
    if (!wanted.commit.empty() && statement.commit != wanted.commit) {
        if (statement.commit.empty()) return "it is about no commit: the gate ran without --commit";
        return other("commit", statement.commit, wanted.commit);
    }
    return std::nullopt;
}

/// Whether `a` was made after `b`. Of what was made at the store the chain knows: all up to the row
/// that `b` names was there before it. A row that had to wait for the store says nothing; then the
/// clocks do. In doubt it was.
bool is_later(const Read& a, const Read& b) {
    if (a.sequence && a.statement.ledger && b.statement.ledger) {
        return *a.sequence > b.statement.ledger->sequence;
    }
    return a.statement.finished >= b.statement.finished;
}

std::string moment(base::WallTime time) {
    return record::to_text(time).substr(0, 19) + "Z";
}

std::string verdict_words(const Read& read) {
    const auto& said = read.statement;
    std::string words = base::format("{} (run {}, {})", word_of(said.outcome), shown(said.run_id),
                                     moment(said.finished));
    if (!said.reasons.empty()) words += ": " + shown(said.reasons.front());
    return words;
}

/// The judgement of one question, step by step; each step ends it or lets it go on.
class Judgement {
public:
    Judgement(const AdmissionWanted& wanted,
              std::span<const PublicKey> trusted,
              const LedgerView* ledger)
        : wanted_(wanted), trusted_(trusted), ledger_(ledger) {}

    Admission admission;

    bool check_question() {
        if (trusted_.empty()) {
            return end("no key is trusted: name the gate's public key in attest.trusted");
        }
        if (wanted_.artefact.empty() && wanted_.commit.empty()) {
            return end("neither an artefact nor a commit is named");
        }
        return true;
    }

    /// The newest of the candidates that count.
    bool choose(std::span<const Candidate> candidates) {
        read_ledger();
        std::optional<std::string> problem;
        for (const auto& each : candidates) {
            auto candidate = read(each, trusted_);
            auto why = candidate.ok() ? problem_of(candidate.value())
                                      : std::optional(candidate.error().text);
            if (why) {
                if (!problem) problem = why;
                note(each.from, *why);
                continue;
            }
            place_in_chain(candidate.value());
            if (!chosen_ || is_later(candidate.value(), *chosen_)) {
                chosen_ = std::move(candidate).value();
            }
        }
        if (chosen_) return take();
        if (problem && candidates.size() == 1) return end(*problem);
        return end(nothing_fits(problem));
    }

    bool choose_from_ledger() {
        read_ledger();
        for (const auto& each : known_) {
            if (!each.trusted || misfit(each.statement, wanted_)) continue;
            if (!chosen_ || is_later(each, *chosen_)) chosen_ = each;
        }
        if (chosen_) return take();
        std::optional<std::string> problem;
        for (const auto& each : known_) {
            if (misfit(each.statement, wanted_) || each.trusted) continue;
            problem = each.why_not;
            note(each.from, each.why_not);
        }
        return end(nothing_fits(problem));
    }

    bool check_time() {
        const auto& finished = chosen_->statement.finished;
        if (finished > wanted_.now + clock_skew) {
            return end(base::format("the verdict is from the future, by {}: a clock is wrong",
                                    words_for(finished - wanted_.now)));
        }
        const auto age = wanted_.now - finished;
        if (age <= wanted_.max_age) return true;
        return end(base::format("the verdict is {} old, at most {} are allowed: run the gate again",
                                words_for(age), words_for(wanted_.max_age)));
    }

    /// A pass that was overtaken must not come back, nor one from another history.
    bool check_ledger() {
        if (ledger_ == nullptr) {
            warn("no store was asked: whether a later verdict says otherwise is not known");
            return true;
        }
        if (!check_head()) return false;
        for (const auto& each : known_) {
            if (each.digest == chosen_->digest || each.statement.outcome == Outcome::pass) continue;
            if (misfit(each.statement, wanted_) || !is_later(each, *chosen_)) continue;
            return end(base::format("a later verdict says otherwise: {}{}", verdict_words(each),
                                    each.trusted ? "" : "; " + each.why_not));
        }
        return true;
    }

    void decide() {
        const auto& said = chosen_->statement;
        switch (said.outcome) {
            case Outcome::pass:
                admission.admitted = true;
                admission.reason =
                    base::format("{} passed {} ago (run {})", named(wanted_),
                                 words_for(std::max(wanted_.now - said.finished, base::Nanos{})),
                                 shown(said.run_id));
                return;
            case Outcome::bypassed:
                decide_bypass();
                return;
            case Outcome::fail:
            case Outcome::invalid:
                end("the newest verdict is " + verdict_words(*chosen_));
                return;
        }
    }

private:
    bool end(std::string reason) {
        admission.reason = std::move(reason);
        return false;
    }
    void warn(std::string words) { admission.warnings.push_back(std::move(words)); }
    void note(const std::string& from, std::string_view why) {
        admission.notes.push_back(base::format("{}: {}", from, why));
    }

    void read_ledger() {
        if (ledger_ == nullptr || !known_.empty()) return;
        for (const auto& each : ledger_->statements) {
            auto candidate = read(each, trusted_);
            if (candidate.ok()) {
                known_.push_back(std::move(candidate).value());
            } else {
                note(each.from, candidate.error().text);
            }
        }
    }

    [[nodiscard]] std::optional<std::string> problem_of(const Read& candidate) const {
        if (!candidate.trusted) return candidate.why_not;
        return misfit(candidate.statement, wanted_);
    }

    /// A file's statement is often a row of the store, too.
    void place_in_chain(Read& candidate) const {
        if (candidate.sequence) return;
        for (const auto& each : known_) {
            if (each.digest == candidate.digest) candidate.sequence = each.sequence;
        }
    }

    [[nodiscard]] std::string nothing_fits(const std::optional<std::string>& problem) const {
        std::string words =
            base::format("there is no verdict of suite {} in environment {} on {}",
                         shown(wanted_.suite), shown(wanted_.environment), named(wanted_));
        if (problem) words += "; " + *problem;
        return words;
    }

    bool take() {
        admission.statement = chosen_->statement;
        admission.digest = chosen_->digest;
        admission.sequence = chosen_->sequence;
        return true;
    }

    bool check_head() {
        const auto& head = chosen_->statement.ledger;
        if (!head) {
            warn("the verdict names no store: it was made without one");
            return true;
        }
        const auto& chain = ledger_->chain;
        const bool there = head->sequence == 0 ? head->hash == chain_start
                                               : head->sequence <= chain.size() &&
                                                     chain[head->sequence - 1] == *head;
        if (!there) {
            return end(
                base::format("the verdict names row {} of a store, which is not in this one: "
                             "it is another store, or its history was changed",
                             head->sequence));
        }
        if (chosen_->sequence && *chosen_->sequence <= head->sequence) {
            return end(
                base::format("the verdict is in row {}, and names row {} as written before "
                             "it",
                             *chosen_->sequence, head->sequence));
        }
        if (!chosen_->sequence) warn("the verdict is not in this store: its row is missing");
        return true;
    }

    void decide_bypass() {
        const auto& use = *chosen_->statement.bypass;
        const std::string name = base::format("bypass {}", shown(use.id));
        if (ledger_ == nullptr) {
            end(base::format("{} cannot be admitted without the store, which counts its uses",
                             name));
            return;
        }
        if (!chosen_->sequence) {
            end(base::format("the store does not know of this use of {}", name));
            return;
        }
        if (const auto used = ledger_->admitted.find(chosen_->digest);
            used != ledger_->admitted.end()) {
            end(base::format("{} was used: a deployment was admitted by it at {}", name,
                             shown(used->second)));
            return;
        }
        if (const auto gone = ledger_->withdrawn.find(use.id); gone != ledger_->withdrawn.end()) {
            end(base::format("{} no longer holds: {}", name, shown(gone->second)));
            return;
        }
        admission.admitted = true;
        admission.reason =
            base::format("{} has no pass, and {} lets it through once", named(wanted_), name);
    }

    const AdmissionWanted& wanted_;
    std::span<const PublicKey> trusted_;
    const LedgerView* ledger_;
    std::vector<Read> known_;  // the ledger's
    std::optional<Read> chosen_;
};

}  // namespace

Admission admit(const AdmissionWanted& wanted,
                std::span<const Candidate> presented,
                std::span<const PublicKey> trusted,
                const LedgerView* ledger) {
    Judgement judgement(wanted, trusted, ledger);
    if (judgement.check_question() &&
        (presented.empty() ? judgement.choose_from_ledger() : judgement.choose(presented)) &&
        judgement.check_time() && judgement.check_ledger()) {
        judgement.decide();
    }
    return std::move(judgement.admission);
}

}  // namespace weir::attest
