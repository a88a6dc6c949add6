// What bypass documents say: written, read, sealed, opened.
#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "attest/bypass.h"
#include "attest/json_fields.h"
#include "attest/words.h"
#include "base/format.h"
#include "base/json.h"
#include "record/wall_text.h"

namespace weir::attest {
namespace {

using base::Error;
using base::Json;
using base::Result;

constexpr std::size_t text_bytes_most = 4000;
constexpr std::uint64_t uses_most = 1000;

Error refused(std::string words) {
    return Error{base::Code::invalid, std::move(words)};
}

bool is_id(std::string_view text) {
    return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-';
    });
}

bool is_sha256(std::string_view text) {
    return text.size() == 64 &&
           text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool is_blank(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x80 && std::isalnum(byte) == 0;
    });
}

/// "none", "n/a" and their like: a field that was filled in to get past it.
bool says_nothing(std::string_view text) {
    constexpr std::array nothing{"none", "no",   "na",      "nil", "null",    "nothing",
                                 "tbd",  "todo", "unknown", "x",   "noimpact"};
    std::string bare;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x80 || std::isalnum(byte) != 0) bare += static_cast<char>(std::tolower(byte));
    }
    return std::find(nothing.begin(), nothing.end(), bare) != nothing.end();
}

bool is_clean(std::string_view text) {
    return std::none_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7f;
    });
}

Result<void> check_words(const BypassRequest& request) {
    struct Said {
        std::string_view name;
        const std::string& text;
        std::string_view why;
    };
    const std::array all{
        Said{
            "user impact", request.impact,
            "a bypass is for critical fixes that users feel; in all other cases the gate's finding "
            "is fixed first"},
        Said{"reason", request.reason, "approvers must know why the gate should be passed by"},
        Said{"incident", request.incident, "a bypass is for an incident that is under way"},
        Said{"suite", request.suite, "a bypass is bound to one suite"},
        Said{"environment", request.environment, "a bypass is bound to one environment"},
        Said{"requester", request.requester, "somebody must ask for it"}};
    for (const auto& each : all) {
        if (is_blank(each.text)) {
            return refused(base::format("the request states no {}: {}", each.name, each.why));
        }
        if (each.text.size() > text_bytes_most) {
            return refused(
                base::format("the {} is longer than {} bytes", each.name, text_bytes_most));
        }
        if (!is_clean(each.text)) {
            return refused(base::format("the {} has control characters in it", each.name));
        }
    }
    if (!says_nothing(request.impact)) return {};
    return refused(base::format("the request states no user impact (\"{}\"): {}",
                                shown(request.impact), all.front().why));
}

Json binding_json(std::string_view text) {
    return text.empty() ? Json() : Json(text);
}

/// Text, or null for none.
Result<std::string> read_binding(const JsonFields& fields, std::string_view key) {
    if (fields.is_null(key)) return std::string();
    return fields.text(key);
}

std::string_view type_of(AnswerKind kind) noexcept {
    return kind == AnswerKind::approval ? bypass_approval_type : bypass_revocation_type;
}

Result<void> check_type(const Envelope& envelope, std::string_view wanted) {
    if (envelope.payload_type == wanted) return {};
    return refused(
        base::format("it holds \"{}\", not \"{}\"", shown(envelope.payload_type), wanted));
}

Result<BypassRequest> read_request(std::string_view text) {
    TRY(const auto json, parse_strict_json(text));
    TRY(const auto fields, JsonFields::of(json, "request"));
    BypassRequest request;
    TRY(request.id, fields.text("id"));
    TRY(request.suite, fields.text("suite"));
    TRY(request.environment, fields.text("environment"));
    TRY(request.commit, read_binding(fields, "commit"));
    TRY(request.artefact, read_binding(fields, "artefact_sha256"));
    TRY(request.reason, fields.text("reason"));
    TRY(request.incident, fields.text("incident"));
    TRY(request.impact, fields.text("user_impact"));
    TRY(request.requester, fields.text("requester"));
    TRY(request.created, fields.time("created"));
    TRY(request.expires, fields.time("expires"));
    TRY(request.uses, fields.whole("uses"));
    return request;
}

