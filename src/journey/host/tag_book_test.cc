#include "journey/host/tag_book.h"

#include <gtest/gtest.h>

#include "http/message.h"
#include "meter/recorder.h"
#include "meter/registry.h"

namespace weir::journey {
namespace {

using std::string_view_literals::operator""sv;

class TagBooks : public ::testing::Test {
protected:
    record::TagSetId set_of(
        std::initializer_list<std::pair<std::string_view, std::string_view>> pairs) {
        record::Tags tags;
        for (const auto& [key, value] : pairs) tags.set(key, value);
        return recorder_.intern(tags);
    }
    meter::Registry registry_;
    meter::Recorder recorder_{registry_, base::Instant{}, nullptr};
    TagBook book_{recorder_, SystemTags::defaults(), nullptr};
};

TEST_F(TagBooks, FindsTheSetThatBuildingTheTagsWouldGive) {
    TagScope scope(book_);
    scope.set("scenario", "s");
    scope.set_group("::g");
    EXPECT_EQ(book_.set_of(scope.base()), set_of({{"scenario", "s"}, {"group", "::g"}}));
    const BaseTags more = book_.with_extra(scope.base(), "b\0002\0a\0001\0"sv);
    EXPECT_EQ(book_.set_of(more),
              set_of({{"scenario", "s"}, {"group", "::g"}, {"a", "1"}, {"b", "2"}}));
    EXPECT_EQ(
        book_.set_of_check(more, "ok"),
        set_of({{"scenario", "s"}, {"group", "::g"}, {"a", "1"}, {"b", "2"}, {"check", "ok"}}));
}

TEST_F(TagBooks, RecordsNoSecret) {
    plan::Secrets secrets;
    secrets.add("hunter2+x");
    TagBook book(recorder_, SystemTags::defaults(), &secrets);
    TagScope scope(book);
    scope.set("who", "me hunter2+x");
    EXPECT_EQ(book.set_of(scope.base()), set_of({{"group", ""}, {"who", "me ***"}}));
    const auto named = book.requests_named("/p?key=hunter2%2Bx");
    const HttpTagTexts texts{.method = {}, .name = named->name, .error = {}, .ip = {}};
    EXPECT_EQ(book.set_of_http(*named, scope.base(), {.status = 200, .expected = 2}, texts),
              set_of({{"group", ""},
                      {"who", "me ***"},
                      {"name", "/p?key=***"},
                      {"url", "/p?key=***"},
                      {"status", "200"}}));
}

TEST_F(TagBooks, TellsHttpSamplesApartByWhatDiffers) {
    TagScope scope(book_);
    const auto named = book_.requests_named("/p");
    const HttpTagKey ok{.status = 200,
                        .method = 0,
                        .protocol = static_cast<std::uint8_t>(http::Protocol::http_1_1),
                        .expected = 1};
    const HttpTagTexts texts{.method = "GET", .name = "/p", .error = {}, .ip = {}};
    const auto first = book_.set_of_http(*named, scope.base(), ok, texts);
    EXPECT_EQ(first, set_of({{"group", ""},
                             {"method", "GET"},
                             {"name", "/p"},
                             {"url", "/p"},
                             {"status", "200"},
                             {"proto", "HTTP/1.1"},
                             {"expected_response", "true"}}));
    EXPECT_EQ(book_.set_of_http(*named, scope.base(), ok, texts), first);
    HttpTagKey failed = ok;
    failed.status = 500;
    failed.error_code = 1500;
    failed.expected = 0;
    EXPECT_NE(book_.set_of_http(*named, scope.base(), failed, texts), first);
    scope.set("user", "1");
    EXPECT_NE(book_.set_of_http(*named, scope.base(), ok, texts), first);
    EXPECT_EQ(named->rows.size(), 3U);
}

TEST_F(TagBooks, SystemTagsThatAreOffAreLeftOut) {
    TagBook few(recorder_, SystemTags{SystemTag::status}, nullptr);
    TagScope scope(few);
    scope.set_group("::g");
    const auto named = few.requests_named("/p");
    EXPECT_EQ(few.set_of_http(*named, scope.base(), {.status = 200, .expected = 1},
                              {.method = "GET", .name = "/p", .error = {}, .ip = {}}),
              set_of({{"status", "200"}}));
    EXPECT_EQ(few.set_of_check(scope.base(), "ok"), set_of({}));
}

TEST_F(TagBooks, ForgetsWhenItGrowsTooLargeAndStaysRight) {
    TagScope scope(book_);
    scope.set("scenario", "s");
    const BaseTags old = scope.base();
    const std::uint32_t generation = book_.generation();
    for (std::size_t i = 0; i < TagBook::most_entries + 100; ++i) {
        std::string flat = "id";
        flat.push_back('\0');
        flat += std::to_string(i);
        flat.push_back('\0');
        static_cast<void>(book_.with_extra(scope.base(), flat));
    }
    EXPECT_GT(book_.generation(), generation);
    // A request under way still holds the base that the book forgot.
    EXPECT_EQ(book_.set_of(old), set_of({{"scenario", "s"}, {"group", ""}}));
    EXPECT_EQ(book_.set_of(scope.base()), book_.set_of(old));
}

TEST_F(TagBooks, ManyMethodsAreToldApart) {
    EXPECT_EQ(book_.method_id("GET"), 0);
    EXPECT_NE(book_.method_id("PURGE"), book_.method_id("LINK"));
    EXPECT_EQ(book_.method_id("PURGE"), book_.method_id("PURGE"));
    for (int i = 0; i < 400; ++i) static_cast<void>(book_.method_id("M" + std::to_string(i)));
    EXPECT_EQ(book_.method_id("M399"), 255);
}

}  // namespace
}  // namespace weir::journey
