#include "app/history/team_site.h"

#include <utility>

#include "app/history/page_policy.h"
#include "base/format.h"
#include "rt/clock.h"

namespace weir::app {
namespace {

using http::ServerAnswer;

/// A report is read anew each time; a few at once are kept from filling the memory.
constexpr SharedReads::Limits report_limits{.keep = std::chrono::milliseconds(500),
                                            .keep_failures = std::chrono::milliseconds(500),
                                            .patience = std::chrono::seconds(5),
                                            .kept = 4};

constexpr std::string_view html = "text/html; charset=utf-8";

ServerAnswer text(int status, std::string words) {
    ServerAnswer answer;
    answer.status = status;
    answer.body = std::move(words) + "\n";
    return answer;
}

ServerAnswer not_in_time() {
    auto answer = problem(503,
                          "the history store did not answer in time: it is slow, or hangs, or too "
                          "much is asked of it at once");
    answer.headers.emplace_back("Retry-After", "5");
    return answer;
}

bool has_header(const ServerAnswer& answer, std::string_view name) {
    for (const auto& [each, value] : answer.headers) {
        if (each == name) return true;
    }
    return false;
}

}  // namespace

TeamSite::TeamSite(TeamSitePlan plan, rt::EpollLoop& loop, base::Log log)
    : door_(std::move(plan.door)),
      pass_(plan.store.pass),
      reports_(plan.store.reports),
      page_(plan.page),
      page_policy_(policy_of_page(plan.page)),
      loop_(&loop),
      log_(std::move(log)),
      store_(std::make_shared<TeamStore>(std::move(plan.store))),
      store_reads_(loop, SharedReads::Limits{}),
      report_reads_(loop, report_limits) {}

ServerAnswer TeamSite::answer(const http::ReceivedRequest& request) {
    auto answer = decide(request);
    const auto add = [&answer](std::string_view name, std::string_view value) {
        answer.headers.emplace_back(std::string(name), std::string(value));
    };
    add("Cache-Control", "no-store");
    add("X-Content-Type-Options", "nosniff");
    add("Referrer-Policy", "no-referrer");
    add("X-Frame-Options", "DENY");
    add("Cross-Origin-Resource-Policy", "same-origin");
    if (!has_header(answer, "Content-Security-Policy")) {
        add("Content-Security-Policy", policy_of_data());
    }
    return answer;
}

ServerAnswer TeamSite::decide(const http::ReceivedRequest& request) {
    if (auto refused = door_.turn_away(request)) return *std::move(refused);
    const auto asked = parse_team_request(request.target);
    if (!asked.ok()) {
        // Who has no token does not learn what there is.
        if (auto refused = door_.ask_for_token(request)) return *std::move(refused);
        return problem(asked.error().code == base::Code::not_found ? 404 : 400, asked.error().text);
    }
    using Kind = TeamRequest::Kind;
    const auto kind = asked.value().kind;
    if (kind == Kind::page) {
        // Without a word of what the store holds: it is the page that asks for the token.
        ServerAnswer page;
        page.body = page_;
        page.content_type = html;
        page.headers.emplace_back("Content-Security-Policy", page_policy_);
        page.headers.emplace_back("Cross-Origin-Opener-Policy", "same-origin");
        return page;
    }
    if (kind == Kind::healthy) return text(200, "weir history serve is well");
    if (kind == Kind::report) return report(request, asked.value());
    if (auto refused = door_.ask_for_token(request)) return *std::move(refused);
    return document(request.target, asked.value());
}

ServerAnswer TeamSite::document(const std::string& target, const TeamRequest& asked) {
    const auto read = [store = store_, asked]() -> Reading {
        const auto now = rt::SystemClock().wall();
        if (asked.kind == TeamRequest::Kind::suites) return store->suites(now);
        if (asked.kind == TeamRequest::Kind::history) return store->history(asked, now);
        return store->bypasses(asked, now);
    };
    const auto reading = store_reads_.ask(target, read);
    if (!reading) {
        note(asked.kind, "it did not answer in time");
        return not_in_time();
    }
    note(asked.kind, reading->failure);
    return reading->answer;
}

ServerAnswer TeamSite::report(const http::ReceivedRequest& request, const TeamRequest& asked) {
    const bool admitted = pass_.admits(asked.run_id, asked.pass, loop_->clock().wall());
    if (!admitted) {
        if (const auto refused = door_.ask_for_token(request)) {
            auto answer = text(401,
                               "This link has run out, or was not followed from the team's page. "
                               "Open the page, sign in, and follow the run's link there.");
            answer.headers = refused->headers;
            return answer;
        }
    }
    const auto read = [files = reports_, id = asked.run_id]() -> Reading {
        Reading reading;
        auto page = files.read(id);
        if (!page.ok()) {
            const bool absent = page.error().code == base::Code::not_found;
            reading.answer =
                text(absent ? 404 : 503, "No report of run " + id + ": " + page.error().text + ".");
            if (!absent) reading.failure = page.error().text;
            return reading;
        }
        reading.answer.body = std::move(page).value();
        reading.answer.content_type = html;
        reading.answer.headers.emplace_back("Content-Security-Policy",
                                            std::string(policy_of_reports()));
        return reading;
    };
    const auto reading = report_reads_.ask(asked.run_id, read);
    if (reading) return reading->answer;
    return text(503, "The report could not be read in time. Try again in a moment.");
}

/// Once for each state of the store: a page that asks every few seconds must not fill the log.
void TeamSite::note(TeamRequest::Kind kind, const std::string& failure) {
    auto& told = failures_[kind];
    if (failure == told) return;
    told = failure;
    if (failure.empty()) {
        log_.info("the history store can be read again");
    } else {
        log_.warn(base::format("the history store cannot be read: {}", failure));
    }
}

}  // namespace weir::app
