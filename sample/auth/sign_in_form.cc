#include "sample/auth/sign_in_form.h"

#include <fmt/format.h>

#include "sample/web/text.h"

namespace weir::sample {
namespace {

std::string page(std::string_view heading, std::string_view body) {
    return fmt::format(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\">"
        "<title>{0}</title></head>\n<body class=\"govuk-template__body\">\n"
        "<main class=\"govuk-main-wrapper\">\n<h1 class=\"govuk-heading-l\">{0}</h1>\n{1}\n"
        "</main>\n</body>\n</html>\n",
        escaped(heading), body);
}

std::string_view explanation(std::string_view error) {
    if (error == "invalid") return "Enter a valid username and password.";
    if (error == "locked") return "Your account is locked. Ask the service's operators.";
    return {};
}

}  // namespace

std::string sign_in_form(std::string_view csrf, std::string_view error) {
    std::string problem;
    if (const auto text = explanation(error); !text.empty()) {
        problem = fmt::format("<div class=\"govuk-error-summary\"><p>{}</p></div>\n", text);
    }
    return page("Sign in",
                fmt::format("{}<form method=\"post\" action=\"/auth/sign-in\">\n"
                            "<input type=\"hidden\" name=\"_csrf\" value=\"{}\">\n"
                            "<label>Username <input name=\"username\" type=\"text\"></label>\n"
                            "<label>Password <input name=\"password\" type=\"password\"></label>\n"
                            "<button type=\"submit\" class=\"govuk-button\">Sign in</button>\n"
                            "</form>",
                            problem, escaped(csrf)));
}

std::string verify_email_page() {
    return page("Verify your email address",
                "<p class=\"govuk-body\">You must verify your email address to go on.</p>");
}

std::string auth_problem_page(std::string_view problem) {
    return page("There is a problem",
                fmt::format("<p class=\"govuk-body\">{}</p>", escaped(problem)));
}

}  // namespace weir::sample
