#include "http/redirect.h"

#include <utility>

#include "base/format.h"
#include "http/cookie_jar.h"
#include "http/header_names.h"

namespace weir::http {
namespace {

void drop_body(Request& request) {
    request.body.clear();
    request.has_body = false;
    for (const auto name : {"Content-Type", "Content-Encoding", "Content-Language"}) {
        remove_header(request.headers, name);
    }
}

bool keeps_method(int status) noexcept {
    return status == 307 || status == 308;
}

/// The page that sent us here, unless that would leak an https URL to http.
void set_referer(const base::Url& from, Request& next) {
    remove_header(next.headers, "Referer");
    if (from.scheme == "https" && next.url->scheme == "http") return;
    next.headers.push_back({"Referer", from.origin() + from.target()});
}

}  // namespace

bool is_redirect(const Exchange& answer) noexcept {
    if (!answer.answered() || answer.header("Location").empty()) return false;
    switch (answer.status) {
        case 301:
        case 302:
        case 303:
        case 307:
        case 308:
            return true;
        default:
            return false;
    }
}

base::Result<Request> redirected(Request from, const Exchange& answer, const ChainStart& start) {
    const auto location = answer.header("Location");
    auto resolved = base::resolve_url(location, *from.url);
    if (!resolved.ok()) {
        return base::within(base::format("following the redirect (status {})", answer.status),
                            resolved.error());
    }
    Request next = std::move(from);
    const std::shared_ptr<const base::Url> before =
        std::exchange(next.url, std::make_shared<const base::Url>(std::move(resolved).value()));
    if (!keeps_method(answer.status)) {
        if (next.method != "GET" && next.method != "HEAD") next.method = "GET";
        drop_body(next);
    }
    // A Host of the script's own stands for the server it meant, where the Location names none.
    if (find_header(next.headers, "Host") != nullptr && base::parse_url(location).ok()) {
        remove_header(next.headers, "Host");
    }
    if (!domain_matches(next.url->host, start.host)) {
        remove_header(next.headers, "Authorization");
        remove_header(next.headers, "Cookie");
    }
    if (!start.own_referer) set_referer(*before, next);
    return next;
}

}  // namespace weir::http
