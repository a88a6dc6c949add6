// Debug log: whole exchanges as text, for the option httpDebug.
#pragma once

#include <vector>

#include "http/session.h"

namespace weir::journey {

class Host;
struct Ask;

/// To the run's log: one entry for a request with all its hops, so that those of other users do not
/// come between them; bodies only with httpDebug "full".
void log_hops(Host& host, const Ask& ask, const std::vector<http::Hop>& hops);

}  // namespace weir::journey
