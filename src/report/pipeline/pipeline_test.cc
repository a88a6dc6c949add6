#include <algorithm>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "report/pipeline/annotations.h"
#include "report/pipeline/finding_words.h"
#include "report/pipeline/markdown_text.h"
#include "report/pipeline/requests_csv.h"
#include "report/pipeline/summary_markdown.h"

namespace weir::report {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// A blocked run of one condition, with this name of a request everywhere.
struct Blocked {
    explicit Blocked(const std::string& name) {
        record::Finding finding;
        finding.condition = "98 % of `" + name + "` under 2s";
        finding.state = record::FindingState::missed;
        finding.value = 0.9;
        finding.limit = 0.98;
        finding.samples = 750;
        finding.interval = {0.87, 0.92};
        finding.words = "90 % of `" + name + "`, 98 % is asked";
        finding.request = name;
        material.verdict.kind = record::VerdictKind::fail;
        material.verdict.reasons = {finding.condition + ": " + finding.words};
        material.verdict.findings = {finding};
        material.decision = gate::decide(material.verdict);
        material.provenance.kind = gate::ResultKind::gate;
        material.provenance.config = "weir.toml";
        material.provenance.condition_lines = {12};
        record.evidence.slowest.emplace_back();
        record.evidence.slowest.back().name = name;
        record.evidence.slowest.back().trace_id = name;
        material.changes = {{.journey = name,
                             .request = name,
                             .usual_ms = 1,
                             .expected = {0.5, 2},
                             .now_ms = 9,
                             .word = record::BaselineWord::slower}};
    }
    record::RunRecord record;
    Material material{.record = record, .verdict = {}, .decision = {}};
};

/// The cells that GitHub's Markdown divides a table's line into.
std::size_t cells_of(std::string_view line) {
    std::size_t bars = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i] == '\\') {
            ++i;
        } else if (line[i] == '|') {
            ++bars;
        }
    }
    return bars - 1;
}

TEST(Markdown, TextStaysText) {
    EXPECT_EQ(markdown_text("a | b"), "a &#124; b");
    EXPECT_EQ(markdown_text("<img src=x>"), "&#60;img src=x&#62;");
    EXPECT_EQ(markdown_text("`code` *b* [l](u) a_b"), "\\`code\\` \\*b\\* \\[l\\](u) a\\_b");
    EXPECT_EQ(markdown_text("&lt;"), "&#38;lt;");
    EXPECT_EQ(markdown_text("two\nlines\r\n"), "two lines  ");
    EXPECT_EQ(markdown_text("@team"), "@\xE2\x80\x8Bteam");
    EXPECT_EQ(markdown_text("\xFF größe"), "\xEF\xBF\xBD größe");
}

TEST(Markdown, CodeHoldsAnyName) {
    EXPECT_EQ(markdown_code("dashboard"), "`dashboard`");
    EXPECT_EQ(markdown_code("/a/<b>?c=d&e"), "<code>/a/&#60;b&#62;?c=d&#38;e</code>");
    EXPECT_EQ(markdown_code("https://x/?a=1#b_c"), "`https://x/?a=1#b_c`");
    EXPECT_EQ(markdown_code("a|b"), "<code>a&#124;b</code>");
    EXPECT_EQ(markdown_code("``"), "<code>&#96;&#96;</code>");
    EXPECT_EQ(markdown_code("a\\"), "<code>a&#92;</code>");
    EXPECT_EQ(markdown_code(" "), "<code> </code>");
    EXPECT_EQ(markdown_code(""), "<code></code>");
}

TEST(Markdown, LinksLeadToTheWebAlone) {
    EXPECT_EQ(markdown_link("trace", "https://t.example/a?b=1&c=(2)"),
              "[trace](https://t.example/a?b=1&#38;c=%282%29)");
    EXPECT_EQ(markdown_link("trace", "javascript:x"), "trace");
}

TEST(Markdown, TablesKeepTheirShapeWhateverNamesThereAre) {
    for (const std::string name : {"page", "a|b", "a\\|b", "`", "``|``", "<script>", "a\nb | c |",
                                   "\\", "</code>|", "\xFF|", "$x|y$", "@org/team"}) {
        const Blocked blocked(name);
        std::istringstream summary(summary_markdown(blocked.material));
        std::size_t columns = 0;
        int tables = 0;
        for (std::string line; std::getline(summary, line);) {
            if (!line.starts_with("|")) {
                columns = 0;
                continue;
            }
            if (columns == 0) {
                columns = cells_of(line);
                ++tables;
            }
            EXPECT_EQ(cells_of(line), columns) << name << ": " << line;
            EXPECT_THAT(line, Not(HasSubstr("<script")));
        }
        EXPECT_EQ(tables, 2);
    }
}

