#include "gate/provenance.h"

#include <array>

#include "base/format.h"
#include "base/json.h"
#include "plan/json_reader.h"
#include "record/wall_text.h"

namespace weir::gate {
namespace {

using base::Json;
using base::Result;

constexpr std::string_view format_name = "weir-provenance";
constexpr int format_version = 1;

/// Members of one object; an absent one keeps its default.
class Members {
public:
    Members(const Json& json, std::string place) : json_(json), place_(std::move(place)) {}

    [[nodiscard]] const Json* find(const char* key) const {
        const auto found = json_.find(key);
        return found == json_.end() ? nullptr : &*found;
    }
    [[nodiscard]] std::string path(const char* key) const { return place_ + key; }

    Result<void> read(const char* key, std::string& into) const {
        if (const Json* value = find(key)) {
            TRY(into, plan::read_text(*value, path(key)));
        }
        return {};
    }
    Result<void> read(const char* key, std::uint32_t& into) const {
        if (const Json* value = find(key)) {
            TRY(into, plan::read_count(*value, path(key)));
        }
        return {};
    }
    Result<void> read(const char* key, std::uint64_t& into) const {
        if (const Json* value = find(key)) {
            TRY(into, plan::read_whole(*value, path(key)));
        }
        return {};
    }
    Result<void> read(const char* key, std::vector<std::string>& into) const {
        if (const Json* value = find(key)) {
            TRY(into, plan::read_texts(*value, path(key)));
        }
        return {};
    }
    /// Nothing when the member is absent.
    [[nodiscard]] Result<const Json*> object(const char* key) const {
        const Json* value = find(key);
        if (value == nullptr || value->is_object()) return value;
        return plan::wrong_type(path(key), "an object", *value);
    }

private:
    const Json& json_;
    std::string place_;
};

Result<void> read_kind(const Members& members, ResultKind& into) {
    std::string word;
    TRY_VOID(members.read("kind", word));
    for (const auto kind : {ResultKind::gate, ResultKind::run, ResultKind::duet}) {
        if (word != word_of(kind)) continue;
        into = kind;
        return {};
    }
    return base::Error{base::Code::invalid,
                       base::format("kind must be gate, run or duet, not \"{}\"", word)};
}

Result<void> read_lines(const Members& members, std::vector<std::uint32_t>& into) {
    const Json* list = members.find("condition_lines");
    if (list == nullptr) return {};
    if (!list->is_array()) return plan::wrong_type("condition_lines", "a list", *list);
    for (const auto& each : *list) {
        TRY(const auto line, plan::read_count(each, "condition_lines"));
        into.push_back(line);
    }
    return {};
}

Result<void> read_last_good(const Members& members, std::optional<LastGood>& into) {
    TRY(const Json* const json, members.object("last_good"));
    if (json == nullptr) return {};
    const Members inner(*json, "last_good.");
    LastGood good;
    std::string started;
    TRY_VOID(inner.read("run_id", good.run_id));
    TRY_VOID(inner.read("commit", good.commit));
    TRY_VOID(inner.read("started", started));
    TRY(good.started, record::wall_from_text(started));
    into = std::move(good);
    return {};
}

Result<void> read_bypass(const Members& members, std::optional<UsedBypass>& into) {
    TRY(const Json* const json, members.object("bypass"));
    if (json == nullptr) return {};
    const Members inner(*json, "bypass.");
    UsedBypass bypass;
    TRY_VOID(inner.read("id", bypass.id));
    TRY_VOID(inner.read("request_sha256", bypass.request_sha256));
    TRY_VOID(inner.read("requester", bypass.requester));
    TRY_VOID(inner.read("approvers", bypass.approvers));
    TRY_VOID(inner.read("reason", bypass.reason));
    TRY_VOID(inner.read("use", bypass.use));
    into = std::move(bypass);
    return {};
}

struct Text {
    const char* key;
    std::string Provenance::*member;
};
constexpr std::array texts{Text{"suite", &Provenance::suite},
                           Text{"config", &Provenance::config},
                           Text{"load", &Provenance::load},
                           Text{"commit", &Provenance::commit},
                           Text{"branch", &Provenance::branch},
                           Text{"artefact", &Provenance::artefact},
                           Text{"pipeline_url", &Provenance::pipeline_url},
                           Text{"trace_url", &Provenance::trace_url}};

Result<Provenance> read(const Json& json) {
    const Members members(json, "");
    Provenance provenance;
    TRY_VOID(read_kind(members, provenance.kind));
    for (const auto& each : texts) {
        TRY_VOID(members.read(each.key, provenance.*each.member));
    }
    TRY_VOID(members.read("attempt", provenance.attempt));
    TRY_VOID(read_lines(members, provenance.condition_lines));
    TRY_VOID(read_last_good(members, provenance.last_good));
    TRY_VOID(read_bypass(members, provenance.bypass));
    return provenance;
}

}  // namespace

std::string_view word_of(ResultKind kind) noexcept {
    switch (kind) {
        case ResultKind::gate:
            return "gate";
        case ResultKind::run:
            return "run";
        case ResultKind::duet:
            return "duet";
    }
    return "";
}

std::string encode(const Provenance& provenance) {
    Json json{
        {"format", format_name}, {"version", format_version}, {"kind", word_of(provenance.kind)}};
    for (const auto& each : texts) {
        if (!(provenance.*each.member).empty()) json[each.key] = provenance.*each.member;
    }
    if (provenance.attempt > 0) json["attempt"] = provenance.attempt;
    if (!provenance.condition_lines.empty()) json["condition_lines"] = provenance.condition_lines;
    if (const auto& good = provenance.last_good) {
        json["last_good"] = {{"run_id", good->run_id},
                             {"commit", good->commit},
                             {"started", record::to_text(good->started)}};
    }
    if (const auto& bypass = provenance.bypass) {
        json["bypass"] = {{"id", bypass->id},
                          {"request_sha256", bypass->request_sha256},
                          {"requester", bypass->requester},
                          {"approvers", bypass->approvers},
                          {"reason", bypass->reason},
                          {"use", bypass->use}};
    }
    return base::write_json(json, 2) + "\n";
}

Result<Provenance> decode_provenance(std::string_view text) {
    TRY(const auto json, base::parse_json(text));
    if (!json.is_object() || base::text_or(json, "format", "") != format_name ||
        base::number_or(json, "version", 0) != format_version) {
        return base::Error{
            base::Code::invalid,
            base::format("this is no provenance.json of version {}", format_version)};
    }
    return read(json);
}

}  // namespace weir::gate