Result<BypassAnswer> read_answer(std::string_view text) {
    TRY(const auto json, parse_strict_json(text));
    TRY(const auto fields, JsonFields::of(json, "answer"));
    BypassAnswer answer;
    TRY(answer.request_id, fields.text("request_id"));
    TRY(answer.request_sha256, fields.text("request_sha256"));
    TRY(answer.person, fields.text("person"));
    TRY(answer.at, fields.time("at"));
    TRY(answer.comment, fields.text("comment"));
    if (!is_sha256(answer.request_sha256)) {
        return fields.error("request_sha256", "is not a SHA-256 of 64 hexadecimal digits");
    }
    return answer;
}

}  // namespace

Result<void> check_request(const BypassRequest& request) {
    if (!is_id(request.id)) {
        return refused("the request's id is not of letters, digits and \"-\" alone");
    }
    TRY_VOID(check_words(request));
    if (request.commit.empty() && request.artefact.empty()) {
        return refused(
            "the request is bound to nothing: name the commit or the artefact's digest that it is "
            "for");
    }
    if (!request.artefact.empty() && !is_sha256(request.artefact)) {
        return refused("the request's artefact is not a SHA-256 of 64 hexadecimal digits");
    }
    if (request.commit.size() > 200 || !is_clean(request.commit) ||
        (!request.commit.empty() && is_blank(request.commit))) {
        return refused("the request's commit is none");
    }
    if (request.expires <= request.created) {
        return refused("the request expires before it begins");
    }
    if (request.uses < 1 || request.uses > uses_most) {
        return refused(
            base::format("the request asks for {} uses: 1 to {}", request.uses, uses_most));
    }
    return {};
}

std::string encode(const BypassRequest& request) {
    return base::write_json(Json{{"id", request.id},
                                 {"suite", request.suite},
                                 {"environment", request.environment},
                                 {"commit", binding_json(request.commit)},
                                 {"artefact_sha256", binding_json(request.artefact)},
                                 {"reason", request.reason},
                                 {"incident", request.incident},
                                 {"user_impact", request.impact},
                                 {"requester", request.requester},
                                 {"created", record::to_text(request.created)},
                                 {"expires", record::to_text(request.expires)},
                                 {"uses", request.uses}});
}

std::string encode(const BypassAnswer& answer) {
    return base::write_json(Json{{"request_id", answer.request_id},
                                 {"request_sha256", answer.request_sha256},
                                 {"person", answer.person},
                                 {"at", record::to_text(answer.at)},
                                 {"comment", answer.comment}});
}

Result<BypassRequest> decode_bypass_request(std::string_view text) {
    auto request = read_request(text);
    if (!request.ok()) return base::within("reading a bypass request", request.error());
    return request;
}

Result<BypassAnswer> decode_bypass_answer(std::string_view text) {
    auto answer = read_answer(text);
    if (!answer.ok()) return base::within("reading an answer to a bypass request", answer.error());
    return answer;
}

Result<Envelope> seal(const BypassRequest& request, const PrivateKey& key) {
    TRY_VOID(check_request(request));
    return signed_envelope(bypass_request_type, encode(request), key);
}

Envelope seal(AnswerKind kind, const BypassAnswer& answer, const PrivateKey& key) {
    return signed_envelope(type_of(kind), encode(answer), key);
}

Result<BypassRequest> open_bypass_request(const Envelope& envelope) {
    TRY_VOID(check_type(envelope, bypass_request_type));
    return decode_bypass_request(envelope.payload);
}

Result<BypassAnswer> open_bypass_answer(AnswerKind kind, const Envelope& envelope) {
    TRY_VOID(check_type(envelope, type_of(kind)));
    return decode_bypass_answer(envelope.payload);
}

}  // namespace weir::attest
