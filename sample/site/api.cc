#include "sample/site/api.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "sample/cases/access.h"
#include "sample/cases/referral.h"

namespace weir::sample {
namespace {

using nlohmann::json;

constexpr std::string_view summaries_path = "/sent-referrals/summaries";
constexpr std::string_view referral_prefix = "/sent-referral/";
constexpr long page_max = 1'000'000;
constexpr long default_size = 50;
constexpr long size_max = 1000;

/// Text from outside may not be UTF-8; an answer always is.
std::string dump(const json& value) {
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

Response problem(unsigned status, std::string_view error, std::string_view message) {
    auto response =
        json_response(status, dump({{"status", status}, {"error", error}, {"message", message}}));
    if (status == 401) response.headers.emplace_back("WWW-Authenticate", "Bearer");
    return response;
}

Response failure(const Error& error) {
    return problem(500, "unexpected error", error.text);
}

Response bare_client() {
    return problem(403, "access denied",
                   "could not map auth token to user: no user_id, user_name or auth_source claim");
}

json to_json(const CaseRow& row) {
    json out{{"id", row.id},
             {"sentAt", row.sent_at},
             {"sentBy", {{"username", row.sent_by}}},
             {"referenceNumber", row.reference},
             {"serviceUser",
              {{"crn", row.crn}, {"firstName", row.first_name}, {"lastName", row.last_name}}},
             {"serviceProvider", {{"name", row.provider}}},
             {"interventionTitle", row.intervention}};
    if (!row.assigned_to.empty()) out["assignedTo"] = {{"username", row.assigned_to}};
    if (!row.concluded_at.empty()) out["concludedAt"] = row.concluded_at;
    return out;
}

/// As Spring's Page: the request counts pages from one, the answer from zero.
json to_json(const CasePage& page) {
    json content = json::array();
    for (const auto& row : page.rows) content.push_back(to_json(row));
    const auto size = std::max<std::size_t>(page.page.size, 1);
    const auto pages = (page.total + size - 1) / size;
    return {{"content", std::move(content)},
            {"totalElements", page.total},
            {"totalPages", pages},
            {"number", page.page.number - 1},
            {"size", page.page.size},
            {"numberOfElements", page.rows.size()},
            {"first", page.page.number == 1},
            {"last", page.page.number >= pages},
            {"empty", page.rows.empty()}};
}

json to_json(const ReferralCase& one) {
    json out = to_json(one.row);
    out["contractReference"] = one.contract_reference;
    out["completionDeadline"] = one.deadline;
    out["furtherInformation"] = one.further_information;
    out["accessibilityNeeds"] = one.accessibility_needs;
    out["additionalNeedsInformation"] = one.additional_needs;
    out["appointments"] = json::array();
    for (const auto& each : one.appointments) {
        out["appointments"].push_back({{"appointmentTime", each.time},
                                       {"durationInMinutes", each.duration_minutes},
                                       {"attended", each.attended}});
    }
    out["actionPlans"] = json::array();
    for (const auto& each : one.plans) {
        out["actionPlans"].push_back({{"numberOfSessions", each.sessions},
                                      {"submittedAt", each.submitted_at},
                                      {"approvedAt", each.approved_at}});
    }
    return out;
}

}  // namespace

bool Api::owns(const Request& request) {
    return request.path == summaries_path || request.path.starts_with(referral_prefix);
}

std::optional<Identity> Api::caller(const Request& request) const {
    constexpr std::string_view bearer = "Bearer ";
    if (!request.authorization.starts_with(bearer)) return std::nullopt;
    auto identity = tokens_.read(std::string_view(request.authorization).substr(bearer.size()));
    // The cookie of the sign-in server is signed alike, but it is no access token.
    if (identity && identity->roles.empty()) return std::nullopt;
    return identity;
}

const User* Api::provider_user(const Identity& caller) const {
    const User* user = caller.is_user() ? directory_.find(caller.user_name) : nullptr;
    return user != nullptr && user->source == "auth" ? user : nullptr;
}

Response Api::handle(const Request& request, Connection& connection) const {
    const auto identity = caller(request);
    if (!identity) {
        return problem(401, "unauthorized", "Full authentication is required: send a bearer token");
    }
    if (!request.is_read()) return problem(405, "method not allowed", "This service only reads");
    if (request.path == summaries_path) return summaries(*identity, request, connection);
    return referral(*identity, request, connection);
}

Response Api::summaries(const Identity& caller,
                        const Request& request,
                        Connection& connection) const {
    const User* user = provider_user(caller);
    if (user == nullptr) return bare_client();
    auto contracts = contracts_of(connection, user->groups);
    if (!contracts.ok()) return failure(contracts.error());
    const CaseFilter filter{.contracts = std::move(contracts.value()),
                            .concluded = first(request.query, "concluded") == "true",
                            .unassigned = first(request.query, "unassigned") == "true",
                            .assigned_to = std::string(first(request.query, "assignedTo")),
                            .search = std::string(first(request.query, "search"))};
    const PageRequest page{
        static_cast<std::size_t>(positive(first(request.query, "page"), 1, page_max)),
        static_cast<std::size_t>(positive(first(request.query, "size"), default_size, size_max))};
    const auto cases = load_cases(dashboard_, connection, filter, page);
    if (!cases.ok()) return failure(cases.error());
    return json_response(200, dump(to_json(cases.value())));
}

Response Api::referral(const Identity& caller,
                       const Request& request,
                       Connection& connection) const {
    const User* user = provider_user(caller);
    if (user == nullptr && !caller.has_role(read_all_role)) return bare_client();
    const auto id = request.path.substr(referral_prefix.size());
    const auto found = load_referral(connection, id);
    if (!found.ok()) return failure(found.error());
    if (!found.value()) return problem(404, "not found", "There is no sent referral with this id");
    const ReferralCase& one = *found.value();
    if (user != nullptr) {
        const auto contracts = contracts_of(connection, user->groups);
        if (!contracts.ok()) return failure(contracts.error());
        const auto& held = contracts.value();
        if (std::find(held.begin(), held.end(), one.contract_id) == held.end()) {
            return problem(403, "access denied", "This referral belongs to another contract");
        }
    }
    return json_response(200, dump(to_json(one)));
}

Response Api::users(const Request& request, Connection& connection) const {
    const auto identity = caller(request);
    if (!identity) return problem(401, "unauthorized", "Send a bearer token of an operator");
    if (!identity->has_role(ops_role)) {
        return problem(403, "access denied", "Needs the role " + std::string(ops_role));
    }
    const auto found = subjects(connection, directory_.users());
    if (!found.ok()) return failure(found.error());
    json out = json::array();
    for (const auto& subject : found.value()) {
        out.push_back({{"userName", subject.user_name},
                       {"contracts", subject.contracts},
                       {"openReferrals", subject.open_referrals},
                       {"sentReferrals", subject.sent_referrals}});
    }
    return json_response(200, dump(out));
}

}  // namespace weir::sample
