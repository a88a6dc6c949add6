// Send: one Ask over the wire: guard and marks before each hop, a sample and evidence after it.
#pragma once

#include <vector>

#include "http/session.h"
#include "journey/request/ask.h"

namespace weir::journey {

class Host;

/// Sends and records. Parks the calling fiber; touches no script values. Never empty unless the
/// guard refused the very first hop (ask.refusal says so).
///
/// A sample's `due` is its start, but for the iteration's first request (or first batch): that
/// one's first hop was due earlier by as much as the iteration started late. Think time and the
/// script's own work before it are thus no part of its response time, a late start is.
[[nodiscard]] std::vector<http::Hop> send(Host& host, Ask& ask);

}  // namespace weir::journey
