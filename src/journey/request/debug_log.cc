#include "journey/request/debug_log.h"

#include <string>

#include "base/format.h"
#include "http/header_names.h"
#include "journey/host/host.h"
#include "journey/request/error_codes.h"

namespace weir::journey {

namespace {

template <typename Headers>
void append(std::string& out, const Headers& headers, const std::string& body, bool full) {
    for (const auto& header : headers) {
        // Credentials do not belong into logs, not even into those of a debugging session.
        const bool secret = http::same_name(header.name, "Authorization");
        out += base::format("{}: {}\n", header.name, secret ? "***" : header.value);
    }
    if (full && !body.empty()) out += "\n" + body + "\n";
}

}  // namespace

void log_hops(Host& host, const std::vector<http::Hop>& hops) {
    const bool full = host.settings.debug == HttpDebug::full;
    for (const http::Hop& hop : hops) {
        std::string text = base::format("request:\n{} {} to {}\n", hop.request.method,
                                        hop.request.url->target(), hop.request.url->authority());
        append(text, hop.request.headers, hop.request.body, full);
        if (hop.exchange.status == 0) {
            text += base::format("no response: {}", error_of(hop.exchange).words);
        } else {
            text +=
                base::format("response:\n{} {}\n", hop.exchange.status, hop.exchange.status_text);
            append(text, hop.exchange.headers, hop.exchange.body, full);
        }
        host.run.log.info(text);
    }
}

}  // namespace weir::journey
