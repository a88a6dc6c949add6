#include "report/junit.h"

#include <algorithm>
#include <cstdint>
#include <sstream>

#include <pugixml.hpp>

#include "base/format.h"
#include "record/tags.h"
#include "record/wall_text.h"
#include "report/figures.h"
#include "report/pipeline/finding_words.h"
#include "report/verdict_text.h"

namespace weir::report {
namespace {

using record::Finding;
using record::FindingState;
using record::VerdictKind;

struct CodePoint {
    std::uint32_t value = 0;
    std::size_t bytes = 0;  // 0: these bytes are no UTF-8
};

/// The first code point, by RFC 3629, section 4: no overlong forms, no surrogates.
CodePoint first_of(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const std::uint32_t lead = byte(0);
    if (lead < 0x80) return {lead, 1};
    const std::size_t bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || text.size() < bytes) return {};
    std::uint32_t value = lead & (0xFFU >> (bytes + 1));
    for (std::size_t i = 1; i < bytes; ++i) {
        if ((byte(i) & 0xC0U) != 0x80U) return {};
        value = value << 6U | (byte(i) & 0x3FU);
    }
    const bool overlong = (bytes == 3 && value < 0x800) || (bytes == 4 && value < 0x10000);
    const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
    if (overlong || surrogate || value > 0x10FFFF) return {};
    return {value, bytes};
}

bool xml_holds(std::uint32_t point) {
    if (point < 0x20) return point == '\t' || point == '\n' || point == '\r';
    // From 0x7F on C1 controls are allowed but discouraged, and some readers stumble over them.
    return (point < 0x7F || point > 0x9F) && point != 0xFFFE && point != 0xFFFF;
}

void set(pugi::xml_node node, const char* name, std::string_view value) {
    node.append_attribute(name).set_value(xml_characters(value).c_str());
}

pugi::xml_node text_node(pugi::xml_node parent, const char* name, std::string_view text) {
    auto node = parent.append_child(name);
    node.text().set(xml_characters(text).c_str());
    return node;
}

/// What ended a test badly. `first_line` is what lists of tests show.
void mark(pugi::xml_node test,
          const char* how,
          std::string_view first_line,
          std::string_view text) {
    auto node = text_node(test, how, text);
    set(node, "message", first_line);
    if (std::string_view(how) != "skipped") set(node, "type", "weir");
}

std::string figures_of(const Finding& finding) {
    std::string text = finding.words;
    if (has_interval(finding) && !finding.about_baseline) {
        text += "\n99 % interval " + interval_text(finding);
    }
    if (finding.weak) {
        text += "\nweak: not decided at the gate's error level; the figure itself is taken";
    }
    if (finding.about_generator) text += "\nabout the generator, not about the service";
    return text;
}

bool is_about(const Finding& finding, const std::string& request) {
    return finding.request.empty() || finding.request == request;
}

/// What else is known of the requests of a condition that was not held.
std::string requests_of(const Material& material, const Finding& finding) {
    constexpr std::size_t answers_most = 3;
    std::string text;
    if (finding.about_generator) return text;
    for (const auto& change : material.changes) {
        const bool slower = change.word == record::BaselineWord::slower;
        if (slower && is_about(finding, change.request)) text += "\n" + change_text(change);
    }
    std::size_t answers = 0;
    for (const auto& each : material.record.evidence.slowest) {
        if (!is_about(finding, each.name) || ++answers > answers_most) continue;
        text += base::format("\nslow: `{}` took {}", record::shown_request(each.name),
                             duration_text(base::to_ms(each.response_time), ""));
        if (each.trace_id.empty()) continue;
        const auto link = trace_link(material, each.trace_id);
        text += ", trace " + (link.empty() ? each.trace_id : link);
    }
    return text;
}

/// What lists of tests show: the signal's words, and whose they are.
std::string with_who(const record::Signal& signal) {
    if (signal.who.empty()) return signal.words;
    return base::format("{} ({} should look)", signal.words, signal.who);
}

/// The reasons, one a line, and every signal with who should look.
std::string evidence_of(const record::Verdict& verdict) {
    std::string text;
    for (const auto& reason : verdict.reasons) text += "because " + reason + "\n";
    for (const auto& signal : verdict.signals) {
        text += base::format("{}: {}\n", signal.name, with_who(signal));
    }
    return text;
}

class SuiteWriter {
public:
    explicit SuiteWriter(const Material& material)
        : material_(material), record_(material.record), verdict_(material.verdict) {}

