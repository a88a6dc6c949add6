#include "report/live/live_view.h"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>

#include "base/display.h"
#include "base/format.h"
#include "base/units.h"
#include "report/figures.h"

namespace weir::report {
namespace {

using record::FindingState;

enum class Tone : std::uint8_t { plain, bold, dim, good, bad, doubtful };

struct Span {
    std::string text;
    Tone tone = Tone::plain;
};
using Line = std::vector<Span>;

std::string_view code_of(Tone tone) {
    switch (tone) {
        case Tone::bold:
            return "1";
        case Tone::dim:
            return "2";
        case Tone::good:
            return "32";
        case Tone::bad:
            return "31";
        case Tone::doubtful:
            return "33";
        case Tone::plain:
            break;
    }
    return {};
}

struct Glyphs {
    std::string_view held, missed, undecided, full, empty, dot, cut;
};
constexpr Glyphs pretty{"✓", "✗", "?", "█", "░", " · ", "…"};
constexpr Glyphs simple{"+", "x", "?", "#", "-", " - ", "~"};

std::string span_text(base::Nanos span) {
    return base::write_duration(std::chrono::duration_cast<std::chrono::seconds>(span));
}

std::string share_text(std::uint64_t part, std::uint64_t whole) {
    if (whole == 0) return "0 %";
    return base::format("{:.2f} %", 100.0 * static_cast<double>(part) / static_cast<double>(whole));
}

std::size_t count_of(const std::vector<LiveRule>& rules, FindingState state) {
    return static_cast<std::size_t>(std::count_if(
        rules.begin(), rules.end(), [state](const auto& rule) { return rule.state == state; }));
}

class View {
public:
    View(const LiveState& state, const LiveStyle& style)
        : state_(state),
          style_(style),
          glyphs_(style.unicode ? pretty : simple),
          // Some terminals begin a new line when the last column is filled.
          columns_(style.size.columns > 1 ? style.size.columns - 1 : 0),
          rows_(style.size.rows > 1 ? style.size.rows - 1 : 0) {}

    std::vector<std::string> lines() {
        head();
        times();
        rules();
        if (!state_.note.empty() && lines_.size() < rows_) {
            add({{" " + base::inert_line(state_.note), Tone::dim}});
        }
        std::vector<std::string> out;
        for (const Line& line : lines_) {
            if (out.size() >= rows_) break;
            out.push_back(painted(line));
        }
        return out;
    }

private:
    void add(Line line) { lines_.push_back(std::move(line)); }

    /// Text of others may be anything; ours is chosen to fit the locale.
    std::string shown(std::string_view foreign) const {
        const std::string inert = base::inert_line(foreign);
        return style_.unicode ? inert : base::ascii(inert);
    }

    /// Spans one after the other, as far as they fit.
    std::string painted(const Line& line) const {
        std::string out;
        std::size_t room = columns_;
        for (const Span& span : line) {
            std::string text = base::fit(span.text, room, glyphs_.cut);
            const bool cut = text != span.text;
            room -= base::display_width(text);
            const auto code = style_.colors ? code_of(span.tone) : std::string_view();
            out +=
                code.empty() || text.empty() ? text : base::format("\x1b[{}m{}\x1b[0m", code, text);
            if (cut) break;
        }
        return out;
    }

