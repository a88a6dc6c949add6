// Reads what a target says of itself in Prometheus' text format.
#pragma once

#include <string_view>

#include "record/surroundings.h"

namespace weir::app {

/// The standard names of client libraries and node_exporter; what is absent or no number stays 0,
/// lines that cannot be read are passed over. Source: prometheus.io/docs/instrumenting,
/// "Text-based format" 0.0.4 and "Standard and runtime collectors".
[[nodiscard]] record::TargetReading read_metrics(std::string_view text, base::Nanos at);

}  // namespace weir::app
