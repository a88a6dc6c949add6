#include "script/isolate.h"

#include <cstdlib>

#include <malloc.h>

#include "base/assert.h"
#include "base/format.h"
#include "script/engine.h"
#include "script/program_code.h"

namespace weir::script {

namespace {

void* counted(Heap& heap, void* block) noexcept {
    if (block != nullptr) heap.bytes += malloc_usable_size(block);
    return block;
}

void* heap_calloc(void* opaque, std::size_t count, std::size_t size) {
    auto& heap = *static_cast<Heap*>(opaque);
    return heap.allows(count * size) ? counted(heap, std::calloc(count, size)) : nullptr;
}

void* heap_malloc(void* opaque, std::size_t size) {
    auto& heap = *static_cast<Heap*>(opaque);
    return heap.allows(size) ? counted(heap, std::malloc(size)) : nullptr;
}

void heap_free(void* opaque, void* block) {
    if (block == nullptr) return;
    static_cast<Heap*>(opaque)->bytes -= malloc_usable_size(block);
    std::free(block);
}

void* heap_realloc(void* opaque, void* block, std::size_t size) {
    if (block == nullptr) return heap_malloc(opaque, size);
    auto& heap = *static_cast<Heap*>(opaque);
    const std::size_t before = malloc_usable_size(block);
    if (size > before && !heap.allows(size - before)) return nullptr;
    void* moved = std::realloc(block, size);
    if (moved != nullptr) heap.bytes = heap.bytes - before + malloc_usable_size(moved);
    return moved;
}

std::size_t heap_usable(const void* block) {
    return malloc_usable_size(const_cast<void*>(block));  // NOLINT: glibc's signature lacks const
}

constexpr JSMallocFunctions heap_functions{heap_calloc, heap_malloc, heap_free, heap_realloc,
                                           heap_usable};

int on_interrupt(JSRuntime*, void* opaque) {
    return Engine::interrupt(*static_cast<Isolate*>(opaque));
}

/// Called when a promise is rejected without a handler, and when it gets one later.
void on_rejection(
    JSContext* context, JSValueConst promise, JSValueConst reason, bool is_handled, void* opaque) {
    auto& rejections = static_cast<Isolate*>(opaque)->state().rejections;
    if (!is_handled) {
        rejections.push_back({JS_DupValue(context, promise), JS_DupValue(context, reason)});
        return;
    }
    for (auto it = rejections.begin(); it != rejections.end(); ++it) {
        if (JS_VALUE_GET_PTR(it->promise) != JS_VALUE_GET_PTR(promise)) continue;
        JS_FreeValue(context, it->promise);
        JS_FreeValue(context, it->reason);
        rejections.erase(it);
        return;
    }
}

int add_feature(JSContext* context, Feature feature) noexcept {
    switch (feature) {
        case Feature::date:
            return JS_AddIntrinsicDate(context);
        case Feature::regexp:
            return JS_AddIntrinsicRegExp(context);
        case Feature::proxy:
            return JS_AddIntrinsicProxy(context);
        case Feature::map_set:
            return JS_AddIntrinsicMapSet(context);
        case Feature::typed_arrays:
            return JS_AddIntrinsicTypedArrays(context);
        case Feature::weak_ref:
            return JS_AddIntrinsicWeakRef(context);
        case Feature::base64:
            return JS_AddIntrinsicAToB(context);
        case Feature::dom_exception:
            return JS_AddIntrinsicDOMException(context);
        case Feature::performance:
            return JS_AddPerformance(context);
        case Feature::count:
            break;
    }
    return 0;
}

constexpr std::size_t first_collection_bytes = 512UL * 1024;

}  // namespace

int Engine::interrupt(Isolate& js) noexcept {
    if (js.stop_ != Stop::none) return 1;
    Isolate::State& state = *js.state_;
    if (state.clock.now == nullptr || state.limits.cpu_slice == base::Nanos::zero()) return 0;
    const base::Instant now = state.clock.now(state.clock.context);
    if (!js.slice_running_) {
        // The first poll of a slice starts its clock: short slices never read one.
        js.slice_running_ = true;
        state.slice_start = now;
        return 0;
    }
    if (now - state.slice_start < state.limits.cpu_slice) return 0;
    js.stop_ = Stop::slice_exceeded;
    return 1;
}

void Engine::ensure(Isolate& js, Feature feature) noexcept {
    const std::uint32_t bit = 1U << static_cast<unsigned>(feature);
    Isolate::State& state = *js.state_;
    if ((state.features & bit) != 0) return;
    state.features |= bit;
    // Out of memory here shows as objects without methods, soon after as an exception of its own.
    static_cast<void>(add_feature(state.context, feature));
}

Isolate::Isolate(const Bindings& bindings, const Limits& limits, SliceClock clock, void* host)
    : Isolate(bindings, nullptr, limits, clock, host) {}

Isolate::Isolate(const Program& program, const Limits& limits, SliceClock clock, void* host)
    : Isolate(program.code().bindings(), &program.code(), limits, clock, host) {}

Isolate::Isolate(const Bindings& bindings,
                 const Program::Code* code,
                 const Limits& limits,
                 SliceClock clock,
                 void* host)
    : state_(std::make_unique<State>()), host_(host) {
    CHECK(limits.stack_bytes > native_headroom_bytes);
    State& state = *state_;
    state.tables = &bindings.tables();
    state.code = code;
    state.limits = limits;
    state.clock = clock;
    state.runtime = JS_NewRuntime2(&heap_functions, &state.heap);
    CHECK(state.runtime != nullptr);
    JS_SetRuntimeOpaque(state.runtime, this);
    JS_SetMaxStackSize(state.runtime, limits.stack_bytes - native_headroom_bytes);
    JS_SetInterruptHandler(state.runtime, on_interrupt, this);
    JS_SetHostPromiseRejectionTracker(state.runtime, on_rejection, this);
    JS_SetGCThreshold(state.runtime, first_collection_bytes);

    JSContext* context = JS_NewContextRaw(state.runtime);
    CHECK(context != nullptr);
    state.context = context;
    JS_SetContextOpaque(context, this);
    // No JS_AddIntrinsicEval: users run bytecode only, so the parser, which cannot be trusted when
    // memory is out, is never met under a memory limit; eval and new Function are refused.
    CHECK(JS_AddIntrinsicBaseObjects(context) == 0);
    CHECK(JS_AddIntrinsicJSON(context) == 0);
    CHECK(JS_AddIntrinsicPromise(context) == 0);
    const std::uint32_t wanted = code == nullptr ? ~0U : code->features();
    for (unsigned i = 0; i < static_cast<unsigned>(Feature::count); ++i) {
        if ((wanted >> i & 1U) != 0) Engine::ensure(*this, static_cast<Feature>(i));
    }
    prepare_classes(*this);
    if (code != nullptr) install_loader(*this);
    state.collected_at = state.heap.bytes;
    state.heap.limit = limits.memory_bytes;
}

Isolate::~Isolate() {
    CHECK(!entered_);
    State& state = *state_;
    state.heap.limit = 0;  // freeing may need a little
    for (const State::Rejection& rejection : state.rejections) {
        JS_FreeValue(state.context, rejection.promise);
        JS_FreeValue(state.context, rejection.reason);
    }
    for (const JSValue module : state.modules) JS_FreeValue(state.context, module);
    for (const JSValue made : state.constructors) JS_FreeValue(state.context, made);
    for (const auto& fields : state.class_fields) {
        for (const JSAtom atom : fields) JS_FreeAtom(state.context, atom);
    }
    JS_FreeContext(state.context);
    JS_FreeRuntime(state.runtime);
}

Isolate::Entry::Entry(Isolate& isolate) : isolate_(&isolate) {
    CHECK(!isolate.entered_);
    isolate.entered_ = true;
    // The engine checks its stack by address: this frame is the top from here on. Only here, never
    // in a nested call, where it would lower the floor below the guard page.
    JS_UpdateStackTop(isolate.state_->runtime);
}

Isolate::Entry::~Entry() {
    isolate_->entered_ = false;
}

Isolate::Parked::Parked(Isolate& isolate) noexcept : isolate_(&isolate) {}

Isolate::Parked::~Parked() {
    isolate_->begin_slice();
}

bool Isolate::drain_jobs() {
    JSContext* context = nullptr;
    for (;;) {
        const int done = JS_ExecutePendingJob(state_->runtime, &context);
        if (done == 0) return true;
        if (done < 0) return false;
    }
}

bool Isolate::jobs_pending() const noexcept {
    return JS_IsJobPending(state_->runtime);
}

std::vector<ScriptError> Isolate::take_unhandled_rejections() {
    std::vector<ScriptError> errors;
    const auto rejections = std::exchange(state_->rejections, {});
    for (const State::Rejection& rejection : rejections) {
        errors.push_back(describe(Engine::borrow(rejection.reason)));
        JS_FreeValue(state_->context, rejection.promise);
        JS_FreeValue(state_->context, rejection.reason);
    }
    return errors;
}

Value Isolate::throw_cancelled() {
    JSContext* context = state_->context;
    const JSValue error = JS_NewInternalError(context, "the iteration was cancelled");
    if (JS_IsException(error)) return Value::thrown();
    JS_SetUncatchableError(context, error);
    JS_Throw(context, error);
    return Value::thrown();
}

Value Isolate::take_exception_value() {
    Value value = Engine::adopt(*this, JS_GetException(state_->context));
    if (stop_ == Stop::slice_exceeded) {
        stop_ = Stop::none;
        begin_slice();
    }
    return value;
}

ScriptError Isolate::take_exception() {
    const Stop stop = stop_;
    const bool refused = std::exchange(state_->heap.refused, false);
    const Value value = take_exception_value();
    ScriptError error = describe(value);
    error.stop = stop;
    // With no memory left for an Error, the engine throws null.
    if (refused && value.is_null()) {
        error.out_of_memory = true;
        error.message = "out of memory";
    }
    if (error.out_of_memory) {
        error.message +=
            base::format(" (a user's script may hold {} MiB)", state_->limits.memory_bytes >> 20);
    }
    if (stop == Stop::slice_exceeded) {
        error.name = "Error";
        error.message = base::format(
            "the script ran for {:.3g} s without waiting for anything; is this an endless loop?",
            base::to_seconds(state_->limits.cpu_slice));
    }
    return error;
}

Atom Isolate::atom(std::string_view name) {
    return Atom{JS_NewAtomLen(state_->context, name.data(), name.size())};
}

Value Isolate::global() {
    return Engine::adopt(*this, JS_GetGlobalObject(state_->context));
}

std::vector<Frame> Isolate::current_stack() {
    const Value probe = Engine::adopt(*this, JS_NewPlainError(state_->context, "%s", ""));
    const Value stack = probe.threw() ? Value::thrown() : probe.get(*this, "stack");
    if (stack.threw()) {
        JS_FreeValue(state_->context, JS_GetException(state_->context));
        return {};
    }
    const Text text = stack.to_text(*this);
    return parse_stack(text.view(), state_->code);
}

std::size_t Isolate::memory_used() const noexcept {
    return state_->heap.bytes;
}

void Isolate::collect_if_worthwhile() {
    constexpr std::size_t least = 256UL * 1024;
    if (state_->heap.bytes > state_->collected_at + state_->collected_at / 2 + least) collect();
}

void Isolate::collect() {
    JS_RunGC(state_->runtime);
    state_->collected_at = state_->heap.bytes;
    JS_SetGCThreshold(state_->runtime, state_->heap.bytes * 2 + first_collection_bytes);
}

}  // namespace weir::script
