#include "script/isolate.h"

#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <ucontext.h>

#include "script/test_files.h"

namespace weir::script {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

/// A stack of its own that can be left and entered again, as a user's fiber is.
class Coroutine {
public:
    Coroutine(std::size_t bytes, std::function<void(Coroutine&)> body)
        : stack_(bytes), body_(std::move(body)) {
        getcontext(&inside_);
        inside_.uc_stack.ss_sp = stack_.data();
        inside_.uc_stack.ss_size = stack_.size();
        inside_.uc_link = &outside_;
        const auto self = reinterpret_cast<std::uintptr_t>(this);
        makecontext(&inside_, reinterpret_cast<void (*)()>(&Coroutine::start), 2,
                    static_cast<unsigned>(self >> 32), static_cast<unsigned>(self & 0xffffffffU));
    }
    void resume() { swapcontext(&outside_, &inside_); }
    void park() { swapcontext(&inside_, &outside_); }
    [[nodiscard]] bool done() const noexcept { return done_; }

private:
    static void start(unsigned high, unsigned low) {
        auto* self = reinterpret_cast<Coroutine*>((static_cast<std::uintptr_t>(high) << 32) | low);
        self->body_(*self);
        self->done_ = true;
    }
    std::vector<char> stack_;
    std::function<void(Coroutine&)> body_;
    ucontext_t inside_{};
    ucontext_t outside_{};
    bool done_ = false;
};

#if defined(__SANITIZE_ADDRESS__)
constexpr std::size_t fiber_stack_bytes = 1024UL * 1024;
#else
constexpr std::size_t fiber_stack_bytes = 256UL * 1024;
#endif

struct Host {
    Coroutine* coroutine = nullptr;
    int parks = 0;
    std::vector<std::string> notes;
};

Value park(Isolate& js, Ref, Args, int) noexcept {
    auto& host = js.host_as<Host>();
    ++host.parks;
    {
        const Isolate::Parked parked(js);
        host.coroutine->park();
    }
    if (js.cancelled()) return js.throw_cancelled();
    return Value::number(host.parks);
}

Value note(Isolate& js, Ref, Args args, int) noexcept {
    const Text text = args[0].to_text(js);
    if (!text.ok()) return Value::thrown();
    js.host_as<Host>().notes.push_back(text.str());
    return {};
}

Value fail(Isolate& js, Ref, Args, int) noexcept {
    return throw_error(js, "native failure");
}

/// Time that only a test moves: each look at it costs `step`.
struct StepClock {
    mutable base::Instant at{};
    base::Nanos step = std::chrono::milliseconds(1);
    [[nodiscard]] SliceClock slice() const {
        return {this, [](const void* self) noexcept {
                    const auto& clock = *static_cast<const StepClock*>(self);
                    clock.at += clock.step;
                    return clock.at;
                }};
    }
};

class IsolateTest : public ::testing::Test {
protected:
    IsolateTest() {
        static constexpr FunctionSpec functions[] = {
            {"park", park}, {"note", note, 1}, {"fail", fail}};
        bindings_.add_globals({.functions = functions});
    }

    std::shared_ptr<const Program> compile(const std::string& source) {
        TestFiles set{{{"/work/main.js", source}}, "main.js", &bindings_};
        auto program = set.compile();
        EXPECT_TRUE(program.ok()) << program.error().text;
        return program.ok() ? program.value() : nullptr;
    }

    /// Runs the script and its default export on a fiber's stack, to the first error.
    ScriptError run(const std::string& source, Limits limits = {}, SliceClock clock = {}) {
        const auto program = compile(source);
        limits.stack_bytes = fiber_stack_bytes;
        ScriptError error;
        Coroutine fiber(fiber_stack_bytes, [&](Coroutine& self) {
            host_.coroutine = &self;
            Isolate js(*program, limits, clock, &host_);
            error = run_inside(js);
        });
        while (!fiber.done()) fiber.resume();
        return error;
    }

    ScriptError run_inside(Isolate& js) {
        const auto entry = js.enter();
        const Value promise = js.run_program();
        if (promise.threw()) return js.take_exception();
        if (promise_state(js, promise) == PromiseState::rejected) {
            return js.describe(promise_result(js, promise));
        }
        const Value result = js.exports().get(js, "default").call(js, {}, {});
        if (result.threw()) return js.take_exception();
        if (!js.drain_jobs()) return js.take_exception();
        rejections_ = js.take_unhandled_rejections();
        used_ = js.memory_used();
        // Whatever went before, the isolate is of use for the next iteration.
        EXPECT_EQ(new_string(js, "still here").to_text(js).view(), "still here");
        return {};
    }

