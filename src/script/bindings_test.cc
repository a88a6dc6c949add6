#include "script/bindings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "script/isolate.h"
#include "script/test_files.h"

namespace weir::script {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

struct Animal {
    std::string name;
    int* alive;
    int reads = 0;
};

ClassId animal_class(Isolate& js) {
    return class_named(js, "Animal");
}

Value make_animal(Isolate& js, Ref, Args args, int) noexcept {
    auto& alive = js.host_as<int>();
    ++alive;
    const Text name = args.empty() ? Text() : args[0].to_text(js);
    return new_native(js, animal_class(js), new Animal{name.str(), &alive});
}

Value speak(Isolate& js, Ref self, Args, int magic) noexcept {
    const auto* animal = native_as<Animal>(js, self, animal_class(js));
    if (animal == nullptr) return throw_error(js, ErrorKind::type, "not an animal");
    return new_string(js, animal->name + std::string(static_cast<std::size_t>(magic), '!'));
}

Value rename(Isolate& js, Ref self, Args args, int) noexcept {
    native_as<Animal>(js, self, animal_class(js))->name = args[0].to_text(js).str();
    return {};
}

/// How often native code was asked so far: shows what is cached.
Value count_read(Isolate& js, Ref self, Args, int magic) noexcept {
    auto* animal = native_as<Animal>(js, self, animal_class(js));
    if (magic == 9) return throw_error(js, "no such thing today");
    return Value::number(++animal->reads * 10 + magic);
}

Value count_alive(Isolate& js, Ref, Args, int) noexcept {
    return Value::number(js.host_as<int>());
}

class BindingsTest : public ::testing::Test {
protected:
    BindingsTest() {
        static constexpr MemberSpec members[] = {
            {.name = "speak", .call = speak, .magic = 1},
            {.name = "name", .get = speak, .set = rename},
            {.name = "quiet", .get = speak},
        };
        static constexpr FieldSpec fields[] = {{"lazy", count_read, 1},
                                               {"other", count_read, 2},
                                               {"live", count_read, 3, true},
                                               {"broken", count_read, 9}};
        static constexpr FunctionSpec statics[] = {{"count", count_alive}};
        const ClassId animal = bindings_.add_class({.name = "Animal",
                                                    .finalize =
                                                        [](void* object) noexcept {
                                                            auto* dying =
                                                                static_cast<Animal*>(object);
                                                            --*dying->alive;
                                                            delete dying;
                                                        },
                                                    .members = members,
                                                    .fields = fields,
                                                    .statics = statics,
                                                    .construct = make_animal,
                                                    .construct_length = 1});
        static constexpr MemberSpec plain_members[] = {{.name = "hello", .call = count_alive}};
        const ClassId plain = bindings_.add_class({.name = "Plain", .members = plain_members});
        const ClassExport classes[] = {{"Animal", animal}, {"Plain", plain}};
        static constexpr FunctionSpec functions[] = {{"alive", count_alive}};
        static constexpr ValueSpec values[] = {{"once", count_alive}};
        bindings_.add_module(
            {.name = "k6/zoo", .functions = functions, .values = values, .classes = classes});
    }

    std::string run(const std::string& body) {
        const std::string source =
            "import zoo, { Animal, Plain } from 'k6/zoo';\n"
            "export default () => {" +
            body + "}";
        const TestFiles set{{{"/work/main.js", source}}, "main.js", &bindings_};
        const auto program = set.compile();
        if (!program.ok()) return program.error().text;
        std::string out;
        {
            Isolate js(*program.value(), Limits{.stack_bytes = 1024UL * 1024}, {}, &alive_);
            const auto entry = js.enter();
            if (js.run_program().threw()) return js.take_exception().text();
            const Value result = js.exports().get(js, "default").call(js, {}, {});
            out = result.threw() ? js.take_exception().headline() : result.to_text(js).str();
        }
        EXPECT_EQ(alive_, 0) << "not every native object was finalized";
        return out;
    }