    std::string write() {
        auto suite = document_.append_child("testsuites").append_child("testsuite");
        properties(suite);
        trust(suite);
        for (const auto& finding : verdict_.findings) condition(suite, finding);
        for (const auto& signal : verdict_.signals) own_doing(suite, signal);
        if (verdict_.kind == VerdictKind::fail && failures_ == 0) {
            mark(test(suite, "weir", "the verdict"), "failure", first_reason(),
                 evidence_of(verdict_));
            ++failures_;
        }
        const auto words = report::verdict_text(record_, verdict_, material_.decision, {});
        text_node(suite, "system-out", words);
        count(suite);
        std::ostringstream out;
        document_.save(out, "  ", pugi::format_indent, pugi::encoding_utf8);
        return out.str();
    }

private:
    [[nodiscard]] std::string first_reason() const {
        return verdict_.reasons.empty() ? std::string(record::word_of(verdict_.kind))
                                        : verdict_.reasons.front();
    }

    pugi::xml_node test(pugi::xml_node suite, std::string_view about, std::string_view name) {
        auto node = suite.append_child("testcase");
        set(node, "classname", about);
        set(node, "name", name);
        ++tests_;
        return node;
    }

    void properties(pugi::xml_node suite) const {
        auto list = suite.append_child("properties");
        const auto add = [&](std::string_view name, std::string_view value) {
            auto node = list.append_child("property");
            set(node, "name", name);
            set(node, "value", value);
        };
        add("verdict", record::word_of(verdict_.kind));
        add("run", record_.run_id);
        add("environment", record_.target.environment);
        add("target", record_.target.base_url);
        for (const auto& version : verdict_.versions) add("version", version);
        add("weir", record_.weir_version);
    }

    /// An invalid run is nobody's failure: an error, with who should look.
    void trust(pugi::xml_node suite) {
        auto node = test(suite, "weir", "the measurement can be trusted");
        if (verdict_.kind != VerdictKind::invalid) return;
        mark(node, "error", first_reason(), evidence_of(verdict_));
        ++errors_;
    }

    void condition(pugi::xml_node suite, const Finding& finding) {
        const std::string about = finding.journey.empty() ? "conditions" : finding.journey;
        auto node = test(suite, about, finding.condition);
        std::string figures = figures_of(finding);
        if (finding.state == FindingState::held) {
            text_node(node, "system-out", figures);
            return;
        }
        figures += requests_of(material_, finding);
        if (verdict_.kind == VerdictKind::invalid) {
            mark(node, "error", "says nothing about the service: the run is invalid", figures);
            ++errors_;
        } else if (finding.state == FindingState::missed) {
            mark(node, "failure", finding.words, figures);
            ++failures_;
        } else {
            mark(node, "skipped", "undecided: " + finding.words, figures);
            ++skipped_;
        }
    }

    /// What the service did beside its conditions, such as not surviving the load.
    void own_doing(pugi::xml_node suite, const record::Signal& signal) {
        if (verdict_.kind != VerdictKind::fail || !signal.hard || !signal.against_service) return;
        mark(test(suite, "weir", signal.name), "failure", with_who(signal), signal.words);
        ++failures_;
    }

    void count(pugi::xml_node suite) const {
        const std::string where = record_.target.environment;
        set(suite, "name", where.empty() ? "weir gate" : "weir gate: " + where);
        set(suite, "tests", std::to_string(tests_));
        set(suite, "failures", std::to_string(failures_));
        set(suite, "errors", std::to_string(errors_));
        set(suite, "skipped", std::to_string(skipped_));
        set(suite, "time", base::format("{:.3f}", base::to_seconds(record_.duration)));
        // xs:dateTime without a fraction: Jenkins reads no more than that.
        set(suite, "timestamp", record::to_text(record_.started).substr(0, 19));
    }

    const Material& material_;
    const record::RunRecord& record_;
    const record::Verdict& verdict_;
    pugi::xml_document document_;
    std::uint32_t tests_ = 0;
    std::uint32_t failures_ = 0;
    std::uint32_t errors_ = 0;
    std::uint32_t skipped_ = 0;
};

}  // namespace

std::string xml_characters(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const auto point = first_of(text);
        if (point.bytes == 0) {
            out += "\xEF\xBF\xBD";
            text.remove_prefix(1);
            continue;
        }
        if (xml_holds(point.value)) {
            out += text.substr(0, point.bytes);
        } else {
            out += base::format("\\x{:02x}", point.value);
        }
        text.remove_prefix(point.bytes);
    }
    return out;
}

std::string junit_xml(const Material& material) {
    return SuiteWriter(material).write();
}

}  // namespace weir::report
