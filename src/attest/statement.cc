#include "attest/statement.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "attest/digest.h"
#include "attest/json_fields.h"
#include "base/format.h"
#include "base/json.h"
#include "base/url.h"
#include "record/wall_text.h"

namespace weir::attest {
namespace {

using base::Error;
using base::Json;
using base::Result;
using record::FigureUnit;
using record::FindingState;

constexpr std::size_t subjects_most = 64;
constexpr std::size_t entries_most = 1000;  // conditions, signals

template <typename Enum, std::size_t n>
using Words = std::array<std::pair<Enum, std::string_view>, n>;

constexpr Words<Outcome, 4> outcomes{{{Outcome::pass, "pass"},
                                      {Outcome::fail, "fail"},
                                      {Outcome::invalid, "invalid"},
                                      {Outcome::bypassed, "bypassed"}}};
constexpr Words<FindingState, 3> states{{{FindingState::held, "held"},
                                         {FindingState::missed, "missed"},
                                         {FindingState::undecided, "undecided"}}};
constexpr Words<FigureUnit, 4> units{{{FigureUnit::share, "share"},
                                      {FigureUnit::milliseconds, "milliseconds"},
                                      {FigureUnit::per_second, "per_second"},
                                      {FigureUnit::plain, "plain"}}};

template <typename Enum, std::size_t n>
std::string_view word(const Words<Enum, n>& words, Enum value) noexcept {
    for (const auto& [each, text] : words) {
        if (each == value) return text;
    }
    return "";
}

template <typename Enum, std::size_t n>
Result<Enum> read_word(const JsonFields& fields,
                       std::string_view key,
                       const Words<Enum, n>& words) {
    TRY(const std::string text, fields.text(key));
    for (const auto& [each, known] : words) {
        if (known == text) return each;
    }
    return fields.error(key, "is none of the words that it may be");
}

bool is_hex(std::string_view text, std::size_t length) {
    return text.size() == length &&
           text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}
bool is_git_commit(std::string_view text) {
    return is_hex(text, 40) || is_hex(text, 64);
}

std::string without_credentials(const std::string& text) {
    const auto url = base::parse_url(text);
    if (!url.ok() || !url.value().scheme.starts_with("http")) return {};
    return url.value().origin() + url.value().path;
}

/// JSON knows neither infinity nor NaN.
Json number_json(double value) {
    return std::isfinite(value) ? Json(value) : Json();
}

Json json_of(const record::Finding& finding) {
    return {{"condition", finding.condition},
            {"state", word(states, finding.state)},
            {"unit", word(units, finding.unit)},
            {"value", number_json(finding.value)},
            {"limit", number_json(finding.limit)},
            {"samples", finding.samples},
            {"decided", finding.decided},
            {"weak", finding.weak},
            {"words", finding.words}};
}

Json json_of(const record::Signal& signal) {
    return {
        {"name", signal.name}, {"hard", signal.hard},   {"against_service", signal.against_service},
        {"note", signal.note}, {"words", signal.words}, {"who", signal.who}};
}

Json json_of(const ChainHead& head) {
    return {{"sequence", head.sequence}, {"hash", head.hash}};
}

Json json_of(const BypassUse& use) {
    return {{"id", use.id},
            {"request_sha256", use.request_sha256},
            {"use", use.use},
            {"debt", use.debt}};
}

Json subject_json(std::string_view name, std::string_view algorithm, const std::string& digest) {
    return {{"name", name}, {"digest", {{algorithm, digest}}}};
}

Json subjects_of(const Statement& statement) {
    Json subjects = Json::array();
    for (const auto& each : statement.artefacts) {
        subjects.push_back(subject_json("artefact", "sha256", each));
    }
    if (is_git_commit(statement.commit)) {
        subjects.push_back(subject_json("commit", "gitCommit", statement.commit));
    }
    // A statement has to be about something.
    if (subjects.empty()) {
        subjects.push_back(subject_json("record.json", "sha256", statement.record_sha256));
    }
    return subjects;
}

Json predicate_of(const Statement& statement) {
    Json json{{"suite", statement.suite},
              {"environment", statement.environment},
              {"base_url", without_credentials(statement.base_url)},
              {"run_id", statement.run_id},
              {"record_sha256", statement.record_sha256},
              {"commit", statement.commit},
              {"started", record::to_text(statement.started)},
              {"finished", record::to_text(statement.finished)},
              {"versions", statement.versions},
              {"verdict", word_of(statement.outcome)},
              {"reasons", statement.reasons}};
    json["conditions"] = Json::array();
    for (const auto& each : statement.conditions) json["conditions"].push_back(json_of(each));
    json["signals"] = Json::array();
    for (const auto& each : statement.signals) json["signals"].push_back(json_of(each));
    if (statement.ledger) json["ledger"] = json_of(*statement.ledger);
    if (statement.bypass) json["bypass"] = json_of(*statement.bypass);
    json["weir_version"] = statement.weir_version;
    return json;
}

Result<std::string> read_digest(const JsonFields& fields, std::string_view key) {
    TRY(const std::string text, fields.text(key));
    if (!is_hex(text, 64)) return fields.error(key, "is not a SHA-256 of 64 hexadecimal digits");
    return text;
}

Result<void> read_subjects(const JsonFields& fields, Statement& statement) {
    TRY(const auto subjects, fields.objects("subject", subjects_most));
    if (subjects.empty()) return fields.error("subject", "is empty");
    for (const auto& each : subjects) {
        TRY(const std::string name, each.text("name"));
        TRY(const auto digest, each.object("digest"));
        if (digest.has("sha256")) {
            TRY(std::string sha256, read_digest(digest, "sha256"));
            if (name == "artefact") statement.artefacts.push_back(std::move(sha256));
        } else if (digest.has("gitCommit")) {
            TRY(const std::string commit, digest.text("gitCommit"));
            if (!is_git_commit(commit)) {
                return digest.error("gitCommit", "is not a commit's 40 or 64 hexadecimal digits");
            }
            if (commit != statement.commit) {
                return digest.error("gitCommit", "is not the predicate's commit");
            }
        } else {
            return each.error("digest", "has neither sha256 nor gitCommit");
        }
    }
    return {};
}

Result<record::Finding> read_condition(const JsonFields& fields) {
    record::Finding finding;
    TRY(finding.condition, fields.text("condition"));
    TRY(finding.state, read_word(fields, "state", states));
    TRY(finding.unit, read_word(fields, "unit", units));
    TRY(finding.value, fields.number("value"));
    TRY(finding.limit, fields.number("limit"));
    TRY(finding.samples, fields.whole("samples"));
    TRY(finding.decided, fields.flag("decided"));
    TRY(finding.weak, fields.flag("weak"));
    TRY(finding.words, fields.text("words"));
    return finding;
}

Result<record::Signal> read_signal(const JsonFields& fields) {
    record::Signal signal;
    TRY(signal.name, fields.text("name"));
    TRY(signal.hard, fields.flag("hard"));
    TRY(signal.against_service, fields.flag("against_service"));
    TRY(signal.note, fields.flag("note"));
    TRY(signal.words, fields.text("words"));
    TRY(signal.who, fields.text("who"));
    return signal;
}

Result<ChainHead> read_head(const JsonFields& fields) {
    ChainHead head;
    TRY(head.sequence, fields.whole("sequence"));
    TRY(head.hash, read_digest(fields, "hash"));
    return head;
}

Result<BypassUse> read_bypass(const JsonFields& fields) {
    BypassUse use;
    TRY(use.id, fields.text("id"));
    TRY(use.request_sha256, read_digest(fields, "request_sha256"));
    TRY(use.use, fields.whole("use"));
    TRY(use.debt, fields.texts("debt"));
    return use;
}

Result<void> read_run(const JsonFields& fields, Statement& statement) {
    TRY(statement.suite, fields.text("suite"));
    TRY(statement.environment, fields.text("environment"));
    TRY(statement.base_url, fields.text("base_url"));
    TRY(statement.run_id, fields.text("run_id"));
    TRY(statement.record_sha256, read_digest(fields, "record_sha256"));
    TRY(statement.commit, fields.text("commit"));
    TRY(statement.started, fields.time("started"));
    TRY(statement.finished, fields.time("finished"));
    TRY(statement.versions, fields.texts("versions"));
    TRY(statement.weir_version, fields.text("weir_version"));
    if (statement.finished < statement.started) {
        return fields.error("finished", "is before started");
    }
    return {};
}

Result<void> read_verdict(const JsonFields& fields, Statement& statement) {
    TRY(statement.outcome, read_word(fields, "verdict", outcomes));
    TRY(statement.reasons, fields.texts("reasons"));
    TRY(const auto conditions, fields.objects("conditions", entries_most));
    for (const auto& each : conditions) {
        TRY(auto condition, read_condition(each));
        statement.conditions.push_back(std::move(condition));
    }
    TRY(const auto signals, fields.objects("signals", entries_most));
    for (const auto& each : signals) {
        TRY(auto signal, read_signal(each));
        statement.signals.push_back(std::move(signal));
    }
    if (fields.has("ledger")) {
        TRY(const auto ledger, fields.object("ledger"));
        TRY(statement.ledger, read_head(ledger));
    }
    if (fields.has("bypass")) {
        TRY(const auto bypass, fields.object("bypass"));
        TRY(statement.bypass, read_bypass(bypass));
    }
    if (statement.bypass.has_value() != (statement.outcome == Outcome::bypassed)) {
        return fields.error("bypass", "must be there when the verdict is bypassed, and only then");
    }
    return {};
}

/// A type that must be exactly `wanted`.
Result<void> check_type(const JsonFields& fields, std::string_view key, std::string_view wanted) {
    TRY(const std::string type, fields.text(key));
    if (type == wanted) return {};
    return fields.error(key, base::format("is not {}", wanted));
}

Result<Statement> read(std::string_view text) {
    TRY(const auto json, parse_strict_json(text));
    TRY(const auto fields, JsonFields::of(json, "statement"));
    TRY_VOID(check_type(fields, "_type", statement_type));
    TRY_VOID(check_type(fields, "predicateType", predicate_type));
    TRY(const auto predicate, fields.object("predicate"));
    Statement statement;
    TRY_VOID(read_run(predicate, statement));
    TRY_VOID(read_verdict(predicate, statement));
    TRY_VOID(read_subjects(fields, statement));
    return statement;
}

}  // namespace

std::string_view word_of(Outcome outcome) noexcept {
    return word(outcomes, outcome);
}

Outcome outcome_of(record::VerdictKind kind) noexcept {
    switch (kind) {
        case record::VerdictKind::pass:
            return Outcome::pass;
        case record::VerdictKind::fail:
            return Outcome::fail;
        case record::VerdictKind::invalid:
            break;
    }
    return Outcome::invalid;
}

std::string encode(const Statement& statement) {
    Json json{{"_type", statement_type}};
    json["subject"] = subjects_of(statement);
    json["predicateType"] = predicate_type;
    json["predicate"] = predicate_of(statement);
    return base::write_json(json);
}

Result<Statement> decode_statement(std::string_view text) {
    auto statement = read(text);
    if (!statement.ok()) return base::within("reading a verdict's statement", statement.error());
    return statement;
}

Envelope seal(const Statement& statement, const PrivateKey& key) {
    return signed_envelope(statement_payload_type, encode(statement), key);
}

Result<Statement> open_statement(const Envelope& envelope) {
    if (envelope.payload_type == statement_payload_type) return decode_statement(envelope.payload);
    return Error{base::Code::invalid,
                 base::format("it holds \"{}\", not a verdict's statement ({})",
                              envelope.payload_type.substr(0, 100), statement_payload_type)};
}

}  // namespace weir::attest
