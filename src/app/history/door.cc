#include "app/history/door.h"

#include <algorithm>

#include "attest/digest.h"
#include "base/json.h"
#include "http/header_names.h"
#include "net/address.h"

namespace weir::app {
namespace {

/// RFC 6750 §2.1; the scheme's name is without case (RFC 9110 §11.1).
std::string_view bearer_token(std::string_view header) {
    constexpr std::string_view scheme = "Bearer ";
    if (header.size() <= scheme.size()) return {};
    if (!http::same_name(header.substr(0, scheme.size()), scheme)) return {};
    header.remove_prefix(scheme.size());
    header.remove_prefix(std::min(header.find_first_not_of(' '), header.size()));
    return header;
}

std::size_t count_of(const http::HeaderBlock& headers, std::string_view name) {
    return static_cast<std::size_t>(
        std::count_if(headers.begin(), headers.end(),
                      [name](const auto& each) { return http::same_name(each.name, name); }));
}

}  // namespace

http::ServerAnswer problem(int status, std::string_view words) {
    http::ServerAnswer answer;
    answer.status = status;
    answer.content_type = "application/json";
    answer.body =
        base::write_json(
            {{"format", "weir.problem"}, {"version", 1}, {"status", status}, {"words", words}}) +
        "\n";
    return answer;
}

std::string host_of(std::string_view header) {
    std::string host(header);
    if (host.starts_with('[')) {
        const auto end = host.find(']');
        if (end == std::string::npos) return {};
        const auto rest = std::string_view(host).substr(end + 1);
        if (!rest.empty() && (rest[0] != ':' || !net::parse_port(rest.substr(1)))) return {};
        host = host.substr(1, end - 1);
    } else if (const auto colon = host.find(':'); colon != std::string::npos) {
        if (!net::parse_port(std::string_view(host).substr(colon + 1))) return {};
        host.resize(colon);
    }
    for (char& c : host) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    if (host.ends_with('.')) host.pop_back();
    return host;
}

std::optional<http::ServerAnswer> Door::turn_away(const http::ReceivedRequest& request) const {
    if (request.method != "GET" && request.method != "HEAD") {
        auto answer = problem(405, "this page only shows: GET and HEAD are answered");
        answer.headers.emplace_back("Allow", "GET, HEAD");
        return answer;
    }
    // Two of them would be read as one by us and as the other by a proxy (RFC 9112 §3.2).
    if (count_of(request.headers, "Host") != 1) {
        return problem(400, "a request has one Host header");
    }
    if (rules_.hosts.empty()) return std::nullopt;
    const auto host = host_of(request.headers.first("Host"));
    if (std::find(rules_.hosts.begin(), rules_.hosts.end(), host) != rules_.hosts.end()) {
        return std::nullopt;
    }
    return problem(421,
                   "this page is not called by that name: open it as localhost, or start `weir "
                   "history serve` with --host NAME for the name that people use");
}

std::optional<http::ServerAnswer> Door::ask_for_token(const http::ReceivedRequest& request) const {
    if (!asks_for_token()) return std::nullopt;
    const auto given = bearer_token(request.headers.first("Authorization"));
    // Digests are compared: they are of one length, whatever was given.
    if (attest::same_secret(attest::sha256_hex(given), rules_.token_sha256)) return std::nullopt;
    auto answer = problem(401, given.empty() ? "a token is asked for here: Authorization: Bearer …"
                                             : "the token is not the right one");
    answer.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"weir\"");
    return answer;
}

}  // namespace weir::app
