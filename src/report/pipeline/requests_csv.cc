#include "report/pipeline/requests_csv.h"

#include <array>

#include "base/format.h"
#include "report/document/request_rows.h"
#include "report/document/rounding.h"
#include "report/junit.h"

namespace weir::report {
namespace {

constexpr std::array quantiles{0.5, 0.75, 0.9, 0.95, 0.99, 0.999};
constexpr std::array phases{"blocked", "connecting", "tls_handshaking",
                            "sending", "waiting",    "receiving"};

std::string number_field(double value) {
    return base::format("{}", rounded(value, read_digits));
}

std::string times_fields(const stats::Distribution& times) {
    constexpr std::size_t figures = 3 + quantiles.size();
    if (times.empty()) return std::string(figures, ',');
    std::string out = "," + number_field(times.mean()) + "," + number_field(times.min()) + "," +
                      number_field(times.max());
    for (const double q : quantiles) out += "," + number_field(times.quantile(q));
    return out;
}

std::string tags_text(const RequestRow& row) {
    std::string text;
    for (const auto& [key, value] : row.tags) {
        text += (text.empty() ? "" : "; ") + key + "=" + value;
    }
    return text;
}

std::string phase_field(const RequestRow& row, const char* phase) {
    for (const auto& each : row.phases) {
        if (each.name == phase && !each.times.empty()) return number_field(each.times.mean());
    }
    return {};
}

std::string line_of(const RequestRow& row) {
    std::string out = csv_field(row.journey) + "," + csv_field(row.request) + "," +
                      csv_field(row.group) + "," +
                      (row.side == record::Side::alone ? "" : std::string(word_of(row.side))) +
                      "," + csv_field(tags_text(row));
    out += base::format(",{},{},{},{},{},{}", row.count, row.failed, row.unfinished,
                        number_field(row.per_second), row.checks_passed, row.checks_failed);
    out += times_fields(row.response_time);
    for (const char* phase : phases) out += "," + phase_field(row, phase);
    return out + "\r\n";
}

}  // namespace

std::string csv_field(std::string_view text) {
    const std::string shown = xml_characters(text);
    if (shown.find_first_of(",\"\r\n") == std::string::npos) return shown;
    std::string out = "\"";
    for (const char c : shown) out += c == '"' ? std::string("\"\"") : std::string(1, c);
    return out + "\"";
}

std::string requests_csv(const record::RunRecord& record) {
    std::string out =
        "journey,request,group,side,tags,count,failed,unfinished,per_second,checks_passed,"
        "checks_failed,mean_ms,min_ms,max_ms,p50_ms,p75_ms,p90_ms,p95_ms,p99_ms,p99.9_ms";
    for (const char* phase : phases) out += base::format(",{}_mean_ms", phase);
    out += "\r\n";
    const auto rows = request_rows(record);
    for (std::size_t i = 1; i < rows.size(); ++i) out += line_of(rows[i]);
    return out;
}

}  // namespace weir::report
