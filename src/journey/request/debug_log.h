// Debug log: whole exchanges as text, for the option httpDebug.
#pragma once

#include <vector>

#include "http/session.h"

namespace weir::journey {

class Host;

/// To the run's log, one entry per hop; bodies only with httpDebug "full".
void log_hops(Host& host, const std::vector<http::Hop>& hops);

}  // namespace weir::journey
