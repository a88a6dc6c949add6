#include "notify/run_notices.h"

#include <algorithm>

#include "base/format.h"

namespace weir::notify {
namespace {

constexpr std::size_t reasons_most = 5;

Notice notice_of(const RunWindow& window, NoticeKind kind, base::WallTime at) {
    Notice notice;
    notice.kind = kind;
    notice.at = at;
    notice.suite = window.suite;
    notice.environment = window.environment;
    notice.run_id = window.run_id;
    return notice;
}

void add(Notice& notice, std::string_view name, const std::string& value) {
    if (!value.empty()) notice.facts.push_back({std::string(name), value});
}

Tone tone_of(record::VerdictKind kind) {
    switch (kind) {
        case record::VerdictKind::pass:
            return Tone::good;
        case record::VerdictKind::fail:
            return Tone::bad;
        case record::VerdictKind::invalid:
            break;
    }
    return Tone::warning;
}

}  // namespace

Notice started_notice(const RunWindow& window) {
    auto notice = notice_of(window, NoticeKind::run_started, window.start);
    notice.headline = base::format("a performance test starts: {} journeys against {}", window.load,
                                   window.base_url);
    add(notice, "commit", window.commit);
    return notice;
}

Notice verdict_notice(const RunWindow& window,
                      const record::RunRecord& record,
                      const record::Verdict& verdict,
                      std::string_view sentence,
                      base::WallTime at) {
    auto notice = notice_of(window, NoticeKind::verdict, at);
    notice.tone = tone_of(verdict.kind);
    notice.headline = base::format("{} — {}", record::word_of(verdict.kind), sentence);
    add(notice, "commit", window.commit);
    if (!record.target.seen.empty()) add(notice, "version", record.target.seen.front().version);
    if (verdict.kind == record::VerdictKind::pass) return notice;
    const auto told = std::min(verdict.reasons.size(), reasons_most);
    for (std::size_t i = 0; i < told; ++i) add(notice, "because", verdict.reasons[i]);
    if (told < verdict.reasons.size()) {
        add(notice, "and", base::format("{} more reasons", verdict.reasons.size() - told));
    }
    return notice;
}

Notice failed_notice(const RunWindow& window, std::string_view why, base::WallTime at) {
    auto notice = notice_of(window, NoticeKind::verdict, at);
    notice.tone = Tone::warning;
    notice.headline = "the run ended without a verdict";
    add(notice, "because", std::string(why));
    return notice;
}

}  // namespace weir::notify
