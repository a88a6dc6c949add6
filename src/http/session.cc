#include "http/session.h"

#include <optional>
#include <utility>

#include "base/format.h"
#include "base/random.h"
#include "http/auth/credentials.h"
#include "http/header_names.h"
#include "http/redirect.h"

namespace weir::http {
namespace {

class Fetch {
public:
    Fetch(Client& client, FetchSettings& settings) : client_(client), settings_(settings) {
        settings_.send.decompress = settings_.decompress;
    }

    std::vector<Hop> run(Request request) {
        start_.host = request.url->host;
        start_.own_referer = find_header(request.headers, "Referer") != nullptr;
        if (const Header* const own = find_header(request.headers, "Cookie")) {
            own_cookie_ = own->value;
        }
        if (settings_.auth == Auth::ntlm) {
            refuse(std::move(request),
                   "NTLM authentication is not supported: use basic or digest, or send your own "
                   "Authorization header");
            return std::move(hops_);
        }
        std::optional<Request> next = std::move(request);
        while (next) {
            if (!send(std::move(*next))) break;
            next = following();
        }
        return std::move(hops_);
    }

private:
    /// False: before_hop refused.
    bool send(Request request) {
        if (settings_.auth != Auth::digest) add_basic(request);
        add_cookies(request);
        if (settings_.before_hop && !settings_.before_hop(request)) {
            refuse(std::move(request), "not sent");
            return false;
        }
        Hop& hop = hops_.emplace_back();
        hop.exchange = client_.send(request, settings_.send);
        hop.request = std::move(request);
        store_cookies(hop);
        return true;
    }

    void refuse(Request request, std::string why) {
        Hop& hop = hops_.emplace_back();
        hop.request = std::move(request);
        hop.exchange.failure = {net::Fault::io, std::move(why)};
    }

    /// What the last answer asks for, if anything.
    std::optional<Request> following() {
        Hop& last = hops_.back();
        if (settings_.auth == Auth::digest && !std::exchange(challenge_answered_, true)) {
            if (auto answer = answer_to_challenge(last)) {
                last.challenge = true;
                return answer;
            }
        }
        if (!is_redirect(last.exchange) || settings_.redirects_max == 0) return std::nullopt;
        if (redirects_ == settings_.redirects_max) {
            last.exchange.outcome = Outcome::too_many_redirects;
            last.exchange.failure.text =
                base::format("stopped after {} redirects", settings_.redirects_max);
            return std::nullopt;
        }
        redirects_ += 1;
        auto next = redirected(without_our_cookies(last.request), last.exchange, start_);
        if (!next.ok()) {
            last.exchange.outcome = Outcome::not_http;
            last.exchange.failure = {net::Fault::io, next.error().text};
            return std::nullopt;
        }
        if (settings_.auth == Auth::digest) remove_header(next.value().headers, "Authorization");
        challenge_answered_ = false;
        same_site_ = same_site_ && domain_matches(next.value().url->host, start_.host);
        return std::move(next).value();
    }

    static void add_basic(Request& request) {
        const auto& url = *request.url;
        if (url.username.empty() && url.password.empty()) return;
        if (find_header(request.headers, "Authorization") != nullptr) return;
        request.headers.push_back(
            {"Authorization",
             basic_credentials(percent_decoded(url.username), percent_decoded(url.password))});
    }

    /// The script's own header, then the request's cookies, then the jar's.
    void add_cookies(Request& request) {
        std::string value;
        if (same_site_) {
            for (const auto& cookie : settings_.cookies) {
                if (!value.empty()) value += "; ";
                value.append(cookie.name).append(1, '=').append(cookie.value);
            }
        }
        if (settings_.jar != nullptr && !settings_.jar->empty()) {
            settings_.jar->append_header(*request.url, client_.wall(), value);
        }
        if (value.empty()) return;
        for (auto& header : request.headers) {
            if (!same_name(header.name, "Cookie")) continue;
            header.value.append("; ").append(value);
            return;
        }
        request.headers.push_back({"Cookie", std::move(value)});
    }

    /// They are chosen anew for each hop.
    Request without_our_cookies(Request request) const {
        remove_header(request.headers, "Cookie");
        if (own_cookie_ && same_site_) request.headers.push_back({"Cookie", *own_cookie_});
        return request;
    }

    void store_cookies(const Hop& hop) {
        if (settings_.jar == nullptr) return;
        for (const HeaderField header : hop.exchange.headers) {
            if (!same_name(header.name, "Set-Cookie")) continue;
            const auto now = client_.wall();
            if (auto cookie = parse_set_cookie(header.value, now)) {
                settings_.jar->store(std::move(*cookie), *hop.request.url, now);
            }
        }
    }

    [[nodiscard]] std::optional<Request> answer_to_challenge(const Hop& challenge) const {
        const auto& url = *challenge.request.url;
        const auto& answer = challenge.exchange;
        if (!answer.answered() || answer.status != 401 || url.username.empty()) return std::nullopt;
        const std::string client_nonce = base::format("{:016x}", base::entropy());
        const std::string user = percent_decoded(url.username);
        const std::string password = percent_decoded(url.password);
        const std::string target = url.target();
        for (const HeaderField header : answer.headers) {
            if (!same_name(header.name, "WWW-Authenticate")) continue;
            auto credentials = digest_credentials(header.value, {.method = challenge.request.method,
                                                                 .target = target,
                                                                 .user = user,
                                                                 .password = password,
                                                                 .client_nonce = client_nonce});
            if (!credentials) continue;
            Request again = without_our_cookies(challenge.request);
            remove_header(again.headers, "Authorization");
            again.headers.push_back({"Authorization", std::move(*credentials)});
            return again;
        }
        return std::nullopt;
    }

    Client& client_;
    FetchSettings& settings_;
    ChainStart start_;
    std::optional<std::string> own_cookie_;
    bool same_site_ = true;            // as the first hop; once left, for good
    bool challenge_answered_ = false;  // at this hop
    int redirects_ = 0;
    std::vector<Hop> hops_;
};

}  // namespace

std::vector<Hop> fetch(Client& client, Request first, FetchSettings& settings) {
    return Fetch(client, settings).run(std::move(first));
}

}  // namespace weir::http
