#include "sample/web/message.h"

namespace weir::sample {

Response html_response(unsigned status, std::string body) {
    Response response;
    response.status = status;
    response.body = std::move(body);
    return response;
}

Response json_response(unsigned status, std::string body) {
    Response response;
    response.status = status;
    response.content_type = "application/json";
    response.body = std::move(body);
    return response;
}

Response redirect_to(std::string location) {
    Response response;
    response.status = 302;
    response.body = "Found. Redirecting to " + escaped(location);
    response.headers.emplace_back("Location", std::move(location));
    return response;
}

void set_cookie(Response& response, std::string_view name, std::string_view value) {
    std::string text(name);
    text.append("=").append(value).append("; Path=/; HttpOnly; SameSite=Lax");
    response.headers.emplace_back("Set-Cookie", std::move(text));
}

void clear_cookie(Response& response, std::string_view name) {
    std::string text(name);
    text += "=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax";
    response.headers.emplace_back("Set-Cookie", std::move(text));
}

Request parse_request(const RawRequest& raw) {
    Request request;
    request.method = raw.method;
    request.target = raw.target;
    const auto mark = raw.target.find('?');
    request.path = decode_form_text(raw.target.substr(0, mark));
    if (mark != std::string_view::npos) request.query = parse_form(raw.target.substr(mark + 1));
    request.cookies = parse_cookies(raw.cookie);
    request.authorization = raw.authorization;
    if (raw.content_type.starts_with("application/x-www-form-urlencoded")) {
        request.form = parse_form(raw.body);
    }
    return request;
}

}  // namespace weir::sample
