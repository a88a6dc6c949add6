#include "sample/site/pages.h"

#include <algorithm>
#include <array>

#include "sample/cases/access.h"

namespace weir::sample {
namespace {

constexpr std::string_view session_cookie = "connect.sid";
constexpr std::string_view home = "/service-provider/dashboard";
constexpr std::string_view referrals = "/referrals/";
constexpr std::chrono::seconds visitor_lifetime{600};
constexpr std::size_t page_size = 100;
constexpr long page_max = 1'000'000;

constexpr std::array all_views{DashboardView::my_cases, DashboardView::all_open,
                               DashboardView::unassigned, DashboardView::completed};

Response failure(const Error& error) {
    return html_response(500, problem_page("Sorry, there is a problem", error.text));
}

Response forbidden() {
    return html_response(403, problem_page("You are not authorised to view this page",
                                           "Ask your team lead for access to this contract."));
}

Response missing() {
    return html_response(404, problem_page("Page not found", "Check the address."));
}

}  // namespace

Pages::Pages(AuthServer& auth, const Directory& directory, WallClock clock)
    : auth_(auth), directory_(directory), sessions_(std::move(clock)) {}

Response Pages::handle(const Request& request, Connection& connection) {
    if (!request.is_read()) {
        // The sample has no page that changes anything.
        auto response = html_response(405, problem_page("Not allowed", "This service only reads."));
        response.headers.emplace_back("Allow", "GET, HEAD");
        return response;
    }
    if (request.path == "/sign-in") return go_to_auth(request);
    if (request.path == "/sign-in/callback") return come_back(request);
    if (request.path == "/sign-out") return sign_out(request);
    const auto identity = signed_in(request);
    if (!identity) return start_sign_in(request);
    return page_for(*identity, request, connection);
}

std::optional<Identity> Pages::signed_in(const Request& request) {
    const auto session = sessions_.find(first(request.cookies, session_cookie));
    return session ? session->identity : std::nullopt;
}

Response Pages::start_sign_in(const Request& request) {
    auto response = redirect_to("/sign-in");
    set_cookie(response, session_cookie,
               sessions_.add({"", request.target, std::nullopt}, visitor_lifetime));
    return response;
}

Response Pages::go_to_auth(const Request& request) {
    const auto id = first(request.cookies, session_cookie);
    auto session = sessions_.find(id);
    const bool known = session.has_value();
    if (!known) session = Session{"", std::string(home), std::nullopt};
    session->state = random_token(18);
    auto response =
        redirect_to(settings_.auth_url +
                    "/oauth/authorize?response_type=code&client_id=" + std::string(ui_client) +
                    "&redirect_uri=" + encode_uri(settings_.ui_url + "/sign-in/callback") +
                    "&state=" + session->state);
    if (known) {
        sessions_.replace(id, std::move(*session));
    } else {
        set_cookie(response, session_cookie, sessions_.add(std::move(*session), visitor_lifetime));
    }
    return response;
}

Response Pages::come_back(const Request& request) {
    const auto id = first(request.cookies, session_cookie);
    const auto session = sessions_.find(id);
    // Without this check, anyone could sign a visitor in as someone else (RFC 6749 section 10.12).
    if (!session || !same_secret(session->state, first(request.query, "state"))) {
        return html_response(403, problem_page("Sign-in failed",
                                               "The sign-in was not started "
                                               "here, or took too long."));
    }
    const auto identity = auth_.redeem(first(request.query, "code"), ui_client,
                                       settings_.ui_url + "/sign-in/callback");
    if (!identity) {
        return html_response(403, problem_page("Sign-in failed", "The code is not valid."));
    }
    // A new secret for the new standing: one that was planted before is worth nothing.
    sessions_.take(id);
    auto response = redirect_to(session->return_to);
    set_cookie(response, session_cookie,
               sessions_.add({"", "", identity}, settings_.session_lifetime));
    return response;
}

Response Pages::sign_out(const Request& request) {
    sessions_.take(first(request.cookies, session_cookie));
    auto response = redirect_to(settings_.auth_url + "/auth/sign-out");
    clear_cookie(response, session_cookie);
    return response;
}

Response Pages::page_for(const Identity& identity, const Request& request, Connection& connection) {
    const User* user = directory_.find(identity.user_name);
    if (user == nullptr || user->source != "auth") return forbidden();
    const std::string_view path = request.path;
    if (path == "/") return redirect_to(std::string(home));
    if (path == home) return dashboard(DashboardView::my_cases, *user, request, connection);
    for (const auto view : all_views) {
        if (path == view_path(view)) return dashboard(view, *user, request, connection);
    }
    if (path.starts_with(referrals)) return referral(*user, request, connection);
    return missing();
}

Response Pages::dashboard(DashboardView view,
                          const User& user,
                          const Request& request,
                          Connection& connection) const {
    auto contracts = contracts_of(connection, user.groups);
    if (!contracts.ok()) return failure(contracts.error());
    CaseFilter filter{.contracts = std::move(contracts.value()),
                      .concluded = view == DashboardView::completed,
                      .unassigned = view == DashboardView::unassigned,
                      .assigned_to = view == DashboardView::my_cases ? user.id : "",
                      .search = ""};
    if (view == DashboardView::all_open) {
        filter.search = first(request.query, "open-case-search-text");
    }
    const auto number = positive(first(request.query, "page"), 1, page_max);
    auto cases = load_cases(settings_.dashboard, connection, filter,
                            {static_cast<std::size_t>(number), page_size});
    if (!cases.ok()) return failure(cases.error());
    return html_response(200, dashboard_page({.view = view,
                                              .user = user.name,
                                              .search = filter.search,
                                              .cases = std::move(cases.value())}));
}

Response Pages::referral(const User& user, const Request& request, Connection& connection) const {
    const auto rest = std::string_view(request.path).substr(referrals.size());
    const auto slash = rest.find('/');
    if (slash == std::string_view::npos) return missing();
    const auto tab = rest.substr(slash + 1);
    if (tab != "details" && tab != "progress") return missing();
    const auto found = load_referral(connection, std::string(rest.substr(0, slash)));
    if (!found.ok()) return failure(found.error());
    if (!found.value()) return missing();
    const auto contracts = contracts_of(connection, user.groups);
    if (!contracts.ok()) return failure(contracts.error());
    const auto& held = contracts.value();
    const ReferralCase& one = *found.value();
    if (std::find(held.begin(), held.end(), one.contract_id) == held.end()) return forbidden();
    return html_response(
        200, tab == "details" ? details_page(one, user.name) : progress_page(one, user.name));
}

}  // namespace weir::sample
