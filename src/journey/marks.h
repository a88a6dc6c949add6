// Marks: what makes a gate's requests recognisable as synthetic, and each of them traceable.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "http/message.h"

namespace weir::journey {

/// Immutable during a run.
struct SyntheticMarks {
    /// "weir/0.1.0 (synthetic; run 01J…)"; a script's own User-Agent is replaced.
    std::string user_agent;
    std::string run_id;
    bool traceparent = true;
};

/// Adds to one hop: User-Agent and X-Weir-Run (the script's are replaced: operators filter by
/// them); baggage `synthetic=true,run=…` (appended to the script's own, W3C Baggage); traceparent
/// with fresh ids unless the script set its own. Sources: W3C Trace Context level 1 §3.2, W3C
/// Baggage §3.
void mark(http::Request& request, const SyntheticMarks& marks, base::Random& random);

/// The trace id in the request's traceparent: 32 hex digits, or "".
[[nodiscard]] std::string_view trace_id_of(const std::vector<http::Header>& headers);

}  // namespace weir::journey
