#include "meter/sample_lines.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <iterator>
#include <string_view>

#include "base/format.h"
#include "base/json.h"
#include "meter/http_totals.h"
#include "meter/registry.h"
#include "record/wall_text.h"

namespace weir::meter {
namespace {

/// The tags that have a column of their own, in k6's order.
constexpr std::array<std::string_view, 14> columns = {
    "check",       "error", "error_code", "expected_response", "group",  "method",
    "name",        "proto", "scenario",   "service",           "status", "subproto",
    "tls_version", "url"};

/// RFC 4180: a field with a comma, a quote or a line end is quoted, its quotes doubled.
void append_field(std::string& out, std::string_view field) {
    if (field.find_first_of(",\"\r\n") == std::string_view::npos) {
        out += field;
        return;
    }
    out += '"';
    for (const char c : field) {
        if (c == '"') out += '"';
        out += c;
    }
    out += '"';
}

bool has_column(std::string_view tag) {
    return std::find(columns.begin(), columns.end(), tag) != columns.end();
}

}  // namespace

void append_points(std::vector<Point>& points, const record::HttpSample& sample) {
    const auto put = [&points](Builtin metric, double value) {
        points.push_back({id_of(metric), value});
    };
    put(Builtin::http_reqs, 1);
    put(Builtin::http_req_duration, base::to_ms(duration_of(sample)));
    put(Builtin::http_req_blocked, base::to_ms(sample.blocked));
    put(Builtin::http_req_connecting, base::to_ms(sample.connecting));
    put(Builtin::http_req_tls_handshaking, base::to_ms(sample.tls_handshaking));
    put(Builtin::http_req_sending, base::to_ms(sample.sending));
    put(Builtin::http_req_waiting, base::to_ms(sample.waiting));
    put(Builtin::http_req_receiving, base::to_ms(sample.receiving));
    if (sample.judged) put(Builtin::http_req_failed, sample.expected ? 0 : 1);
    put(Builtin::data_sent, static_cast<double>(sample.bytes_sent));
    put(Builtin::data_received, static_cast<double>(sample.bytes_received));
    put(Builtin::weir_response_time, base::to_ms(sample.response_time()));
    put(Builtin::weir_service_time, base::to_ms(sample.service_time()));
}

namespace json_lines {

std::string metric(const record::MetricSpec& spec) {
    return base::format(R"({{"type":"Metric","data":{{"name":"{0}","type":"{1}","contains":"{2}",)"
                        R"("thresholds":[],"submetrics":null}},"metric":"{0}"}})"
                        "\n",
                        spec.name, word_of(spec.type), word_of(spec.contains));
}

std::string tags(const record::Tags& tags) {
    if (tags.empty()) return "null";
    base::Json json = base::Json::object();
    for (const auto& [key, value] : tags.pairs()) json[key] = value;
    return base::write_json(json);
}

void append_point(std::string& out,
                  const record::MetricSpec& spec,
                  base::WallTime at,
                  double value,
                  const std::string& rendered_tags) {
    fmt::format_to(std::back_inserter(out),
                   R"({{"metric":"{}","type":"Point","data":{{"time":"{}","value":{},"tags":{}}}}})"
                   "\n",
                   spec.name, record::to_text(at), value, rendered_tags);
}

}  // namespace json_lines

namespace csv_lines {

std::string header() {
    std::string line = "metric_name,timestamp,metric_value";
    for (const auto column : columns) line.append(",").append(column);
    return line + ",extra_tags,metadata\n";
}

std::string tags(const record::Tags& tags) {
    std::string text;
    for (const auto column : columns) {
        text += ',';
        if (const std::string* value = tags.find(column)) append_field(text, *value);
    }
    std::string extra;
    for (const auto& [key, value] : tags.pairs()) {
        if (has_column(key)) continue;
        if (!extra.empty()) extra += '&';
        extra.append(key).append("=").append(value);
    }
    text += ',';
    append_field(text, extra);
    return text + ",\n";  // no metadata
}

void append_point(std::string& out,
                  const record::MetricSpec& spec,
                  base::WallTime at,
                  double value,
                  const std::string& rendered_tags) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
    fmt::format_to(std::back_inserter(out), "{},{},{:.6f}{}", spec.name, seconds, value,
                   rendered_tags);
}

}  // namespace csv_lines

}  // namespace weir::meter
