#include "sample/site/html.h"

#include <array>

#include <fmt/format.h>

#include "sample/web/text.h"

namespace weir::sample {

std::string day_text(std::string_view time) {
    constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    if (time.size() < 10) return std::string(time);
    const long month =
        positive(time.substr(5, 2).starts_with('0') ? time.substr(6, 1) : time.substr(5, 2), 1, 12);
    const auto day = time.substr(time[8] == '0' ? 9 : 8, time[8] == '0' ? 1 : 2);
    return fmt::format("{} {} {}", day, months[static_cast<std::size_t>(month - 1)],
                       time.substr(0, 4));
}

std::string layout(std::string_view heading, std::string_view user, std::string_view body) {
    std::string who;
    if (!user.empty()) {
        who = fmt::format(
            "<span class=\"hmpps-header__user\">{}</span> "
            "<a class=\"govuk-link\" href=\"/sign-out\">Sign out</a>",
            escaped(user));
    }
    return fmt::format(
        "<!DOCTYPE html>\n<html lang=\"en\" class=\"govuk-template\">\n<head>\n"
        "<meta charset=\"utf-8\">\n<title>{0} - Refer and monitor an intervention</title>\n"
        "</head>\n<body class=\"govuk-template__body\">\n"
        "<header class=\"hmpps-header\">Refer and monitor an intervention {1}</header>\n"
        "<main class=\"govuk-main-wrapper\" id=\"main-content\">\n"
        "<h1 class=\"govuk-heading-xl\">{0}</h1>\n{2}</main>\n</body>\n</html>\n",
        escaped(heading), who, body);
}

std::string problem_page(std::string_view heading, std::string_view text) {
    return layout(heading, "", fmt::format("<p class=\"govuk-body\">{}</p>\n", escaped(text)));
}

}  // namespace weir::sample