    void head() {
        const LiveCounts& counts = state_.counts;
        if (!state_.title.empty() && rows_ > 4) add({{shown(state_.title), Tone::bold}});
        add(clock(counts));
        const bool behind = state_.started_per_second < state_.due_per_second * 0.95;
        Line journeys{{" journeys  ", Tone::dim},
                      {base::format("{:.1f}/s of {:.1f}/s due", state_.started_per_second,
                                    state_.due_per_second),
                       behind ? Tone::doubtful : Tone::plain},
                      {base::format("{}{} done", glyphs_.dot, counts.done)}};
        if (counts.dropped > 0) {
            journeys.push_back(
                {base::format("{}{} dropped", glyphs_.dot, counts.dropped), Tone::bad});
        }
        if (counts.threw > 0) {
            journeys.push_back({base::format("{}{} threw", glyphs_.dot, counts.threw), Tone::bad});
        }
        journeys.push_back({base::format("{}{} of {} users busy", glyphs_.dot, counts.users_active,
                                         counts.users)});
        add(std::move(journeys));
        Line requests{
            {" requests  ", Tone::dim},
            {base::format("{:.1f}/s{}{} in all", state_.requests_per_second, glyphs_.dot,
                          state_.requests)},
            {base::format("{}{} failed ({})", glyphs_.dot, state_.failed,
                          share_text(state_.failed, state_.requests)),
             state_.failed_lately > 0 ? Tone::bad
                                      : (state_.failed > 0 ? Tone::doubtful : Tone::plain)}};
        add(std::move(requests));
    }

    Line clock(const LiveCounts& counts) const {
        const base::Nanos planned = counts.planned;
        std::string words = span_text(counts.elapsed) + " gone";
        if (planned > base::Nanos{}) {
            words += counts.elapsed < planned
                         ? base::format(", {} left", span_text(planned - counts.elapsed))
                         : ", waiting for the last answers";
        }
        constexpr std::size_t bar_most = 40;
        constexpr std::size_t bar_least = 8;
        const std::size_t width = base::display_width(words) + 4;
        if (planned <= base::Nanos{} || columns_ < width + bar_least) return {{" " + words}};
        const std::size_t bar = std::min(bar_most, columns_ - width);
        const double share =
            std::clamp(base::to_seconds(counts.elapsed) / base::to_seconds(planned), 0.0, 1.0);
        const auto full = static_cast<std::size_t>(std::lround(share * static_cast<double>(bar)));
        std::string gone;
        std::string left;
        for (std::size_t i = 0; i < bar; ++i) (i < full ? gone : left) += piece(i < full);
        return {{" "}, {gone, Tone::good}, {left, Tone::dim}, {"  " + words}};
    }
    std::string_view piece(bool full) const { return full ? glyphs_.full : glyphs_.empty; }

    void times() {
        if (state_.whole.count == 0) return;
        add({{base::format(" {:<16}{:>10}{:>10}{:>10}", "response time", "p50", "p95", "p99"),
              Tone::dim}});
        if (state_.recent.count > 0) {
            times_row(base::format("last {}", span_text(state_.lately)), state_.recent);
        }
        times_row("whole run", state_.whole);
        for (const auto& part : state_.parts) times_row(part.name, part.times);
    }

    void times_row(const std::string& name, const LiveTimes& times) {
        Line line{{" " + base::padded(shown(name), 16)}};
        for (const double ms : {times.p50, times.p95, times.p99}) {
            const std::string text = time_text(ms);
            const std::size_t width = base::display_width(text);
            line.push_back({std::string(width < 10 ? 10 - width : 1, ' ') + text});
        }
        add(std::move(line));
    }

    std::string time_text(double ms) const {
        const std::string text = duration_text(ms, "");
        return style_.unicode ? text : base::ascii(text);
    }

    /// Missed ones first when there is no room for all.
    void rules() {
        const std::size_t note = state_.note.empty() ? 0 : 1;
        const std::size_t used = lines_.size() + note;
        const std::size_t room = used < rows_ ? rows_ - used : 0;
        std::vector<const LiveRule*> chosen;
        for (const auto& rule : state_.rules) chosen.push_back(&rule);
        if (chosen.size() > room) {
            std::stable_sort(chosen.begin(), chosen.end(), [](const auto* a, const auto* b) {
                return urgency(*a) < urgency(*b);
            });
            chosen.resize(room == 0 ? 0 : room - 1);
        }
        const std::size_t figures = widest_figure(chosen);
        for (const LiveRule* rule : chosen) rule_line(*rule, figures);
        if (chosen.size() < state_.rules.size() && room > 0) rest_line(chosen);
    }

    static int urgency(const LiveRule& rule) {
        if (rule.state == FindingState::missed) return 0;
        return rule.state == FindingState::undecided ? 1 : 2;
    }

