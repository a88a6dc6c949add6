#include <iterator>

#include <fmt/format.h>

#include "sample/site/html.h"
#include "sample/web/text.h"

namespace weir::sample {
namespace {

void add_line(std::string_view name, std::string_view value, std::string& out) {
    if (value.empty()) return;
    fmt::format_to(std::back_inserter(out),
                   "<div class=\"govuk-summary-list__row\">"
                   "<dt class=\"govuk-summary-list__key\">{}</dt>"
                   "<dd class=\"govuk-summary-list__value\">{}</dd></div>\n",
                   name, escaped(value));
}

std::string person(const CaseRow& row) {
    return row.first_name + " " + row.last_name;
}

void add_tabs(const ReferralCase& referral, std::string& out) {
    fmt::format_to(std::back_inserter(out),
                   "<nav class=\"moj-sub-navigation\"><ul>"
                   "<li><a href=\"/referrals/{0}/progress\">Progress</a></li>"
                   "<li><a href=\"/referrals/{0}/details\">Referral details</a></li>"
                   "</ul></nav>\n",
                   referral.row.id);
}

void add_head(const ReferralCase& referral, std::string& out) {
    out += "<dl class=\"govuk-summary-list\">\n";
    add_line("Name", person(referral.row), out);
    add_line("CRN", referral.row.crn, out);
    add_line("Referral number", referral.row.reference, out);
    add_line("Service type", referral.row.intervention, out);
    add_line("Provider", referral.row.provider, out);
    add_line("Contract", referral.contract_reference, out);
    add_line("Sent by", referral.row.sent_by, out);
    add_line("Date received", day_text(referral.row.sent_at), out);
    add_line("Concluded", day_text(referral.row.concluded_at), out);
}

void add_section(std::string_view title, std::string_view content, std::string& out) {
    fmt::format_to(std::back_inserter(out), "<h2 class=\"govuk-heading-m\">{}</h2>\n{}\n", title,
                   content.empty() ? "<p class=\"govuk-body\">None yet.</p>" : content);
}

std::string assignments(const ReferralCase& referral) {
    std::string out;
    for (const auto& one : referral.assignments) {
        fmt::format_to(std::back_inserter(out), "<p class=\"govuk-body\">{}: {}</p>",
                       day_text(one.at), escaped(one.to));
    }
    return out;
}

std::string appointments(const ReferralCase& referral) {
    std::string out;
    for (const auto& one : referral.appointments) {
        const std::string_view state = one.attended == "YES"  ? "completed"
                                       : one.attended == "NO" ? "did not attend"
                                                              : "scheduled";
        fmt::format_to(std::back_inserter(out),
                       "<p class=\"govuk-body\">{}, {} minutes: <strong>{}</strong></p>",
                       day_text(one.time), escaped(one.duration_minutes), state);
    }
    return out;
}

std::string plans(const ReferralCase& referral) {
    std::string out;
    for (const auto& one : referral.plans) {
        const std::string_view state = !one.approved_at.empty()    ? "approved"
                                       : !one.submitted_at.empty() ? "awaiting approval"
                                                                   : "draft";
        fmt::format_to(std::back_inserter(out),
                       "<p class=\"govuk-body\">{}, {} sessions: <strong>{}</strong></p>",
                       day_text(one.created_at), escaped(one.sessions), state);
    }
    return out;
}

}  // namespace

std::string details_page(const ReferralCase& referral, std::string_view user) {
    std::string body;
    add_tabs(referral, body);
    add_head(referral, body);
    add_line("Date of birth", day_text(referral.date_of_birth), body);
    add_line("Gender", referral.gender, body);
    add_line("Completion date", day_text(referral.deadline), body);
    add_line("Enforceable days", referral.enforceable_days, body);
    add_line("Interpreter", referral.interpreter_language, body);
    add_line("Not available", referral.when_unavailable, body);
    add_line("Accessibility needs", referral.accessibility_needs, body);
    add_line("Additional needs", referral.additional_needs, body);
    add_line("Further information", referral.further_information, body);
    body += "</dl>\n";
    return layout("Referral details", user, body);
}

std::string progress_page(const ReferralCase& referral, std::string_view user) {
    std::string body;
    add_tabs(referral, body);
    add_head(referral, body);
    body += "</dl>\n";
    add_section("Caseworker", assignments(referral), body);
    add_section("Supplier assessment", appointments(referral), body);
    add_section("Action plan", plans(referral), body);
    const auto report = day_text(referral.report_submitted_at);
    add_section("End of service report",
                report.empty() ? report : "<p class=\"govuk-body\">Submitted " + report + "</p>",
                body);
    return layout("Progress", user, body);
}

}  // namespace weir::sample
