#include "sample/auth/auth_server.h"

#include <utility>

#include <nlohmann/json.hpp>

#include "sample/auth/sign_in_form.h"
#include "sample/seed/population.h"

namespace weir::sample {
namespace {

constexpr std::string_view visit_cookie = "savedrequest";
constexpr std::string_view session_cookie = "jwtSession";
constexpr std::chrono::seconds visit_lifetime{600};
constexpr std::chrono::seconds grant_lifetime{60};

/// Who a client says it is: by HTTP Basic, or in the form (RFC 6749 section 2.3.1).
struct Credentials {
    std::string client;
    std::string secret;
};

Credentials credentials_of(const Request& request) {
    constexpr std::string_view basic = "Basic ";
    if (!request.authorization.starts_with(basic)) {
        return {std::string(first(request.form, "client_id")),
                std::string(first(request.form, "client_secret"))};
    }
    const auto pair = from_base64(std::string_view(request.authorization).substr(basic.size()));
    const auto colon = pair ? pair->find(':') : std::string::npos;
    if (colon == std::string::npos) return {};
    return {decode_form_text(pair->substr(0, colon)), decode_form_text(pair->substr(colon + 1))};
}

Response oauth_error(unsigned status, std::string_view code, std::string_view description) {
    const nlohmann::json body{{"error", code}, {"error_description", description}};
    auto response = json_response(status, body.dump());
    if (status == 401) response.headers.emplace_back("WWW-Authenticate", "Basic realm=\"oauth\"");
    return response;
}

/// Any port of this machine, as RFC 8252 section 7.3 has it for tools that run on a desk.
bool is_loopback(std::string_view uri) {
    for (const std::string_view host : {"http://127.0.0.1", "http://localhost", "http://[::1]"}) {
        if (!uri.starts_with(host)) continue;
        const auto rest = uri.substr(host.size());
        if (rest.empty() || rest.front() == '/' || rest.front() == ':') {
            return rest.find('@') == std::string_view::npos;
        }
    }
    return false;
}

Response missing() {
    return html_response(404, auth_problem_page("This page does not exist."));
}

std::string_view param(const Request& request, std::string_view name) {
    const auto value = first(request.form, name);
    return value.empty() ? first(request.query, name) : value;
}

}  // namespace

AuthServer::AuthServer(Directory& directory, const Tokens& tokens, const WallClock& clock)
    : directory_(directory), tokens_(tokens), visits_(clock), grants_(clock) {}

Response AuthServer::handle(const Request& request) {
    const auto& path = request.path;
    if (request.is_read()) return show(request);
    if (request.method == "POST" && path == "/auth/sign-in") return sign_in(request);
    if (request.method == "POST" && path == "/oauth/token") return token(request);
    return missing();
}

Response AuthServer::show(const Request& request) {
    const auto& path = request.path;
    if (path == "/oauth/authorize") return authorize(request);
    if (path == "/auth/sign-in") return show_form(request);
    if (path == "/auth/sign-out") return sign_out(request);
    if (path == "/auth/verify-email") return html_response(200, verify_email_page());
    if (path == "/auth/health") return json_response(200, R"({"status":"UP"})");
    return missing();
}

bool AuthServer::is_registered(std::string_view client, std::string_view uri) const {
    if (client == ui_client) return uri == settings_.ui_url + "/sign-in/callback";
    return client == api_client && is_loopback(uri);
}

const User* AuthServer::signed_in(const Request& request) const {
    const auto identity = tokens_.read(first(request.cookies, session_cookie));
    return identity && identity->client == "auth" ? directory_.find(identity->user_name) : nullptr;
}

Response AuthServer::authorize(const Request& request) {
    const auto client = first(request.query, "client_id");
    const auto uri = first(request.query, "redirect_uri");
    // To an address that nobody registered, nothing is sent back (RFC 6749 section 4.1.2.1).
    if (!is_registered(client, uri) || first(request.query, "response_type") != "code") {
        return html_response(400, auth_problem_page("The sign-in request is not valid."));
    }
    const User* user = signed_in(request);
    if (user == nullptr) {
        auto response = redirect_to("/auth/sign-in");
        set_cookie(response, visit_cookie,
                   visits_.add({request.target, random_token(24)}, visit_lifetime));
        return response;
    }
    if (user->name == unverified_user) return redirect_to("/auth/verify-email");
    const auto code =
        grants_.add({std::string(client), std::string(uri), user->name}, grant_lifetime);
    std::string location(uri);
    location += uri.find('?') == std::string_view::npos ? '?' : '&';
    location += "code=" + code + "&state=" + encode_uri(first(request.query, "state"));
    return redirect_to(std::move(location));
}

Response AuthServer::show_form(const Request& request) {
    const auto error = first(request.query, "error");
    if (const auto visit = visits_.find(first(request.cookies, visit_cookie))) {
        return html_response(200, sign_in_form(visit->csrf, error));
    }
    Visit visit{"", random_token(24)};
    auto response = html_response(200, sign_in_form(visit.csrf, error));
    set_cookie(response, visit_cookie, visits_.add(std::move(visit), visit_lifetime));
    return response;
}

Response AuthServer::sign_in(const Request& request) {
    const auto visit_id = first(request.cookies, visit_cookie);
    const auto visit = visits_.find(visit_id);
    if (!visit || !same_secret(visit->csrf, first(request.form, "_csrf"))) {
        return html_response(403, auth_problem_page("The form has expired. Start again."));
    }
    const auto name = first(request.form, "username");
    const auto outcome = directory_.check(name, first(request.form, "password"));
    if (outcome == SignIn::wrong) return redirect_to("/auth/sign-in?error=invalid");
    if (outcome == SignIn::locked) return redirect_to("/auth/sign-in?error=locked");
    visits_.take(visit_id);
    const auto& saved = visit->saved_target;
    auto response = redirect_to(saved.empty() ? settings_.ui_url + "/" : saved);
    const User* user = directory_.find(name);
    const Identity identity{"auth", user->id, user->name, user->source, {}};
    set_cookie(response, session_cookie, tokens_.issue(identity, settings_.session_lifetime));
    clear_cookie(response, visit_cookie);
    return response;
}

Response AuthServer::sign_out(const Request&) const {
    auto response = redirect_to(settings_.ui_url + "/");
    clear_cookie(response, session_cookie);
    return response;
}

std::optional<Identity> AuthServer::redeem(std::string_view code,
                                           std::string_view client,
                                           std::string_view redirect_uri) {
    const auto grant = grants_.take(code);
    if (!grant || grant->client != client || grant->redirect_uri != redirect_uri) {
        return std::nullopt;
    }
    const User* user = directory_.find(grant->user_name);
    if (user == nullptr) return std::nullopt;
    return Identity{std::string(client), user->id, user->name, user->source, {"ROLE_USER"}};
}

Response AuthServer::token(const Request& request) {
    const auto credentials = credentials_of(request);
    const bool known =
        credentials.client == api_client && same_secret(credentials.secret, api_client_secret);
    if (!known) return oauth_error(401, "invalid_client", "Bad client credentials");
    const auto grant_type = param(request, "grant_type");
    if (grant_type == "client_credentials") {
        return token_for(
            {credentials.client, "", "", "", {std::string(read_all_role), std::string(ops_role)}});
    }
    if (grant_type != "authorization_code") {
        return oauth_error(400, "unsupported_grant_type",
                           "Use authorization_code or client_credentials");
    }
    const auto identity =
        redeem(param(request, "code"), credentials.client, param(request, "redirect_uri"));
    if (!identity) return oauth_error(400, "invalid_grant", "The code is not valid here");
    return token_for(*identity);
}

Response AuthServer::token_for(const Identity& identity) const {
    nlohmann::json body{{"access_token", tokens_.issue(identity, settings_.token_lifetime)},
                        {"token_type", "bearer"},
                        {"expires_in", settings_.token_lifetime.count()}};
    if (identity.is_user()) {
        body["user_id"] = identity.user_id;
        body["user_name"] = identity.user_name;
        body["auth_source"] = identity.source;
    }
    return json_response(200, body.dump());
}

}  // namespace weir::sample
