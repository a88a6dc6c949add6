#include "http/session.h"

#include <utility>

#include "http/credentials.h"
#include "http/header_names.h"

namespace weir::http {
namespace {

bool is_redirect(int status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

void drop_body(Request& request) {
    request.body.clear();
    request.has_body = false;
    for (const auto name :
         {"Content-Length", "Content-Type", "Content-Encoding", "Transfer-Encoding"}) {
        remove_header(request.headers, name);
    }
}

/// Where an answer sends us next; nothing when it does not, or says so wrongly (then it is the
/// answer).
std::optional<Request> redirected(const Request& from, const Exchange& answer) {
    if (!answer.answered() || !is_redirect(answer.status)) return std::nullopt;
    const auto location = answer.header("Location");
    if (location.empty()) return std::nullopt;
    auto url = base::resolve_url(location, *from.url);
    if (!url.ok()) return std::nullopt;
    Request next = from;
    next.url = std::make_shared<const base::Url>(std::move(url).value());
    const bool keeps_method = answer.status == 307 || answer.status == 308;
    if (!keeps_method && from.method != "GET" && from.method != "HEAD") {
        next.method = "GET";
        drop_body(next);
    }
    remove_header(next.headers, "Host");
    if (next.url->host != from.url->host) {
        remove_header(next.headers, "Authorization");
        remove_header(next.headers, "Cookie");
    }
    // As Go's net/http: the page that sent us here, unless that would leak an https URL to http.
    const bool leaks = from.url->scheme == "https" && next.url->scheme == "http";
    if (!leaks && find_header(from.headers, "Referer") == nullptr) {
        remove_header(next.headers, "Referer");
        next.headers.push_back({"Referer", from.url->origin() + from.url->target()});
    }
    return next;
}

class Fetch {
public:
    Fetch(Client& client, FetchSettings& settings) : client_(client), settings_(settings) {}

    std::vector<Hop> run(Request request) {
        bool first = true;
        for (int redirects = 0;; ++redirects) {
            if (!send(request, first)) return std::move(hops_);
            if (settings_.auth == Auth::digest && first) answer_challenge(request);
            first = false;
            auto next = redirected(hops_.back().request, hops_.back().exchange);
            if (!next || settings_.redirects_max == 0) return std::move(hops_);
            if (redirects >= settings_.redirects_max) {
                // As k6: the last redirect is the answer; the caller may say so.
                hops_.back().exchange.failure.text =
                    "stopped after the allowed number of redirects";
                return std::move(hops_);
            }
            request = std::move(*next);
        }
    }

private:
    /// False: before_hop refused.
    bool send(Request& request, bool first) {
        Request sent = request;
        if (settings_.auth != Auth::digest) add_basic(sent);
        add_cookies(sent, first);
        if (settings_.before_hop && !settings_.before_hop(sent)) {
            Hop refused{std::move(sent), {}};
            refused.exchange.failure.text = "not sent";
            hops_.push_back(std::move(refused));
            return false;
        }
        Exchange exchange = client_.send(sent, settings_.send);
        store_cookies(sent, exchange);
        hops_.push_back({std::move(sent), std::move(exchange)});
        return true;
    }

    static void add_basic(Request& request) {
        const auto& url = *request.url;
        if (url.username.empty() || find_header(request.headers, "Authorization") != nullptr)
            return;
        request.headers.push_back(
            {"Authorization",
             basic_credentials(percent_decoded(url.username), percent_decoded(url.password))});
    }

    void add_cookies(Request& request, bool first) {
        std::string value;
        if (first) {
            for (const auto& cookie : settings_.cookies) {
                if (!value.empty()) value += "; ";
                value.append(cookie.name).append("=").append(cookie.value);
            }
        }
        if (settings_.jar != nullptr) {
            settings_.jar->append_header(*request.url, client_.wall(), value);
        }
        if (value.empty()) return;
        for (auto& header : request.headers) {
            if (!same_name(header.name, "Cookie")) continue;
            header.value += "; " + value;
            return;
        }
        request.headers.push_back({"Cookie", std::move(value)});
    }

    void store_cookies(const Request& request, const Exchange& exchange) {
        if (settings_.jar == nullptr) return;
        for (const auto& header : exchange.headers) {
            if (!same_name(header.name, "Set-Cookie")) continue;
            const auto now = client_.wall();
            if (auto cookie = parse_set_cookie(header.value, now)) {
                settings_.jar->store(std::move(*cookie), *request.url, now);
            }
        }
    }

    void answer_challenge(Request& request) {
        const auto& answer = hops_.back().exchange;
        const auto& url = *request.url;
        if (!answer.answered() || answer.status != 401 || url.username.empty()) return;
        const auto user = percent_decoded(url.username);
        const auto password = percent_decoded(url.password);
        base::Random random(base::entropy());
        const auto value = digest_credentials(answer.header("WWW-Authenticate"),
                                              {.method = request.method,
                                               .target = url.path + url.query,
                                               .user = user,
                                               .password = password},
                                              random);
        if (!value) return;
        request.headers.push_back({"Authorization", *value});
        (void)send(request, true);
    }

    Client& client_;
    FetchSettings& settings_;
    std::vector<Hop> hops_;
};

}  // namespace

std::vector<Hop> fetch(Client& client, Request first, FetchSettings& settings) {
    return Fetch(client, settings).run(std::move(first));
}

}  // namespace weir::http
