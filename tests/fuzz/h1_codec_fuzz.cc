// Any bytes may come as a response: they are refused, or read the same way in one piece and in
// many.
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "http/h1_codec.h"

namespace {

using weir::http::Exchange;
using weir::http::HeaderField;
using weir::http::Outcome;
using weir::http::ResponseParser;
using Progress = ResponseParser::Progress;

constexpr std::size_t body_limit = 4096;
constexpr std::size_t header_limit = 2048;

struct Read {
    Exchange exchange{};
    Progress progress = Progress::more;
    bool keep_alive = false;
    std::string_view unread{};
};

Read read(std::string_view text, bool head, std::size_t piece) {
    Read result;
    ResponseParser parser;
    parser.begin(result.exchange, {.body_limit = body_limit, .header_limit = header_limit}, head);
    while (!text.empty() && result.progress == Progress::more) {
        const auto part = text.substr(0, piece);
        result.progress = parser.feed(std::as_bytes(std::span(part.data(), part.size())));
        text.remove_prefix(part.size());
    }
    result.unread = text;
    if (result.progress == Progress::more) result.progress = parser.finish();
    result.keep_alive = result.progress == Progress::done && parser.keep_alive();
    if (result.progress == Progress::failed) {
        CHECK(parser.problem() != Outcome::answered);
        CHECK(!parser.problem_text().empty());
    }
    return result;
}

std::string headers_of(const Exchange& exchange) {
    std::string all;
    for (const HeaderField field : exchange.headers) {
        all.append(field.name).append(1, '\0').append(field.value).append(1, '\n');
    }
    return all;
}

void check(std::string_view text, bool head) {
    const Read whole = read(text, head, text.size() + 1);
    const Read pieces = read(text, head, 1);
    CHECK(whole.progress != Progress::more && whole.progress == pieces.progress);
    CHECK(whole.exchange.body.size() <= body_limit);
    if (whole.progress == Progress::failed) return;
    CHECK(whole.exchange.status >= 100 && whole.exchange.status <= 999);
    CHECK(whole.exchange.status == pieces.exchange.status);
    CHECK(whole.exchange.body == pieces.exchange.body);
    CHECK(!head || whole.exchange.body.empty());
    const std::string headers = headers_of(whole.exchange);
    CHECK(headers == headers_of(pieces.exchange) && headers.size() <= header_limit);
    // What was said behind the response keeps the connection from being used again.
    CHECK(pieces.unread.empty() ? whole.keep_alive == pieces.keep_alive : !whole.keep_alive);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    check(text, false);
    check(text, true);
    return 0;
}
