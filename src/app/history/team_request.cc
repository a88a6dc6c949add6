#include "app/history/team_request.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

#include "base/format.h"
#include "base/json.h"
#include "base/url.h"
#include "record/wall_text.h"

namespace weir::app {
namespace {

using base::Code;
using base::Error;
using base::Result;

struct Route {
    std::string_view path;
    TeamRequest::Kind kind;
    std::string_view parameters;  // each between spaces
};
constexpr std::array routes{
    Route{"/", TeamRequest::Kind::page, "*"},
    Route{"/-/healthy", TeamRequest::Kind::healthy, ""},
    Route{"/api/suites", TeamRequest::Kind::suites, ""},
    Route{"/api/history", TeamRequest::Kind::history, " suite environment since last "},
    Route{"/api/bypasses", TeamRequest::Kind::bypasses, " suite environment "},
};

/// "2026-11-24" or "2026-11-24T10:30:00", a day and a time that there are.
bool is_since(std::string_view text) {
    constexpr std::string_view midnight = "T00:00:00";
    constexpr std::size_t day = 10;
    std::string whole(text);
    if (whole.size() == day) whole += midnight;
    return whole.size() == day + midnight.size() &&
           record::wall_from_text(whole + ".000000000Z").ok();
}

Result<std::string> name_of(const std::string& parameter, const std::string& value) {
    constexpr std::size_t most = 200;
    const bool control = std::any_of(value.begin(), value.end(), [](char c) {
        return static_cast<unsigned char>(c) < ' ' || c == 0x7F;
    });
    if (value.size() <= most && !control && base::is_utf8(value)) return value;
    return Error{Code::invalid,
                 base::format("{} is no name: at most {} bytes of text", parameter, most)};
}

Result<void> take(const std::string& name, const std::string& value, TeamRequest& into) {
    if (name == "suite") {
        TRY(into.suite, name_of(name, value));
    } else if (name == "environment") {
        TRY(into.environment, name_of(name, value));
    } else if (name == "since") {
        if (!value.empty() && !is_since(value)) {
            return Error{Code::invalid,
                         "since is no day or time (UTC): 2026-11-24 or 2026-11-24T10:30:00"};
        }
        into.since = value;
    } else {
        const auto* const end = value.data() + value.size();
        const auto read = std::from_chars(value.data(), end, into.last);
        if (read.ec != std::errc() || read.ptr != end || into.last < 1 ||
            into.last > TeamRequest::last_most) {
            return Error{Code::invalid, base::format("last is a whole number from 1 to {}",
                                                     TeamRequest::last_most)};
        }
    }
    return {};
}

Result<TeamRequest> with_parameters(const Route& route, std::string_view query) {
    TeamRequest made;
    made.kind = route.kind;
    if (route.parameters == "*") return made;
    std::set<std::string> seen;
    for (const auto& [name, value] : base::parse_query(query)) {
        const bool known = !name.empty() && name.find(' ') == std::string::npos &&
                           route.parameters.find(" " + name + " ") != std::string_view::npos;
        if (!known) {
            return Error{Code::invalid,
                         base::format("{} takes no such parameter; it takes:{}", route.path,
                                      route.parameters.empty() ? " none" : route.parameters)};
        }
        if (!seen.insert(name).second) {
            return Error{Code::invalid, base::format("{} is there twice", name)};
        }
        TRY_VOID(take(name, value, made));
    }
    return made;
}

/// "/reports/ID/report.html": of a path, nothing but the id is used.
std::optional<TeamRequest> report_request(std::string_view path, std::string_view query) {
    constexpr std::string_view before = "/reports/";
    constexpr std::string_view behind = "/report.html";
    if (!path.starts_with(before) || !path.ends_with(behind)) return std::nullopt;
    if (path.size() < before.size() + behind.size()) return std::nullopt;
    const auto id = path.substr(before.size(), path.size() - before.size() - behind.size());
    if (!is_run_id(id)) return std::nullopt;
    TeamRequest made;
    made.kind = TeamRequest::Kind::report;
    made.run_id = id;
    for (const auto& [name, value] : base::parse_query(query)) {
        if (name == "pass") made.pass = value;
    }
    return made;
}

}  // namespace

bool is_run_id(std::string_view text) noexcept {
    constexpr std::string_view form = "00000000T000000Z-xxxxxxxx";
    if (text.size() != form.size()) return false;
    for (std::size_t i = 0; i < form.size(); ++i) {
        const char c = text[i];
        const bool digit = c >= '0' && c <= '9';
        const bool good = form[i] == '0'   ? digit
                          : form[i] == 'x' ? digit || (c >= 'a' && c <= 'f')
                                           : c == form[i];
        if (!good) return false;
    }
    return true;
}

Result<TeamRequest> parse_team_request(std::string_view target) {
    const auto mark = target.find('?');
    const auto path = target.substr(0, mark);
    const auto query =
        mark == std::string_view::npos ? std::string_view() : target.substr(mark + 1);
    for (const auto& route : routes) {
        if (path == route.path) return with_parameters(route, query);
    }
    if (auto report = report_request(path, query)) return *std::move(report);
    return Error{Code::not_found,
                 "there is nothing here: the page is /, and what it reads is api/suites, "
                 "api/history and api/bypasses"};
}

}  // namespace weir::app
