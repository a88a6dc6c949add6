// Slack: a notice as a message for an incoming webhook.
#pragma once

#include <string>

#include "notify/http_call.h"
#include "notify/notice.h"

namespace weir::notify {

/// `late`: it could not be told when it happened, so it says when that was. Source: Slack, "Sending
/// messages using incoming webhooks" and "Reference: blocks" (a section's text has 3000 characters
/// at most, a field 2000, a section ten fields); &, < and > are escaped as "Formatting text" says,
/// so that no text of ours mentions anybody.
[[nodiscard]] HttpCall slack_message(const Notice& notice, const std::string& webhook, bool late);

}  // namespace weir::notify
