#include "sample/testing/browser.h"

#include <algorithm>
#include <map>
#include <sstream>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include "sample/auth/directory.h"

namespace weir::sample {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;

namespace {

constexpr int redirects_max = 10;
constexpr std::uint64_t body_max = 64ULL << 20U;
constexpr auto patience = std::chrono::seconds(60);

struct Address {
    std::string origin;
    std::string host;
    std::string port;
    std::string target;
};

Address split(const std::string& url) {
    constexpr std::string_view scheme = "http://";
    const auto host_at = scheme.size();
    const auto path_at = std::min(url.find('/', host_at), url.size());
    const auto authority = url.substr(host_at, path_at - host_at);
    const auto colon = authority.rfind(':');
    Address address;
    address.origin = url.substr(0, path_at);
    address.host = authority.substr(0, colon);
    address.port = colon == std::string::npos ? "80" : authority.substr(colon + 1);
    address.target = path_at < url.size() ? url.substr(path_at) : "/";
    return address;
}

bool is_redirect(const Page& page) {
    return page.status >= 300 && page.status < 400;
}

}  // namespace

std::string_view Page::header(std::string_view name) const {
    for (const auto& [key, value] : headers) {
        if (lower_case(key) == lower_case(name)) return value;
    }
    return {};
}

std::string Page::between(std::string_view before, std::string_view after) const {
    const auto at = body.find(before);
    if (at == std::string::npos) return {};
    const auto begin = at + before.size();
    const auto end = body.find(after, begin);
    return end == std::string::npos ? std::string() : body.substr(begin, end - begin);
}

std::size_t Page::count(std::string_view text) const {
    std::size_t found = 0;
    for (auto at = body.find(text); at != std::string::npos; at = body.find(text, at + 1)) ++found;
    return found;
}

std::string Page::heading() const {
    const auto tag = between("<h1", "</h1>");
    return tag.substr(std::min(tag.find('>') + 1, tag.size()));
}

/// One keep-alive connection an origin. Reads run on a loop that gives up after a while, so that
/// a server that does not answer fails a test and does not hang it.
struct Browser::Connections {
    asio::io_context context;
    std::map<std::string, std::unique_ptr<beast::tcp_stream>> streams;

    beast::error_code wait(beast::tcp_stream& stream, const auto& start) {
        beast::error_code result;
        stream.expires_after(patience);
        start([&](const beast::error_code& error, auto&&...) { result = error; });
        context.restart();
        context.run();
        return result;
    }

    beast::tcp_stream* open(const Address& address, beast::error_code& error) {
        auto& stream = streams[address.origin];
        if (stream) return stream.get();
        stream = std::make_unique<beast::tcp_stream>(context);
        tcp::resolver resolver(context);
        const auto found = resolver.resolve(address.host, address.port, error);
        if (!error) {
            error = wait(*stream, [&](auto done) { stream->async_connect(found, done); });
        }
        if (error) streams.erase(address.origin);
        return error ? nullptr : streams[address.origin].get();
    }
};

Browser::Browser() : connections_(std::make_unique<Connections>()) {}
Browser::~Browser() = default;
Browser::Browser(Browser&&) noexcept = default;
Browser& Browser::operator=(Browser&&) noexcept = default;

Page Browser::call(const Call& call) {
    const auto address = split(call.url);
    Page page;
    page.url = call.url;
    beast::error_code error;
    auto* stream = connections_->open(address, error);
    if (error) {
        page.body = "connect: " + error.message();
        return page;
    }
    http::request<http::string_body> request(http::string_to_verb(call.method), address.target, 11);
    request.set(http::field::host, address.host + ":" + address.port);
    std::string cookies;
    for (const auto& [name, value] : cookies_) {
        cookies += (cookies.empty() ? "" : "; ") + name + "=" + value;
    }
    if (!cookies.empty()) request.set(http::field::cookie, cookies);
    if (!authorization_.empty()) request.set(http::field::authorization, authorization_);
    if (!call.body.empty()) {
        request.set(http::field::content_type, "application/x-www-form-urlencoded");
    }
    request.body() = call.body;
    request.prepare_payload();
    http::response_parser<http::string_body> parser;
    parser.body_limit(body_max);
    beast::flat_buffer buffer;
    error =
        connections_->wait(*stream, [&](auto done) { http::async_write(*stream, request, done); });
    if (!error) {
        error = connections_->wait(
            *stream, [&](auto done) { http::async_read(*stream, buffer, parser, done); });
    }
    if (error) {
        connections_->streams.erase(address.origin);
        page.body = "call: " + error.message();
        return page;
    }
    const auto& response = parser.get();
    page.status = response.result_int();
    page.body = response.body();
    for (const auto& field : response) {
        page.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
    }
    for (auto& [name, value] : page.headers) {
        if (name == "Location" && value.starts_with('/')) value = address.origin + value;
    }
    if (!response.keep_alive()) connections_->streams.erase(address.origin);
    keep_cookies(page);
    return page;
}

void Browser::keep_cookies(const Page& page) {
    for (const auto& [name, value] : page.headers) {
        if (name != "Set-Cookie") continue;
        const auto pair = value.substr(0, value.find(';'));
        const auto equals = pair.find('=');
        set_cookie(pair.substr(0, equals), pair.substr(equals + 1));
    }
}

void Browser::set_cookie(const std::string& name, const std::string& value) {
    std::erase_if(cookies_, [&](const auto& cookie) { return cookie.first == name; });
    if (!value.empty()) cookies_.emplace_back(name, value);
}

std::string Browser::cookie(std::string_view name) const {
    return std::string(first(cookies_, name));
}

Page Browser::follow(Page page) {
    for (int i = 0; i < redirects_max && is_redirect(page); ++i) {
        page = get_once(std::string(page.header("Location")));
    }
    return page;
}

Page Browser::get_once(const std::string& url) {
    return call({"GET", url, ""});
}

Page Browser::post_once(const std::string& url, const Pairs& form) {
    std::string body;
    for (const auto& [name, value] : form) {
        body += (body.empty() ? "" : "&") + encode_uri(name) + "=" + encode_uri(value);
    }
    return call({"POST", url, body});
}

Page Browser::get(const std::string& url) {
    return follow(get_once(url));
}

Page Browser::post(const std::string& url, const Pairs& form) {
    return follow(post_once(url, form));
}

Page Browser::sign_in(const Page& form, const std::string& user, const std::string& password) {
    const auto action = split(form.url).origin + "/auth/sign-in";
    return post(action, {{"_csrf", form.between("name=\"_csrf\" value=\"", "\"")},
                         {"username", user},
                         {"password", password}});
}

SignedIn sign_in_at(const std::string& url, const std::string& user) {
    SignedIn result;
    const auto form = result.browser.get(url);
    result.page = result.browser.sign_in(form, user, std::string(sample_password));
    return result;
}

}  // namespace weir::sample