    Bindings bindings_;
    int alive_ = 0;
};

TEST_F(BindingsTest, ClassesHaveMethodsAndAccessors) {
    EXPECT_EQ(
        run("const a = new Animal('cat'); const s = a.speak(); a.name = 'dog'; return s + a.name"),
        "cat!dog");
    EXPECT_EQ(run("return new Animal('x') instanceof Animal && Animal.name === 'Animal' && "
                  "Animal.length"),
              "1");
    EXPECT_EQ(run("new Animal('x').quiet = 1"), "TypeError: no setter for property");
    EXPECT_EQ(run("const a = new Animal('x'); return Animal.count()"), "1");
}

TEST_F(BindingsTest, MethodsRefuseOtherObjects) {
    EXPECT_EQ(run("return Animal.prototype.speak.call({})"), "TypeError: not an animal");
    EXPECT_EQ(run("return Animal.prototype.speak.call(new Date(0))"), "TypeError: not an animal");
    EXPECT_EQ(run("return new Plain()"), "TypeError: Plain cannot be constructed by a script");
    EXPECT_THAT(run("return Animal('x')"), StartsWith("TypeError"));
}

TEST_F(BindingsTest, ScriptsMayExtendClasses) {
    EXPECT_EQ(run("class Cow extends Animal { constructor() { super('cow') } speak() { return "
                  "super.speak() + 'moo' } }\n"
                  "const c = new Cow(); return c.speak() + (c instanceof Cow) + (c instanceof "
                  "Animal) + c.lazy"),
              "cow!mootruetrue11");
}

TEST_F(BindingsTest, FieldsAreComputedWhenReadAndOnce) {
    EXPECT_EQ(run("const a = new Animal('x'); return [a.lazy, a.lazy, a.other, a.lazy].join()"),
              "11,11,22,11");
    EXPECT_EQ(run("const a = new Animal('x'); return [a.live, a.live].join()"), "13,23");
}

TEST_F(BindingsTest, FieldsAreOrdinaryPropertiesToTheScript) {
    EXPECT_EQ(run("const a = new Animal('x'); a.lazy = 5; return '' + a.lazy + ('lazy' in a) + "
                  "a.hasOwnProperty('other')"),
              "5truetrue");
    EXPECT_EQ(run("const a = new Animal('x'); delete a.lazy; return [a.lazy, 'lazy' in a, a.lazy = "
                  "3, a.lazy].join()"),
              ",false,3,3");
    EXPECT_EQ(
        run("const a = new Animal('x'); a.mine = 1; delete a.broken; return JSON.stringify(a)"),
        R"({"mine":1,"lazy":11,"other":22,"live":43})");
    EXPECT_EQ(run("const a = new Animal('x'); delete a.broken; const { lazy, ...rest } = a; return "
                  "Object.keys(rest).join()"),
              "other,live");
    EXPECT_EQ(run("const a = new Animal('x'); a.live = 1"), "TypeError: 'live' is read-only");
    EXPECT_EQ(run("const a = new Animal('x'); return a.broken"), "Error: no such thing today");
    EXPECT_EQ(run("const a = new Animal('x'); a.lazy = a; a.other = () => a; return 'cycle'"),
              "cycle");
}

TEST_F(BindingsTest, ModuleValuesAndFunctionsAreBoundByName) {
    EXPECT_EQ(run("return zoo.alive() + zoo.once + typeof zoo.Animal + zoo.alive.name + "
                  "zoo.alive.length"),
              "0functionalive0");
}

TEST_F(BindingsTest, FunctionsMayCarryAValue) {
    static constexpr FunctionSpec make_adder = {
        "adder", [](Isolate& js, Ref, Args args, int) noexcept -> Value {
            constexpr FunctionSpec adder = {
                "add",
                [](Isolate&, Ref captured, Args more, int magic) noexcept -> Value {
                    return Value::number(captured.as_number() + more[0].as_number() + magic);
                },
                1, 1000};
            return new_function(js, adder, args[0]);
        }};
    bindings_.add_globals({.functions = std::span(&make_adder, 1)});
    EXPECT_EQ(run("const add = adder(5); return add(2) + add.name + add.length"), "1007add1");
}

TEST_F(BindingsTest, GlobalsAreMadeOnlyWhenNamed) {
    static int made = 0;
    static constexpr ValueSpec values[] = {
        {"costly", [](Isolate&, Ref, Args, int) noexcept -> Value {
             ++made;
             return Value::number(made);
         }}};
    bindings_.add_globals({.values = values});
    EXPECT_EQ(run("return 1"), "1");
    EXPECT_EQ(made, 0);
    EXPECT_EQ(run("return costly + costly"), "2");
    EXPECT_EQ(made, 1);
}

using BindingsDeathTest = BindingsTest;

TEST_F(BindingsDeathTest, NamesAreUnique) {
    EXPECT_DEATH(bindings_.add_class({.name = "Animal"}), "second");
    EXPECT_DEATH(bindings_.add_module({.name = "k6/zoo"}), "find_module");
}

}  // namespace
}  // namespace weir::script
