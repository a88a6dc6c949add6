#include "app/history/page_policy.h"

#include "base/assert.h"

namespace weir::app {

std::string policy_of_page(std::string_view page) {
    constexpr std::string_view before = "http-equiv=\"Content-Security-Policy\" content=\"";
    const auto at = page.find(before);
    CHECK(at != std::string_view::npos);
    const auto begin = at + before.size();
    const auto end = page.find('"', begin);
    CHECK(end != std::string_view::npos);
    return std::string(page.substr(begin, end - begin)) + "; frame-ancestors 'none'";
}

std::string_view policy_of_reports() noexcept {
    return "sandbox allow-scripts allow-popups allow-popups-to-escape-sandbox allow-downloads "
           "allow-modals; default-src 'none'; script-src 'unsafe-inline'; style-src "
           "'unsafe-inline'; img-src data: blob:; base-uri 'none'; form-action 'none'; "
           "frame-ancestors 'none'";
}

std::string_view policy_of_data() noexcept {
    return "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
}

}  // namespace weir::app