    std::size_t widest_figure(const std::vector<const LiveRule*>& rules) const {
        std::size_t widest = 0;
        for (const auto* rule : rules) {
            widest = std::max(widest, base::display_width(shown(rule->figure)));
        }
        return widest;
    }

    void rule_line(const LiveRule& rule, std::size_t figures) {
        const auto [mark, tone] = mark_of(rule.state);
        constexpr std::size_t around = 5;  // blank, mark, blank, and two before the figure
        constexpr std::size_t text_least = 12;
        const std::string text = shown(rule.text);
        if (rule.figure.empty() || columns_ < figures + around + text_least) {
            add({{" "}, {std::string(mark), tone}, {" " + text}});
            return;
        }
        const std::size_t width = std::min(columns_ - figures - around, text_width());
        add({{" "},
             {std::string(mark), tone},
             {" " + base::padded(base::fit(text, width, glyphs_.cut), width) + "  "},
             {shown(rule.figure), rule.state == FindingState::missed ? Tone::bad : Tone::plain}});
    }

    std::size_t text_width() const {
        std::size_t widest = 0;
        for (const auto& rule : state_.rules) {
            widest = std::max(widest, base::display_width(shown(rule.text)));
        }
        return widest;
    }

    std::pair<std::string_view, Tone> mark_of(FindingState state) const {
        switch (state) {
            case FindingState::held:
                return {glyphs_.held, Tone::good};
            case FindingState::missed:
                return {glyphs_.missed, Tone::bad};
            case FindingState::undecided:
                break;
        }
        return {glyphs_.undecided, Tone::doubtful};
    }

    void rest_line(const std::vector<const LiveRule*>& shown_rules) {
        std::vector<LiveRule> rest;
        for (const auto& rule : state_.rules) {
            const bool there =
                std::find(shown_rules.begin(), shown_rules.end(), &rule) != shown_rules.end();
            if (!there) rest.push_back(rule);
        }
        add({{base::format("   and {} more: {} {} {} {} {} {}", rest.size(), glyphs_.missed,
                           count_of(rest, FindingState::missed), glyphs_.undecided,
                           count_of(rest, FindingState::undecided), glyphs_.held,
                           count_of(rest, FindingState::held)),
              Tone::dim}});
    }

    const LiveState& state_;
    const LiveStyle& style_;
    const Glyphs& glyphs_;
    std::size_t columns_;
    std::size_t rows_;
    std::vector<Line> lines_;
};

}  // namespace

std::vector<std::string> live_lines(const LiveState& state, const LiveStyle& style) {
    return View(state, style).lines();
}

std::string live_log_line(const LiveState& state) {
    const LiveCounts& counts = state.counts;
    std::string line = "running " + span_text(counts.elapsed);
    if (counts.planned > base::Nanos{}) line += " of " + span_text(counts.planned);
    line += base::format(": {:.1f} of {:.1f} journeys/s, {:.1f} requests/s, {} of {} users busy",
                         state.started_per_second, state.due_per_second, state.requests_per_second,
                         counts.users_active, counts.users);
    if (state.recent.count > 0) {
        line +=
            base::format(", p50 {}, p95 {}, p99 {}", duration_text(state.recent.p50, ""),
                         duration_text(state.recent.p95, ""), duration_text(state.recent.p99, ""));
    }
    line += base::format(", {} failed ({}), {} dropped", state.failed,
                         share_text(state.failed, state.requests), counts.dropped);
    if (state.rules.empty()) return line;
    const std::size_t missed = count_of(state.rules, FindingState::missed);
    line += base::format("; {}: {} held, {} undecided, {} missed", state.rules_name,
                         count_of(state.rules, FindingState::held),
                         count_of(state.rules, FindingState::undecided), missed);
    bool first = true;
    for (const auto& rule : state.rules) {
        if (rule.state != FindingState::missed) continue;
        line += (std::exchange(first, false) ? " (" : ", ") + base::inert_line(rule.text);
    }
    return first ? line : line + ")";
}

}  // namespace weir::report