TEST(Markdown, SaysWhatWhyAndSinceWhen) {
    Blocked blocked("page");
    blocked.material.provenance.last_good =
        gate::LastGood{.run_id = "r1", .commit = "9d41", .started = {}};
    blocked.material.verdict.signals = {
        {.name = "died", .against_service = true, .words = "gone", .who = "the developers"}};
    const auto summary = summary_markdown(blocked.material);
    EXPECT_THAT(summary, HasSubstr("### ❌ fail: deployment blocked: the service does not keep"));
    EXPECT_THAT(summary, HasSubstr("| 90.00 % | 98.00 % | 87.00 to 92.00 % | 750 |"));
    EXPECT_THAT(summary,
                HasSubstr("| `page` | median | 9ms (+800 %) | 1ms | 500µs to 2ms | slower"));
    EXPECT_THAT(summary, HasSubstr("Last known to be good: run `r1`, commit `9d41`"));
    EXPECT_THAT(summary, HasSubstr("**Who should look:** the developers."));
}

TEST(Markdown, LongListsAreCutAndItIsSaid) {
    Blocked blocked("page");
    auto& findings = blocked.material.verdict.findings;
    findings.assign(5000, record::Finding(findings.front()));
    blocked.material.verdict.reasons.assign(5000, std::string(100'000, '|'));
    blocked.material.changes.assign(5000, record::BaselineChange(blocked.material.changes.front()));
    const auto summary = summary_markdown(blocked.material);
    EXPECT_LT(summary.size(), 300'000U);
    EXPECT_THAT(summary, HasSubstr("… and 4940 more"));
}

TEST(GitHub, AMissedConditionIsAnErrorAtItsLine) {
    const auto text = github_annotations(Blocked("a, b: 100 %").material);
    EXPECT_THAT(text, HasSubstr("::error title=performance gate%3A fail::deployment blocked: the "
                                "service does not keep its conditions%0Abecause "));
    EXPECT_THAT(text, HasSubstr("::error file=weir.toml,line=12,title=98 %25 of `a%2C b%3A 100 "
                                "%25` under 2s::missed: 90 %25 of `a, b: 100 %25`, 98 %25 is asked "
                                "(99 %25 interval 87.00 to 92.00 %25)\n"));
}

TEST(GitHub, NoNameBeginsACommand) {
    const auto text = github_annotations(Blocked("x\r\n::stop-commands::pause").material);
    std::istringstream lines(text);
    int commands = 0;
    for (std::string line; std::getline(lines, line); ++commands) {
        EXPECT_TRUE(line.starts_with("::error ")) << line;
    }
    EXPECT_EQ(commands, 2);
}

TEST(GitHub, NoMoreThanAStepShows) {
    Blocked blocked("page");
    auto& findings = blocked.material.verdict.findings;
    findings.assign(40, record::Finding(findings.front()));
    const auto text = github_annotations(blocked.material);
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 10);
}

TEST(GitHub, APassIsANotice) {
    Blocked blocked("page");
    blocked.material.verdict.kind = record::VerdictKind::pass;
    blocked.material.verdict.findings.front().state = record::FindingState::held;
    blocked.material.decision = gate::decide(blocked.material.verdict);
    EXPECT_THAT(github_annotations(blocked.material), ::testing::StartsWith("::notice title="));
}

TEST(Csv, QuotesWhatItMust) {
    EXPECT_EQ(csv_field("page"), "page");
    EXPECT_EQ(csv_field("a,b"), "\"a,b\"");
    EXPECT_EQ(csv_field("say \"x\""), "\"say \"\"x\"\"\"");
    EXPECT_EQ(csv_field("two\nlines"), "\"two\nlines\"");
}

TEST(FindingWords, HaveTheirUnits) {
    record::Finding finding;
    finding.unit = record::FigureUnit::share;
    EXPECT_EQ(value_text(finding, 0.98), "98.00 %");
    EXPECT_EQ(value_text(finding, 0.99996), "99.9960 %");
    finding.unit = record::FigureUnit::milliseconds;
    EXPECT_EQ(value_text(finding, 1234), "1.23s");
    EXPECT_EQ(interval_text(finding), "") << "[0, 1] is what nobody estimated";
    finding.unit = record::FigureUnit::per_second;
    finding.interval = {19.5, 21};
    EXPECT_EQ(interval_text(finding), "19.5 to 21 per second");
}

}  // namespace
}  // namespace weir::report
