#include "record/wall_text.h"
#include "report/document/parts.h"
#include "report/document/rounding.h"

namespace weir::report {
namespace {

using base::Json;

/// To the millisecond.
std::string time_text(base::WallTime wall) {
    constexpr std::size_t to_milliseconds = 23;
    return record::to_text(wall).substr(0, to_milliseconds) + "Z";
}

/// A path of the machine that it ran on says nothing elsewhere: of an absolute one, the name.
std::string script_of(const std::string& script) {
    return script.starts_with('/') ? script.substr(script.rfind('/') + 1) : script;
}

void add(Json& json, const char* key, const std::string& text) {
    if (!text.empty()) json[key] = text;
}

Json versions_json(const record::Target& target) {
    Json list = Json::array();
    for (const auto& seen : target.seen) {
        Json json{{"version", seen.version},
                  {"instance", seen.instance},
                  {"firstSeenSeconds", seconds(seen.first_seen)},
                  {"answers", seen.answers}};
        if (seen.side != record::Side::alone) json["side"] = record::word_of(seen.side);
        list.push_back(std::move(json));
    }
    return list;
}

}  // namespace

Json run_json(const Material& material) {
    const auto& record = material.record;
    const auto& from = material.provenance;
    Json json{{"id", record.run_id}, {"weirVersion", record.weir_version}};
    add(json, "suite", from.suite);
    // A gate's script is made of its suite.
    json["script"] = script_of(from.config.empty() ? record.script : from.config);
    add(json, "environment", record.target.environment);
    add(json, "baseUrl", record.target.base_url);
    json["started"] = time_text(record.started);
    json["durationSeconds"] = seconds(record.duration);
    json["seed"] = std::to_string(record.seed);
    add(json, "load", from.load);
    json["ending"] = {{"kind", word_of(record.ending.kind)}, {"words", record.ending.words}};
    add(json, "commit", from.commit);
    add(json, "branch", from.branch);
    add(json, "artefact", from.artefact);
    if (is_web_address(from.pipeline_url)) json["pipelineUrl"] = from.pipeline_url;
    if (from.attempt > 0) json["attempt"] = from.attempt;
    json["versions"] = versions_json(record.target);
    return json;
}

Json verdict_json(const Material& material) {
    return {{"kind", verdict_word(material)},
            {"allowed", material.decision.allow},
            {"sentence", material.decision.sentence},
            {"reasons", material.verdict.reasons}};
}

Json baseline_json(const Material& material) {
    Json json{{"runs", material.baseline_runs}, {"words", material.baseline_words}};
    if (const auto& good = material.provenance.last_good) {
        json["lastGood"] = {{"id", good->run_id}};
        add(json["lastGood"], "commit", good->commit);
        json["lastGood"]["started"] = time_text(good->started);
    }
    json["changes"] = Json::array();
    for (const auto& each : material.changes) {
        Json change{{"journey", each.journey},
                    {"request", each.request},
                    {"figure", word_of(each.figure)},
                    {"runs", each.runs},
                    {"usualMs", number(each.usual_ms)},
                    {"expectedMs", {number(each.expected.low), number(each.expected.high)}},
                    {"limitMs", number(each.limit_ms)}};
        if (each.now_ms) change["nowMs"] = number(*each.now_ms);
        change["word"] = word_of(each.word);
        json["changes"].push_back(std::move(change));
    }
    return json;
}

}  // namespace weir::report
