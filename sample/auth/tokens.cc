#include "sample/auth/tokens.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "sample/auth/crypto.h"

namespace weir::sample {
namespace {

using nlohmann::json;

std::string text(const json& claims, const char* name) {
    const auto found = claims.find(name);
    return found != claims.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace

bool Identity::has_role(std::string_view role) const {
    return std::find(roles.begin(), roles.end(), role) != roles.end();
}

Tokens::Tokens(WallClock clock) : clock_(std::move(clock)), key_(random_token(32)) {}

long Tokens::now_seconds() const {
    return std::chrono::duration_cast<std::chrono::seconds>(clock_().time_since_epoch()).count();
}

std::string Tokens::issue(const Identity& identity, std::chrono::seconds lifetime) const {
    json claims{{"iss", "weir-sample"},   {"client_id", identity.client},
                {"iat", now_seconds()},   {"exp", now_seconds() + lifetime.count()},
                {"jti", random_token(9)}, {"authorities", identity.roles}};
    claims["sub"] = identity.is_user() ? identity.user_name : identity.client;
    if (identity.is_user()) {
        claims["user_id"] = identity.user_id;
        claims["user_name"] = identity.user_name;
        claims["auth_source"] = identity.source;
    }
    const auto body = base64url(R"({"alg":"HS256","typ":"JWT"})") + "." + base64url(claims.dump());
    return body + "." + base64url(hmac_sha256(key_, body));
}

std::optional<Identity> Tokens::read(std::string_view token) const {
    const auto dot = token.rfind('.');
    if (dot == std::string_view::npos) return std::nullopt;
    const auto body = token.substr(0, dot);
    const auto signature = from_base64(token.substr(dot + 1));
    if (!signature || !same_secret(*signature, hmac_sha256(key_, body))) return std::nullopt;
    const auto claims_text = from_base64(body.substr(body.find('.') + 1));
    if (!claims_text) return std::nullopt;
    const auto claims = json::parse(*claims_text, nullptr, false);
    if (!claims.is_object() || claims.value("exp", 0L) <= now_seconds()) return std::nullopt;
    Identity identity{text(claims, "client_id"),
                      text(claims, "user_id"),
                      text(claims, "user_name"),
                      text(claims, "auth_source"),
                      {}};
    identity.roles = claims.value("authorities", std::vector<std::string>{});
    return identity;
}

}  // namespace weir::sample
