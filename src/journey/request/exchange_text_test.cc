#include "journey/request/exchange_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plan/secrets.h"

namespace weir::journey {
namespace {

using testing::HasSubstr;
using testing::Not;
using namespace std::chrono_literals;

http::Hop hop_with(std::string body, std::string_view type = "text/html") {
    http::Hop hop;
    hop.request.url = std::make_shared<const base::Url>(
        base::parse_url("http://u:pw@target.test/a?token=t&page=2").value());
    hop.exchange.outcome = http::Outcome::answered;
    hop.exchange.status = 200;
    hop.exchange.status_text = "OK";
    hop.exchange.protocol = http::Protocol::http_1_1;
    hop.exchange.headers.add("Content-Type", type);
    hop.exchange.body = std::move(body);
    return hop;
}

std::string shown(const http::Hop& hop, const plan::Secrets* secrets = nullptr) {
    return exchange_text(hop, {.bodies = true, .lateness = {}, .secrets = secrets});
}

TEST(ExchangeText, ShowsWhatWentOverTheWireAndHowLongEachPartTook) {
    http::Hop hop = hop_with("hello");
    hop.request.method = "POST";
    hop.request.headers.push_back({"Cookie", "sid=abc"});
    hop.request.body = "x";
    auto& exchange = hop.exchange;
    exchange.timings = {.blocked = 9ms,
                        .looking_up = 1ms,
                        .connecting = 2ms,
                        .tls_handshaking = 3ms,
                        .sending = 4ms,
                        .waiting = 50ms,
                        .receiving = 6ms};
    exchange.end = exchange.start + 69ms;
    exchange.bytes_sent = 80;
    exchange.bytes_received = 90;
    exchange.peer = {.ip = "127.0.0.1", .port = 8080};
    EXPECT_EQ(exchange_text(hop, {.bodies = true, .lateness = 12ms, .secrets = nullptr}),
              "Request:\nPOST /a?token=***&page=2 HTTP/1.1\nHost: target.test\nCookie: sid=***\n"
              "Content-Length: 1\n\nx\n\n"
              "Response:\nHTTP/1.1 200 OK\nContent-Type: text/html\n\nhello\n\n"
              "Timings: begun 12.00 ms after it was due; wait 3.00 ms, lookup 1.00 ms, connect "
              "2.00 ms, TLS 3.00 ms, send 4.00 ms, TTFB 50.00 ms, receive 6.00 ms, total 69.00 ms\n"
              "Sizes: 80 bytes sent, 90 bytes received, body 5 bytes\n"
              "Connection: 127.0.0.1 port 8080, new\n");
    EXPECT_THAT(exchange_text(hop, {}), Not(HasSubstr("hello")));
}

TEST(ExchangeText, AFailureSaysWhatHappenedInstead) {
    http::Hop hop = hop_with("");
    hop.exchange = {};
    hop.exchange.failure = {net::Fault::connection_refused, "127.0.0.1:1 refused"};
    EXPECT_THAT(shown(hop), HasSubstr("Response:\nnone: dial: connection refused: 127.0.0.1:1"));
}

TEST(ExchangeText, ATerminalIsNotCommandedAndBinaryIsSaidToBeSo) {
    EXPECT_THAT(shown(hop_with("a\x1b[2Jb\tc\r\n\x7f")), HasSubstr("a\\x1b[2Jb\tc\n\\x7f"));
    EXPECT_THAT(shown(hop_with(std::string("PNG\0x", 5))), HasSubstr("(binary, 5 bytes)"));
    EXPECT_THAT(shown(hop_with("\xff\xfe")), HasSubstr("(binary, 2 bytes)"));
    EXPECT_THAT(shown(hop_with("Zoë")), HasSubstr("Zoë"));
}

TEST(ExchangeText, ACutLeavesNoPartOfASecretNorOfACharacter) {
    plan::Secrets secrets;
    secrets.add("hunter2-hunter2-hunter2");
    // Wherever the secret lies around the cut, and however much shorter the mask makes the text.
    for (std::size_t before = body_shown_most - 40; before < body_shown_most + 40; before += 3) {
        std::string body(before, 'x');
        for (int i = 0; i < 2000; ++i) body += "hunter2-hunter2-hunter2 é";
        const auto text = shown(hop_with(body), &secrets);
        EXPECT_THAT(text, Not(HasSubstr("hunt"))) << before;
        EXPECT_THAT(text, Not(HasSubstr("\xc3\n"))) << before;
        EXPECT_THAT(text, HasSubstr("(cut: the body has")) << before;
    }
}

}  // namespace
}  // namespace weir::journey
