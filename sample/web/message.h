// What a page sees of an HTTP request, and what it answers.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>

#include "sample/web/text.h"

namespace weir::sample {

struct Request {
    std::string method;
    std::string path;    // decoded, without the query
    std::string target;  // as it came, for the way back after a sign-in
    Pairs query;
    Pairs form;  // of an urlencoded body
    Pairs cookies;
    std::string authorization;
    std::chrono::nanoseconds queued{};  // how long it waited for a free thread

    [[nodiscard]] bool is_read() const { return method == "GET" || method == "HEAD"; }
};

struct Response {
    unsigned status = 200;
    std::string content_type = "text/html; charset=utf-8";
    std::string body;
    Pairs headers;
};

Response html_response(unsigned status, std::string body);
Response json_response(unsigned status, std::string body);
Response redirect_to(std::string location);

/// Adds a cookie a script in the page can't read, kept to same-site navigation.
void set_cookie(Response& response, std::string_view name, std::string_view value);
void clear_cookie(Response& response, std::string_view name);

/// Builds a request from its parts; the body counts only when its type is an urlencoded form.
struct RawRequest {
    std::string_view method;
    std::string_view target;
    std::string_view content_type;
    std::string_view cookie;
    std::string_view authorization;
    std::string_view body;
};
Request parse_request(const RawRequest& raw);

}  // namespace weir::sample
