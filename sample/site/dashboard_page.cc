#include <algorithm>
#include <array>
#include <iterator>

#include <fmt/format.h>

#include "sample/site/html.h"
#include "sample/web/text.h"

namespace weir::sample {
namespace {

struct View {
    std::string_view path;
    std::string_view heading;
};

constexpr std::array<View, 4> views{{
    {"/service-provider/dashboard/my-cases", "My cases"},
    {"/service-provider/dashboard/all-open-cases", "All open cases"},
    {"/service-provider/dashboard/unassigned-cases", "Unassigned cases"},
    {"/service-provider/dashboard/completed-cases", "Completed cases"},
}};

constexpr std::size_t row_bytes = 900;
/// Pages that the links name around the current one.
constexpr std::size_t links_around = 2;

/// The table sorts in the browser by what a cell is worth, not by how it is written.
void add_cell(std::string_view text, std::string_view worth, std::string& out) {
    out += "<td class=\"govuk-table__cell\" data-sort-value=\"";
    escape_html(worth, out);
    out += "\">";
    escape_html(text, out);
    out += "</td>";
}

void add_cell(std::string_view text, std::string& out) {
    add_cell(text, text, out);
}

void add_row(const CaseRow& row, std::string& out) {
    out += "<tr class=\"govuk-table__row\">";
    add_cell(day_text(row.sent_at), row.sent_at, out);
    out += "<td class=\"govuk-table__cell\"><a class=\"govuk-link\" href=\"/referrals/";
    escape_html(row.id, out);
    out += "/progress\">";
    escape_html(row.reference, out);
    out += "</a></td>";
    add_cell(row.first_name + " " + row.last_name, row.last_name, out);
    add_cell(row.crn, out);
    add_cell(row.intervention, out);
    add_cell(row.provider, out);
    add_cell(row.assigned_to, out);
    if (!row.concluded_at.empty()) {
        add_cell(day_text(row.concluded_at), row.concluded_at, out);
    }
    out += "</tr>\n";
}

void add_tabs(DashboardView current, std::string& out) {
    out += "<nav class=\"moj-sub-navigation\"><ul>";
    for (const auto& view : views) {
        const bool here = view.path == view_path(current);
        fmt::format_to(std::back_inserter(out), "<li><a href=\"{}\"{}>{}</a></li>", view.path,
                       here ? " aria-current=\"page\"" : "", view.heading);
    }
    out += "</ul></nav>\n";
}

void add_search(const DashboardPage& page, std::string& out) {
    fmt::format_to(std::back_inserter(out),
                   "<form method=\"get\" action=\"{}\"><label>Search by name or reference "
                   "<input name=\"open-case-search-text\" value=\"{}\"></label>"
                   "<button class=\"govuk-button\">Search</button></form>\n",
                   view_path(page.view), escaped(page.search));
}

void add_link(const DashboardPage& page, std::size_t number, std::string& out) {
    const auto search =
        page.search.empty() ? "" : "&amp;open-case-search-text=" + encode_uri(page.search);
    fmt::format_to(std::back_inserter(out),
                   "<li class=\"moj-pagination__item\"><a class=\"moj-pagination__link\" "
                   "href=\"{}?page={}{}\">{}</a></li>",
                   view_path(page.view), number, search, number);
}

void add_pagination(const DashboardPage& page, std::string& out) {
    const auto& cases = page.cases;
    const auto size = std::max<std::size_t>(cases.page.size, 1);
    const auto pages = (cases.total + size - 1) / size;
    const auto from = (cases.page.number - 1) * size + 1;
    out += "<nav class=\"moj-pagination\"><ul class=\"moj-pagination__list\">";
    const auto here = cases.page.number;
    const auto begin = here > links_around ? here - links_around : 1;
    for (auto n = begin; n <= std::min(pages, here + links_around); ++n) add_link(page, n, out);
    fmt::format_to(std::back_inserter(out),
                   "</ul><p class=\"moj-pagination__results\">Showing {} to {} of {} results</p>"
                   "</nav>\n",
                   from, from + cases.rows.size() - 1, cases.total);
}

void add_table(const DashboardPage& page, std::string& out) {
    out +=
        "<table class=\"govuk-table\"><thead class=\"govuk-table__head\">"
        "<tr class=\"govuk-table__row\">";
    for (const std::string_view title : {"Date received", "Referral", "Person", "CRN",
                                         "Intervention type", "Provider", "Caseworker"}) {
        fmt::format_to(std::back_inserter(out),
                       "<th scope=\"col\" class=\"govuk-table__header\">{}</th>", title);
    }
    if (page.view == DashboardView::completed) {
        out += "<th scope=\"col\" class=\"govuk-table__header\">Concluded</th>";
    }
    out += "</tr></thead>\n<tbody class=\"govuk-table__body\">\n";
    for (const auto& row : page.cases.rows) add_row(row, out);
    out += "</tbody></table>\n";
}

}  // namespace

std::string_view view_path(DashboardView view) {
    return views[static_cast<std::size_t>(view)].path;
}

std::string_view view_heading(DashboardView view) {
    return views[static_cast<std::size_t>(view)].heading;
}

std::string dashboard_page(const DashboardPage& page) {
    std::string body;
    body.reserve(2048 + page.cases.rows.size() * row_bytes);
    add_tabs(page.view, body);
    if (page.view == DashboardView::all_open) add_search(page, body);
    if (page.cases.rows.empty()) {
        body += "<p class=\"govuk-body\">There are no cases to show.</p>\n";
    } else {
        add_pagination(page, body);
        add_table(page, body);
    }
    return layout(view_heading(page.view), page.user, body);
}

}  // namespace weir::sample
