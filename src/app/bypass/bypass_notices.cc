#include "app/bypass/bypass_notices.h"

#include "base/format.h"

namespace weir::app {
namespace {

using notify::NoticeKind;
using notify::Tone;

Tone tone_of(NoticeKind kind) {
    switch (kind) {
        case NoticeKind::bypass_refused:
        case NoticeKind::bypass_used:
        case NoticeKind::debt:
            return Tone::warning;
        case NoticeKind::debt_cleared:
            return Tone::good;
        default:
            return Tone::plain;
    }
}

}  // namespace

notify::Notice notice_of(NoticeKind kind,
                         const report::BypassLine& bypass,
                         std::string_view what,
                         base::WallTime now) {
    notify::Notice notice;
    notice.kind = kind;
    notice.tone = tone_of(kind);
    notice.at = now;
    notice.suite = bypass.suite;
    notice.environment = bypass.environment;
    notice.headline = base::format("bypass {}: {}", bypass.id, what);
    const auto say = [&notice](const char* name, const std::string& value) {
        if (!value.empty()) notice.facts.push_back({name, value});
    };
    say("commit", bypass.commit);
    say("artefact", bypass.artefact.empty() ? "" : "sha256:" + bypass.artefact);
    say("asked by", bypass.requester);
    std::string approvers;
    for (const auto& each : bypass.approvers) approvers += (approvers.empty() ? "" : ", ") + each;
    say("approved by", approvers);
    say("impact", bypass.impact);
    say("incident", bypass.incident);
    say("reason", bypass.reason);
    return notice;
}

notify::Notice notice_of(NoticeKind kind, const gate::Debt& debt, base::WallTime now) {
    notify::Notice notice;
    notice.kind = kind;
    notice.tone = tone_of(kind);
    notice.at = now;
    notice.suite = debt.suite;
    notice.environment = debt.environment;
    notice.headline =
        (kind == NoticeKind::debt_cleared ? "cleared: " : "") + report::debt_text(debt);
    notice.run_id = debt.run_id;
    return notice;
}

}  // namespace weir::app
