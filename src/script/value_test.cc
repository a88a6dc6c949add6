#include "script/value.h"

#include <cmath>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "script/isolate.h"
#include "script/test_files.h"

namespace weir::script {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Optional;

class ValueTest : public ::testing::Test {
protected:
    ValueTest() { EXPECT_TRUE(js_.define_globals()); }

    /// JSON text to a value, for short tests.
    Value json(const std::string& text) { return parse_json(js_, text); }
    std::string text(Ref value) { return value.to_text(js_).str(); }

    Bindings bindings_;
    Isolate js_{bindings_, Limits{.stack_bytes = 1024UL * 1024}, {}, nullptr};
    Isolate::Entry entry_{js_.enter()};
};

TEST_F(ValueTest, KnowsWhatItIs) {
    EXPECT_TRUE(Value().is_undefined());
    EXPECT_TRUE(Value::null().is_null());
    EXPECT_TRUE(Value::boolean(true).is_bool());
    EXPECT_TRUE(Value::number(1.5).is_number());
    EXPECT_TRUE(new_string(js_, "x").is_string());
    EXPECT_TRUE(new_array(js_).is_array());
    EXPECT_FALSE(new_object(js_).is_array());
    EXPECT_TRUE(js_.global().get(js_, "Object").is_function(js_));
    EXPECT_TRUE(new_error(js_, ErrorKind::type, "m").is_error());
    EXPECT_TRUE(new_deferred(js_).promise.is_promise());
    EXPECT_TRUE(Value::thrown().threw());
}

TEST_F(ValueTest, NumbersKeepTheirValue) {
    for (const double d :
         {0.0, -0.0, 1.0, -1.0, 0.5, 2147483647.0, -2147483648.0, 2147483648.0, 1e300}) {
        EXPECT_EQ(Value::number(d).as_number(), d);
        EXPECT_EQ(std::signbit(Value::number(d).as_number()), std::signbit(d));
    }
    EXPECT_TRUE(std::isnan(Value::number(std::nan("")).as_number()));
    EXPECT_EQ(text(Value::number(3)), "3");
    EXPECT_EQ(text(Value::integer(std::int64_t{1} << 40)), "1099511627776");
    EXPECT_EQ(new_string(js_, "12.9").to_integer(js_), 12);
    EXPECT_EQ(Value::number(1e30).to_integer(js_), std::numeric_limits<std::int64_t>::max());
    EXPECT_EQ(Value::number(std::nan("")).to_integer(js_), 0);
}

TEST_F(ValueTest, ConversionsThatThrowSaySo) {
    const Value symbol = js_.global().get(js_, "Symbol").get(js_, "iterator");
    EXPECT_EQ(symbol.to_number(js_), std::nullopt);
    EXPECT_EQ(js_.take_exception().name, "TypeError");
    EXPECT_FALSE(symbol.to_text(js_).ok());
    EXPECT_EQ(js_.take_exception().name, "TypeError");
    EXPECT_TRUE(Value::null().get(js_, "x").threw());
    EXPECT_EQ(js_.take_exception().headline(), "TypeError: cannot read property 'x' of null");
}

TEST_F(ValueTest, TextGoesInAndOutAsUtf8) {
    for (const std::string_view s : {"", "plain", "é", "日本", "\xf0\x9f\x98\x80", "a\0b"}) {
        EXPECT_EQ(new_string(js_, s).to_text(js_).view(), s);
    }
    EXPECT_EQ(text(new_string(js_,
                              "a\xff"
                              "b")),
              "a\xef\xbf\xbd"
              "b");
    EXPECT_EQ(new_string(js_, "\xf0\x9f\x98\x80").length(js_), 2U);
    const std::byte bytes[] = {std::byte{0x41}, std::byte{0xe9}};
    EXPECT_EQ(text(new_latin1(js_, bytes)), "Aé");
}

TEST_F(ValueTest, TextsOutliveTheirValueAndMove) {
    Text kept;
    {
        const Value s = new_string(js_, "kept");
        kept = s.to_text(js_);
    }
    js_.collect();
    Text moved = std::move(kept);
    EXPECT_EQ(moved.view(), "kept");
    EXPECT_FALSE(kept.ok());  // NOLINT(bugprone-use-after-move): that it is empty is the point
}

TEST_F(ValueTest, PropertiesAreReadAndWritten) {
    const Value object = json(R"({"b": 1, "a": {"c": [10, 20]}, "2": 0, "1": 0})");
    EXPECT_EQ(object.get(js_, "a").get(js_, "c").at(js_, 1).as_number(), 20);
    EXPECT_TRUE(object.get(js_, "none").is_undefined());
    EXPECT_THAT(own_keys(js_, object), Optional(ElementsAre("1", "2", "b", "a")));
    const Atom name = js_.atom("later");
    EXPECT_TRUE(object.set(js_, name, new_string(js_, "v")));
    EXPECT_EQ(text(object.get(js_, "later")), "v");
    EXPECT_TRUE(object.define(js_, "hidden", Value::number(1), Property::hidden));
    EXPECT_TRUE(object.define(js_, "fixed", Value::number(2), Property::read_only));
    EXPECT_THAT(own_keys(js_, object), Optional(ElementsAre("1", "2", "b", "a", "later", "fixed")));
    EXPECT_FALSE(object.set(js_, "fixed", Value::number(3)));
    EXPECT_EQ(js_.take_exception().name, "TypeError");
    EXPECT_EQ(object.has(js_, "hidden"), true);
    EXPECT_TRUE(object.remove(js_, "hidden"));
    EXPECT_EQ(object.has(js_, "hidden"), false);
    EXPECT_EQ(object.get(js_, "a").get(js_, "c").length(js_), 2U);
}

TEST_F(ValueTest, CallsFunctionsAndConstructors) {
    const Value math = js_.global().get(js_, "Math");
    EXPECT_EQ(
        math.get(js_, "max").call(js_, math, {Value::number(1), Value::number(9)}).as_number(), 9);
    const Value list = json("[3, 1, 2]");
    EXPECT_EQ(text(list.invoke(js_, "sort", {})), "1,2,3");
    const Value made = js_.global().get(js_, "Array").construct(js_, {Value::number(4)});
    EXPECT_EQ(made.length(js_), 4U);
    EXPECT_TRUE(Value::number(1).call(js_, {}, {}).threw());
    EXPECT_THAT(js_.take_exception().message, HasSubstr("not a function"));
}

TEST_F(ValueTest, BytesAreSeenInPlace) {
    const Value buffer = new_array_buffer(js_, std::string("hello world"));
    ASSERT_TRUE(buffer.is_array_buffer());
    EXPECT_EQ(buffer.bytes(js_)->size(), 11U);
    for (const char* view : {"Uint8Array", "DataView"}) {
        const Value made = js_.global().get(js_, view).construct(
            js_, {buffer, Value::number(6), Value::number(5)});
        ASSERT_FALSE(made.threw()) << view;
        const auto bytes = made.bytes(js_);
        ASSERT_EQ(bytes->size(), 5U);
        EXPECT_EQ((*bytes)[0], std::byte{'w'});
    }
    (*buffer.bytes(js_))[0] = std::byte{'J'};
    EXPECT_EQ(new_uint8_array(js_, buffer).at(js_, 0).as_number(), 'J');
    EXPECT_EQ(new_string(js_, "no").bytes(js_), std::nullopt);
    EXPECT_TRUE(new_array_buffer(js_, std::span<const std::byte>()).bytes(js_)->empty());
}

TEST_F(ValueTest, OwnedBuffersCountAgainstTheLimit) {
    Isolate small(bindings_, Limits{.memory_bytes = 2UL << 20, .stack_bytes = 1UL << 20}, {},
                  nullptr);
    const auto before = small.memory_used();
    {
        const Value buffer = new_array_buffer(small, std::string(1UL << 20, 'x'));
        EXPECT_GE(small.memory_used(), before + (1UL << 20));
        EXPECT_TRUE(new_array_buffer(small, std::string(2UL << 20, 'x')).threw());
        EXPECT_TRUE(small.take_exception().out_of_memory);
    }
    EXPECT_LT(small.memory_used(), before + (1UL << 19));
}

TEST_F(ValueTest, JsonErrorsSayWhere) {
    EXPECT_EQ(text(stringify_json(js_, json(R"({"a":[1,null,"x"]})"))), R"({"a":[1,null,"x"]})");
    EXPECT_EQ(text(stringify_json(js_, json("[1]"), 2)), "[\n  1\n]");
    EXPECT_TRUE(json("{\"a\":\n  oops}").threw());
    const ScriptError error = js_.take_exception();
    EXPECT_EQ(error.name, "SyntaxError");
    EXPECT_THAT(error.message, HasSubstr("in JSON at line 2 column 3"));
    EXPECT_TRUE(json("").threw());
    EXPECT_EQ(js_.take_exception().name, "SyntaxError");
    const Value cycle = new_object(js_);
    EXPECT_TRUE(cycle.set(js_, "me", cycle.own(js_)));
    EXPECT_TRUE(stringify_json(js_, cycle).threw());
    EXPECT_EQ(js_.take_exception().name, "TypeError");
}

TEST_F(ValueTest, PromisesAreSettledFromOutside) {
    const Deferred deferred = new_deferred(js_);
    EXPECT_EQ(promise_state(js_, deferred.promise), PromiseState::pending);
    static constexpr FunctionSpec keep = {
        "keep",
        [](Isolate& js, Ref captured, Args args, int magic) noexcept -> Value {
            return Value::boolean(
                captured.set(js, "seen", Value::number(args[0].as_number() + magic)));
        },
        1, 100};
    const Value box = new_object(js_);
    const Value chained = then(js_, deferred.promise, new_function(js_, keep, box), {});
    EXPECT_FALSE(deferred.resolve.call(js_, {}, {Value::number(7)}).threw());
    EXPECT_TRUE(js_.jobs_pending());
    EXPECT_TRUE(js_.drain_jobs());
    EXPECT_EQ(promise_state(js_, chained), PromiseState::fulfilled);
    EXPECT_EQ(promise_result(js_, deferred.promise).as_number(), 7);
    EXPECT_EQ(box.get(js_, "seen").as_number(), 107);
}

TEST_F(ValueTest, ErrorsCarryNamesAndProperties) {
    Value error = new_error(js_, "GoError", "long " + std::string(1000, 'x') + " end");
    EXPECT_TRUE(error.set(js_, "code", Value::number(1050)));
    EXPECT_TRUE(throw_value(js_, std::move(error)).threw());
    const Value taken = js_.take_exception_value();
    EXPECT_EQ(taken.get(js_, "code").as_number(), 1050);
    const ScriptError described = js_.describe(taken);
    EXPECT_EQ(described.name, "GoError");
    EXPECT_THAT(described.message, HasSubstr("x end"));
    throw_error(js_, ErrorKind::range, "too far");
    EXPECT_EQ(js_.take_exception().headline(), "RangeError: too far");
}

TEST_F(ValueTest, NamesAreInternedOnce) {
    enum class Name : std::uint8_t { first, second };
    static constexpr std::string_view texts[] = {"first", "second"};
    Names<Name, 2> names(texts);
    const Value object = json(R"({"first": 1, "second": 2})");
    EXPECT_EQ(object.get(js_, names(js_, Name::second)).as_number(), 2);
    EXPECT_EQ(names(js_, Name::first).id, names(js_, Name::first).id);
    EXPECT_NE(names(js_, Name::first).id, names(js_, Name::second).id);
}

}  // namespace
}  // namespace weir::script
