#include "report/document/document.h"

#include "report/document/parts.h"

namespace weir::report {

std::string report_json(const Material& material) {
    using base::Json;
    const auto& record = material.record;
    const auto& evidence = record.evidence;
    Json json{{"format", "weir.report"}, {"version", document_version}};
    json["run"] = run_json(material);
    json["verdict"] = verdict_json(material);
    json["findings"] = findings_json(material.verdict);
    json["signals"] = signals_json(material.verdict);
    json["baseline"] = baseline_json(material);
    json["timeline"] = timeline_json(record);
    json["requests"] = requests_json(record, request_rows(record));
    json["metrics"] = metrics_json(record);
    json["checks"] = checks_json(record);
    json["slowest"] = exchanges_json(evidence.slowest);
    json["failures"] = {{"total", evidence.failed_requests_total},
                        {"examples", exchanges_json(evidence.failed_requests)}};
    json["unfinished"] = {{"total", evidence.unfinished_total},
                          {"examples", unfinished_json(record)}};
    json["scriptFailures"] = {{"total", evidence.script_failures_total},
                              {"examples", script_failures_json(evidence)}};
    json["scenarios"] = scenarios_json(record);
    json["generator"] = generator_json(record);
    json["surroundings"] = surroundings_json(record);
    json["warnings"] = record.warnings;
    if (is_web_address(material.provenance.trace_url)) {
        json["traceUrl"] = material.provenance.trace_url;
    }
    return base::write_json(json) + "\n";
}

}  // namespace weir::report