    Bindings bindings_;
    Host host_;
    std::vector<ScriptError> rejections_;
    std::size_t used_ = 0;
};

TEST_F(IsolateTest, SaysWhereAScriptThrew) {
    const ScriptError error =
        run("function inner() {\n  null.x;\n}\nexport default () => {\n  inner();\n}\n");
    EXPECT_EQ(error.headline(), "TypeError: cannot read property 'x' of null");
    EXPECT_EQ(error.where(), "main.js:2:3");
    ASSERT_THAT(error.stack, SizeIs(2));
    EXPECT_EQ(error.stack[0].function, "inner");
    EXPECT_EQ(error.stack[1].line, 5U);
}

TEST_F(IsolateTest, ShowsThrownValuesThatAreNoErrors) {
    EXPECT_EQ(run("export default () => { throw { code: 7 } }").headline(), "{\"code\":7}");
    EXPECT_EQ(run("export default () => { throw 'plain' }").headline(), "plain");
    EXPECT_EQ(run("export default () => { throw null }").headline(), "null");
    EXPECT_FALSE(run("export default () => { throw null }").out_of_memory);
}

TEST_F(IsolateTest, RunawayRecursionIsAnErrorNotACrash) {
    const ScriptError error =
        run("function f(n) { return f(n + 1) + 1 }\nexport default () => f(0)");
    EXPECT_EQ(error.name, "RangeError");
    EXPECT_THAT(error.message, HasSubstr("stack"));
}

TEST_F(IsolateTest, RunawayRecursionThroughNativeCallsIsAnErrorToo) {
    const ScriptError error =
        run("const f = () => JSON.stringify({ toJSON: f }) + note('x');\n"
            "export default () => f()");
    EXPECT_EQ(error.name, "RangeError");
}

TEST_F(IsolateTest, AnEndlessLoopEndsWithItsSlice) {
    const StepClock clock;
    const ScriptError error =
        run("export default () => {\n  let n = 0;\n  try { for (;;) { n++ } } finally { note('no') "
            "}\n}",
            {.cpu_slice = std::chrono::milliseconds(50)}, clock.slice());
    EXPECT_EQ(error.stop, Stop::slice_exceeded);
    EXPECT_THAT(error.message, HasSubstr("endless loop"));
    EXPECT_THAT(error.text(), HasSubstr("at default (main.js:"));
    EXPECT_THAT(host_.notes, IsEmpty());
}

TEST_F(IsolateTest, ACatastrophicRegularExpressionEndsWithItsSlice) {
    const StepClock clock;
    const ScriptError error = run("export default () => /^(a+)+$/.test('a'.repeat(60) + 'b')",
                                  {.cpu_slice = std::chrono::milliseconds(50)}, clock.slice());
    EXPECT_EQ(error.stop, Stop::slice_exceeded) << error.text();
}

TEST_F(IsolateTest, AnEndlessLoopInAPromiseJobEndsToo) {
    const StepClock clock;
    const ScriptError error = run("export default async () => { await null; for (;;) {} }",
                                  {.cpu_slice = std::chrono::milliseconds(50)}, clock.slice());
    EXPECT_EQ(error.stop, Stop::slice_exceeded);
}

TEST_F(IsolateTest, ParkedTimeIsNotCharged) {
    StepClock clock;
    // 5 parks with 30 ms of polls between each: no slice reaches 50 ms, all together would.
    const ScriptError error =
        run("export default () => { for (let i = 0; i < 5; i++) { for (let j = 0; j < 100000; "
            "j++); park() } }",
            {.cpu_slice = std::chrono::milliseconds(50)}, clock.slice());
    EXPECT_EQ(error.stop, Stop::none) << error.text();
    EXPECT_EQ(host_.parks, 5);
    EXPECT_GT(clock.at.time_since_epoch(), std::chrono::milliseconds(100));
}

TEST_F(IsolateTest, AMemoryBombIsStoppedAndTheIsolateSurvives) {
    const ScriptError error =
        run("export default () => { const a = []; for (;;) a.push(new Array(1000).fill(1)) }",
            {.memory_bytes = 4UL * 1024 * 1024});
    EXPECT_TRUE(error.out_of_memory) << error.text();
}

TEST_F(IsolateTest, ABombCaughtByTheScriptLeavesItUsable) {
    const ScriptError error =
        run("export default () => {\n"
            "  try { let s = 'x'; for (;;) s += s; } catch (e) { note(String(e.message)) }\n"
            "  note('after');\n}",
            {.memory_bytes = 4UL * 1024 * 1024});
    EXPECT_EQ(error.headline(), "");
    ASSERT_THAT(host_.notes, SizeIs(2));
    EXPECT_EQ(host_.notes[1], "after");
}

TEST_F(IsolateTest, ManySmallObjectsReachTheLimitToo) {
    const ScriptError error = run("export default () => { let a = null; for (;;) a = { a } }",
                                  {.memory_bytes = 4UL * 1024 * 1024});
    EXPECT_TRUE(error.out_of_memory) << error.text();
}

constexpr char stubborn[] =
    "let log = [];\n"
    "export default () => {\n"
    "  try { for (;;) { log.push({ n: park() }); try { fail() } catch (e) { if (e.message !== "
    "'native failure') throw e } } }\n"
    "  catch (e) { note('swallowed') } finally { note('finally') }\n"
    "  for (;;) park();\n"
    "}\n";

TEST_F(IsolateTest, CancellingParkedScriptsUnwindsThemAll) {
    const auto program = compile(stubborn);
    struct User {
        Host host;
        std::unique_ptr<Coroutine> fiber;
        Isolate* isolate = nullptr;
        ScriptError error;
    };
    std::vector<std::unique_ptr<User>> users;
    for (int i = 0; i < 16; ++i) {
        users.push_back(std::make_unique<User>());
        User& user = *users.back();
        user.fiber = std::make_unique<Coroutine>(fiber_stack_bytes, [&](Coroutine& self) {
            user.host.coroutine = &self;
            Isolate js(*program, Limits{.stack_bytes = fiber_stack_bytes}, {}, &user.host);
            user.isolate = &js;
            user.error = run_inside(js);
        });
    }
    for (int round = 0; round < 20; ++round) {
        for (const auto& user : users) user->fiber->resume();
    }
    for (const auto& user : users) {
        user->isolate->cancel();
        user->fiber->resume();
        EXPECT_TRUE(user->fiber->done());
        EXPECT_EQ(user->error.stop, Stop::cancelled);
        EXPECT_EQ(user->host.parks, 20);
        EXPECT_THAT(user->host.notes, IsEmpty());
    }
}

TEST_F(IsolateTest, CancellingAnAsyncScriptUnwindsIt) {
    const auto program =
        compile("export default async () => { try { await null; park() } finally { note('no') } }");
    ScriptError error;
    Isolate* isolate = nullptr;
    Coroutine fiber(fiber_stack_bytes, [&](Coroutine& self) {
        host_.coroutine = &self;
        Isolate js(*program, Limits{.stack_bytes = fiber_stack_bytes}, {}, &host_);
        isolate = &js;
        error = run_inside(js);
    });
    fiber.resume();
    ASSERT_FALSE(fiber.done());
    isolate->cancel();
    fiber.resume();
    EXPECT_TRUE(fiber.done());
    EXPECT_EQ(error.stop, Stop::cancelled);
    EXPECT_THAT(host_.notes, IsEmpty());
}

TEST_F(IsolateTest, ReportsRejectionsNobodyHandles) {
    run("export default () => { Promise.reject(new Error('lost')); Promise.reject(1).catch(() => "
        "{}) }");
    ASSERT_THAT(rejections_, SizeIs(1));
    EXPECT_EQ(rejections_[0].headline(), "Error: lost");
    EXPECT_EQ(rejections_[0].where(), "main.js:1:43");
}

TEST_F(IsolateTest, RefusesToParseAtRunTime) {
    EXPECT_THAT(run("export default () => eval('1')").headline(), HasSubstr("eval"));
    EXPECT_NE(run("export default () => new Function('return 1')()").headline(), "");
}

TEST_F(IsolateTest, NamesTheScriptsPlaceToNatives) {
    static std::vector<Frame> seen;
    static constexpr FunctionSpec functions[] = {
        {"where", [](Isolate& js, Ref, Args, int) noexcept -> Value {
             seen = js.current_stack();
             return {};
         }}};
    bindings_.add_globals({.functions = functions});
    EXPECT_EQ(run("export default () => {\n  where();\n}").headline(), "");
    ASSERT_THAT(seen, SizeIs(2));
    EXPECT_EQ(seen[0].function, "where");
    EXPECT_EQ(seen[1].line, 2U);
}

TEST_F(IsolateTest, CollectsCyclesBetweenIterations) {
    const auto program = compile(
        "export default () => { for (let i = 0; i < 3000; i++) { const a = {}; a.a = a } }");
    Coroutine fiber(fiber_stack_bytes, [&](Coroutine&) {
        Isolate js(*program, Limits{.stack_bytes = fiber_stack_bytes}, {}, &host_);
        const auto entry = js.enter();
        ASSERT_FALSE(js.run_program().threw());
        const Value iteration = js.exports().get(js, "default");
        std::size_t most = 0;
        for (int i = 0; i < 50; ++i) {
            ASSERT_FALSE(iteration.call(js, {}, {}).threw());
            js.collect_if_worthwhile();
            most = std::max(most, js.memory_used());
        }
        EXPECT_LT(most, 3UL * 1024 * 1024);
    });
    fiber.resume();
    EXPECT_TRUE(fiber.done());
}

using IsolateDeathTest = IsolateTest;

TEST_F(IsolateDeathTest, IsEnteredOnceAtATime) {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    Isolate js(bindings_, Limits{}, {}, &host_);
    const auto entry = js.enter();
    EXPECT_DEATH({ const auto again = js.enter(); }, "entered_");
}

}  // namespace
}  // namespace weir::script
