#include "http/h1_codec.h"

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "http/content_encoding.h"

namespace weir::http {
namespace {

using Progress = ResponseParser::Progress;

std::shared_ptr<const base::Url> url_of(std::string_view text) {
    return std::make_shared<const base::Url>(base::parse_url(text).value());
}

std::string written(const Request& request, const WireForm& form = {}) {
    std::string out;
    out += write_request(request, form, out);
    return out;
}

// ------------------------------------------------------------------ requests

TEST(WriteRequest, SaysHostAndHeadersInOrder) {
    Request request;
    request.url = url_of("http://shop.test:8080/a%20b?c=d#e");
    request.headers = {{"Accept", "*/*"}, {"x-Empty", ""}};
    EXPECT_EQ(
        written(request),
        "GET /a%20b?c=d HTTP/1.1\r\nHost: shop.test:8080\r\nAccept: */*\r\nx-Empty: \r\n\r\n");
}

TEST(WriteRequest, LeavesOutTheDefaultPortAndBracketsIpv6) {
    Request request;
    request.url = url_of("https://[::1]:443/");
    EXPECT_EQ(written(request), "GET / HTTP/1.1\r\nHost: [::1]\r\n\r\n");
}

TEST(WriteRequest, TakesTheScriptsHostButNeverItsLength) {
    Request request;
    request.method = "POST";
    request.url = url_of("http://shop.test/");
    request.headers = {
        {"host", "other.test"}, {"content-length", "3"}, {"Transfer-Encoding", "chunked"}};
    request.body = "hello";
    request.has_body = true;
    EXPECT_EQ(written(request),
              "POST / HTTP/1.1\r\nhost: other.test\r\nContent-Length: 5\r\n\r\nhello");
}

TEST(WriteRequest, SaysTheLengthOfAnEmptyBodyToo) {
    Request request;
    request.method = "POST";
    request.url = url_of("http://shop.test/");
    request.has_body = true;
    EXPECT_EQ(written(request), "POST / HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 0\r\n\r\n");
}

TEST(WriteRequest, TellsProxiesTheWholeUrl) {
    Request request;
    request.url = url_of("http://user:secret@shop.test:81/a?b");
    EXPECT_EQ(
        written(request, {.absolute = true, .proxy_authorization = "Basic eA==", .close = true}),
        "GET http://shop.test:81/a?b HTTP/1.1\r\nHost: shop.test:81\r\n"
        "Proxy-Authorization: Basic eA==\r\nConnection: close\r\n\r\n");
}

TEST(WriteRequest, DoesNotCopyLargeBodies) {
    Request request;
    request.method = "PUT";
    request.url = url_of("http://shop.test/");
    request.has_body = true;
    request.body.assign(100'000, 'x');
    std::string head;
    const auto rest = write_request(request, {}, head);
    EXPECT_EQ(rest.data(), request.body.data());
    EXPECT_EQ(rest.size(), request.body.size());
    EXPECT_TRUE(head.ends_with("Content-Length: 100000\r\n\r\n"));
}

TEST(CheckRequest, RefusesWhatWouldBecomeAnotherHeader) {
    Request request;
    request.url = url_of("http://shop.test/");
    request.headers = {{"Accept", "a\tb \xc3\xa9"}};
    EXPECT_TRUE(check_request(request).ok());
    for (const std::string_view value : {"a\r\nX: 1", "a\nb", "a\rb", "\x01", "\x7f"}) {
        request.headers = {{"X-Name", std::string(value)}};
        const auto checked = check_request(request);
        ASSERT_FALSE(checked.ok());
        EXPECT_NE(checked.error().text.find("X-Name"), std::string::npos);
    }
    for (const std::string_view name : {"", "X Name", "X:", "X\r\n", "\xc3\xa9"}) {
        request.headers = {{std::string(name), "1"}};
        EXPECT_FALSE(check_request(request).ok()) << name;
    }
    request.headers.clear();
    request.method = "GET /";
    EXPECT_FALSE(check_request(request).ok());
}

// ----------------------------------------------------------------- responses

struct Parsed {
    Exchange exchange;
    Progress progress = Progress::more;
    bool keep_alive = false;
    Outcome problem = Outcome::answered;
    std::string text;
};

struct Feeding {
    bool head = false;
    bool ends = false;  // the stream ends after the text
    std::size_t piece = 1U << 20U;
    SendSettings limits{};
};

Parsed parse(std::string_view text, const Feeding& feeding = {}) {
    Parsed parsed;
    ResponseParser parser;
    parser.begin(parsed.exchange, feeding.limits, feeding.head);
    while (!text.empty() && parsed.progress == Progress::more) {
        const auto piece = text.substr(0, feeding.piece);
        parsed.progress = parser.feed(std::as_bytes(std::span(piece.data(), piece.size())));
        text.remove_prefix(piece.size());
    }
    if (parsed.progress == Progress::more && feeding.ends) parsed.progress = parser.finish();
    parsed.keep_alive = parsed.progress == Progress::done && text.empty() && parser.keep_alive();
    parsed.problem = parser.problem();
    parsed.text = parser.problem_text();
    return parsed;
}

std::string headers_of(const Exchange& exchange) {
    std::string all;
    for (const HeaderField field : exchange.headers) {
        all.append(field.name).append("=").append(field.value).append(";");
    }
    return all;
}

struct Wanted {
    std::string_view name;
    std::string_view text;
    int status;
    std::string_view headers;
    std::string_view body;
    bool keep_alive = true;
    bool head = false;
    bool ends = false;
};

class Answers : public ::testing::TestWithParam<Wanted> {};

TEST_P(Answers, AreReadWholeAndByteByByte) {
    const Wanted& wanted = GetParam();
    for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, std::size_t{1} << 20U}) {
        const auto parsed =
            parse(wanted.text, {.head = wanted.head, .ends = wanted.ends, .piece = piece});
        ASSERT_EQ(parsed.progress, Progress::done) << parsed.text;
        EXPECT_EQ(parsed.exchange.status, wanted.status);
        EXPECT_EQ(headers_of(parsed.exchange), wanted.headers);
        EXPECT_EQ(parsed.exchange.body, wanted.body);
        EXPECT_EQ(parsed.keep_alive, wanted.keep_alive);
    }
}

INSTANTIATE_TEST_SUITE_P(
    Responses,
    Answers,
    ::testing::Values(
        Wanted{"length",
               "HTTP/1.1 200 OK\r\nA: 1\r\nB:\r\na:  2 \t \r\nContent-Length: 5\r\n\r\nhello", 200,
               "A=1;B=;a=2;Content-Length=5;", "hello"},
        Wanted{
            "chunks",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n6\r\n world\r\n"
            "0\r\nTrailer: 1\r\nOther: 2\r\n\r\n",
            200, "Transfer-Encoding=chunked;", "hello world"},
        Wanted{"until the end", "HTTP/1.1 200 OK\r\n\r\nhello", 200, "", "hello", false, false,
               true},
        Wanted{"nothing until the end", "HTTP/1.1 200 OK\r\n\r\n", 200, "", "", false, false, true},
        Wanted{"old and closing", "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi", 200,
               "Content-Length=2;", "hi", false},
        Wanted{"old and kept",
               "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nhi", 200,
               "Connection=keep-alive;Content-Length=2;", "hi", true},
        Wanted{"closing", "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi",
               200, "Connection=close;Content-Length=2;", "hi", false},
        Wanted{"head", "HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n", 200,
               "Content-Length=9999;", "", true, true},
        Wanted{"head of chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", 200,
               "Transfer-Encoding=chunked;", "", true, true},
        Wanted{"head without length", "HTTP/1.1 200 OK\r\n\r\n", 200, "", "", true, true},
        Wanted{"no content", "HTTP/1.1 204 No Content\r\n\r\n", 204, "", ""},
        Wanted{"no content that says a length", "HTTP/1.1 204 No\r\nContent-Length: 3\r\n\r\n", 204,
               "Content-Length=3;", ""},
        Wanted{"not modified", "HTTP/1.1 304 Not Modified\r\nContent-Length: 500\r\n\r\n", 304,
               "Content-Length=500;", ""},
        Wanted{"empty", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 200, "Content-Length=0;",
               ""},
        Wanted{"no reason", "HTTP/1.1 404\r\nContent-Length: 0\r\n\r\n", 404, "Content-Length=0;",
               ""},
        Wanted{
            "after interim ones",
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\nEmpty:\r\n\r\n"
            "HTTP/1.1 201 Created\r\nA: 1\r\nContent-Length: 1\r\n\r\nx",
            201, "A=1;Content-Length=1;", "x"},
        Wanted{"an interim one with a length",
               "HTTP/1.1 199 Odd\r\nContent-Length: 4\r\n\r\n"
               "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx",
               200, "Content-Length=1;", "x"},
        Wanted{"switching unasked",
               "HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n", 101,
               "Upgrade=x;Connection=upgrade;", "", false},
        Wanted{"unknown status", "HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n", 999,
               "Content-Length=0;", ""}));

TEST(ResponseParser, DoesNotKeepAConnectionWithMoreToSay) {
    const auto parsed =
        parse("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhiHTTP/1.1 200 OK\r\n\r\n");
    EXPECT_EQ(parsed.progress, Progress::done);
    EXPECT_EQ(parsed.exchange.body, "hi");
    EXPECT_FALSE(parsed.keep_alive);
    EXPECT_FALSE(parse("HTTP/1.1 204 No\r\nContent-Length: 2\r\n\r\nhi").keep_alive);
}

TEST(ResponseParser, SaysProtocolAndStatusText) {
    EXPECT_EQ(parse("HTTP/1.0 200 All is well\r\nContent-Length: 0\r\n\r\n").exchange.protocol,
              Protocol::http_1_0);
    const auto parsed = parse("HTTP/1.1 200 All is well\r\nContent-Length: 0\r\n\r\n");
    EXPECT_EQ(parsed.exchange.protocol, Protocol::http_1_1);
    EXPECT_EQ(parsed.exchange.status_text, "All is well");
}

TEST(ResponseParser, TakesNoPrefixForTheWhole) {
    for (const std::string_view text :
         {"HTTP/1.1 200 OK\r\nA: 1\r\nContent-Length: 5\r\n\r\nhello",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"}) {
        for (std::size_t length = 1; length < text.size(); ++length) {
            const auto parsed = parse(text.substr(0, length), {.ends = true});
            ASSERT_EQ(parsed.progress, Progress::failed) << text.substr(0, length);
            EXPECT_EQ(parsed.problem, Outcome::truncated);
        }
    }
    EXPECT_EQ(parse("HTTP/1.1 100 Continue\r\n\r\n", {.ends = true}).problem, Outcome::truncated);
}

TEST(ResponseParser, RefusesWhatIsNoHttp) {
    for (const std::string_view text :
         {"SSH-2.0-OpenSSH_9.2\r\n", "HTTP/2.0 200 OK\r\n\r\n", "HTTP/0.9 200 OK\r\n\r\n",
          "HTTP/1.1 20 OK\r\n\r\n", "HTTP/1.1 099 OK\r\n\r\n", "HTTP/1.1 OK\r\n\r\n",
          "HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "HTTP/1.1 200 OK\r\nA : 1\r\n\r\n",
          "HTTP/1.1 200 OK\r\nA: \x01\r\n\r\n", "RTSP/1.0 200 OK\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
          "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello",
          "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\nhello",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n"}) {
        for (const std::size_t piece : {std::size_t{1}, std::size_t{1000}}) {
            const auto parsed = parse(text, {.piece = piece});
            EXPECT_EQ(parsed.progress, Progress::failed) << text;
            EXPECT_EQ(parsed.problem, Outcome::not_http) << text;
            EXPECT_FALSE(parsed.text.empty());
        }
    }
}

TEST(ResponseParser, KnowsATlsServerWhenItHearsOne) {
    const auto parsed = parse("\x15\x03\x01\x02\x02\x16");
    EXPECT_EQ(parsed.problem, Outcome::not_http);
    EXPECT_NE(parsed.text.find("https://"), std::string::npos);
}

TEST(ResponseParser, LimitsHeaders) {
    std::string many = "HTTP/1.1 200 OK\r\n";
    for (int i = 0; i < 100'000; ++i) many += "a:\r\n";
    EXPECT_EQ(parse(many).problem, Outcome::headers_too_large);

    SendSettings limits;
    limits.header_limit = 1000;
    const std::string large = "HTTP/1.1 200 OK\r\nA: " + std::string(1001, 'x');
    EXPECT_EQ(parse(large, {.limits = limits}).problem, Outcome::headers_too_large);
    const std::string name = "HTTP/1.1 200 OK\r\n" + std::string(1001, 'x');
    EXPECT_EQ(parse(name, {.limits = limits}).problem, Outcome::headers_too_large);
    const std::string reason = "HTTP/1.1 200 " + std::string(1001, 'x');
    EXPECT_EQ(parse(reason, {.limits = limits}).problem, Outcome::headers_too_large);
    const std::string fits = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nA: " + std::string(900, 'x');
    EXPECT_EQ(parse(fits + "\r\n\r\n", {.limits = limits}).progress, Progress::done);

    std::string trailers = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n";
    for (int i = 0; i < 1000; ++i) trailers += "a: b\r\n";
    EXPECT_EQ(parse(trailers, {.limits = limits}).problem, Outcome::headers_too_large);

    std::string interim;
    for (int i = 0; i < 1000; ++i) interim += "HTTP/1.1 100 Continue\r\n\r\n";
    EXPECT_EQ(parse(interim, {.limits = limits}).problem, Outcome::headers_too_large);
}

TEST(ResponseParser, LimitsBodies) {
    SendSettings limits;
    limits.body_limit = 5;
    const std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    EXPECT_EQ(parse(chunked + "5\r\nhello\r\n0\r\n\r\n", {.limits = limits}).exchange.body,
              "hello");
    const auto parsed = parse(chunked + "5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n", {.limits = limits});
    EXPECT_EQ(parsed.problem, Outcome::body_too_large);
    EXPECT_EQ(parsed.exchange.body.capacity(), std::string().capacity());  // what was kept is gone

    // A length that is too large needs no byte of the body.
    EXPECT_EQ(parse("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n", {.limits = limits}).problem,
              Outcome::body_too_large);
    limits.discard_body = true;
    const auto discarded =
        parse("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello!", {.limits = limits});
    EXPECT_EQ(discarded.progress, Progress::done);
    EXPECT_EQ(discarded.exchange.body, "");
}

TEST(ResponseParser, PromisesOfLengthTakeNoMemory) {
    SendSettings limits;
    limits.body_limit = std::size_t{1} << 40U;
    const auto parsed =
        parse("HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\nx", {.limits = limits});
    EXPECT_EQ(parsed.progress, Progress::more);
    EXPECT_LT(parsed.exchange.body.capacity(), 4'000'000U);
}

std::string coded_answer(std::string_view coding, const std::string& body) {
    return "HTTP/1.1 200 OK\r\nContent-Encoding: " + std::string(coding) +
           "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

TEST(ResponseParser, DecodesBodies) {
    const std::string text(50'000, 'x');
    const std::string coded = encode_content("gzip", text).value();
    for (const std::size_t piece : {std::size_t{1}, std::size_t{1000}}) {
        EXPECT_EQ(parse(coded_answer("gzip", coded), {.piece = piece}).exchange.body, text);
    }
    SendSettings raw;
    raw.decompress = false;
    EXPECT_EQ(parse(coded_answer("gzip", coded), {.limits = raw}).exchange.body, coded);

    SendSettings small;
    small.body_limit = 49'999;
    const auto bomb = parse(coded_answer("gzip", coded), {.limits = small});
    EXPECT_EQ(bomb.problem, Outcome::body_too_large);
    EXPECT_EQ(bomb.exchange.body.capacity(), std::string().capacity());

    EXPECT_EQ(parse(coded_answer("gzip", "no gzip")).problem, Outcome::bad_encoding);
    const auto half = parse(coded_answer("gzip", coded.substr(0, coded.size() / 2)));
    EXPECT_EQ(half.problem, Outcome::bad_encoding);
    EXPECT_EQ(parse(coded_answer("gzip", "")).progress, Progress::done);
    EXPECT_EQ(parse(coded_answer("gzip", ""), {.head = true}).progress, Progress::done);
}

TEST(ResponseParser, BeginsAnewForEachResponse) {
    ResponseParser parser;
    const auto feed = [&parser](std::string_view text) {
        return parser.feed(std::as_bytes(std::span(text.data(), text.size())));
    };
    Exchange first;
    parser.begin(first, {}, false);
    EXPECT_EQ(feed("nonsense"), Progress::failed);
    Exchange second;
    parser.begin(second, {}, true);
    EXPECT_EQ(feed("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n"), Progress::done);
    Exchange third;
    parser.begin(third, {}, false);
    EXPECT_EQ(feed("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab"), Progress::more);
    EXPECT_EQ(feed("c"), Progress::done);
    EXPECT_EQ(third.body, "abc");
    EXPECT_TRUE(parser.keep_alive());
}

TEST(ServerTiming, IsToldWhereHeadersAreRead) {
    const auto told = [](const std::string& headers, const std::string& body = "") {
        return parse("HTTP/1.1 200 OK\r\n" + headers + "\r\n" + body).exchange.has_server_timing;
    };
    const std::string empty = "Content-Length: 0\r\n";
    EXPECT_TRUE(told(empty + "Server-Timing: db;dur=1\r\n"));
    EXPECT_TRUE(told("sErVeR-tImInG:\r\nX-A: 1\r\n" + empty));
    EXPECT_FALSE(told(empty + "Server: timing\r\nServer-Timinh: 1\r\n"));
    const std::string chunked = "Transfer-Encoding: chunked\r\n";
    EXPECT_FALSE(told(chunked, "0\r\nServer-Timing: db;dur=1\r\n\r\n"));
    const std::string hints = "HTTP/1.1 103 Early Hints\r\nServer-Timing: a;dur=1\r\n\r\n";
    EXPECT_FALSE(parse(hints + "HTTP/1.1 200 OK\r\n" + empty + "\r\n").exchange.has_server_timing);
}

}  // namespace
}  // namespace weir::http
