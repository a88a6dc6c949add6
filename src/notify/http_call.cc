#include "notify/http_call.h"

#include <algorithm>

#include "base/format.h"
#include "base/version.h"
#include "notify/markup.h"
#include "stats/base64.h"

namespace weir::notify {

Delivery delivery_of(const HttpAnswer& answer) noexcept {
    if (answer.status >= 200 && answer.status < 300) return Delivery::done;
    const bool again =
        answer.status == 0 || answer.status >= 500 || answer.status == 408 || answer.status == 429;
    return again ? Delivery::later : Delivery::refused;
}

std::string words_of(const HttpAnswer& answer) {
    constexpr std::size_t most = 200;
    std::string words = answer.status == 0
                            ? answer.failure
                            : base::format("status {}: {}", answer.status,
                                           std::string_view(answer.body).substr(0, most));
    const auto control = [](char c) { return static_cast<unsigned char>(c) < ' '; };
    std::replace_if(words.begin(), words.end(), control, ' ');
    words.resize(words.find_last_not_of(" :") + 1);
    return shortened(words, most);
}

std::string bearer(const std::string& token) {
    return token.empty() ? token : "Bearer " + token;
}

std::string basic(const std::string& username, const std::string& password) {
    const std::string pair = username + ":" + password;
    return "Basic " + stats::to_base64({pair.begin(), pair.end()});
}

HttpCall json_call(std::string_view method,
                   std::string url,
                   const std::string& authorization,
                   std::string body) {
    HttpCall call{.method = std::string(method),
                  .url = std::move(url),
                  .headers = {{"User-Agent", base::format("weir/{}", base::version)},
                              {"Content-Type", "application/json"},
                              {"Accept", "application/json"}},
                  .body = std::move(body)};
    if (!authorization.empty()) call.headers.emplace_back("Authorization", authorization);
    return call;
}

std::string joined_url(std::string_view base, std::string_view path) {
    while (base.ends_with('/')) base.remove_suffix(1);
    return std::string(base) + std::string(path);
}

}  // namespace weir::notify
