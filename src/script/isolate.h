// Isolate: one user's JavaScript runtime with its limits; made, entered and freed on its own fiber.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "script/bindings.h"
#include "script/error.h"
#include "script/program.h"
#include "script/value.h"

namespace weir::script {

/// The least stack that is kept for native functions, TLS and the C library below the script's
/// floor.
inline constexpr std::size_t native_headroom_bytes = 64UL * 1024;

struct Limits {
    std::size_t memory_bytes = 64UL * 1024 * 1024;
    std::size_t stack_bytes = 256UL * 1024;  // the whole stack of the fiber (or thread) it runs on
    /// Longest time between two parks; zero: no limit. Parked time is not charged.
    base::Nanos cpu_slice = std::chrono::seconds(10);
};

/// Where the slice limit reads time from; wraps an rt::Clock.
struct SliceClock {
    const void* context = nullptr;
    base::Instant (*now)(const void* context) noexcept = nullptr;  // null: slices are not limited
};

/// Not thread-safe; not movable; pinned to the stack it was made on. All values must be gone before
/// it.
class Isolate {
public:
    /// `host` is the binding author's own: see host(). The Bindings must outlive the isolate.
    Isolate(const Bindings& bindings, const Limits& limits, SliceClock clock, void* host);
    /// As above, with only those parts of the standard library that `program` mentions (memory per
    /// user), and its modules ready for run_program().
    Isolate(const Program& program, const Limits& limits, SliceClock clock, void* host);
    ~Isolate();
    Isolate(const Isolate&) = delete;
    Isolate& operator=(const Isolate&) = delete;

    /// Held while script may run. Outermost only: CHECKs that no other is held.
    class [[nodiscard]] Entry {
    public:
        explicit Entry(Isolate& isolate);
        ~Entry();
        Entry(const Entry&) = delete;
        Entry& operator=(const Entry&) = delete;

    private:
        Isolate* isolate_;
    };
    [[nodiscard]] Entry enter() { return Entry(*this); }

    /// Held while the fiber parks inside a native function: the script is not charged for it.
    class [[nodiscard]] Parked {
    public:
        explicit Parked(Isolate& isolate) noexcept;
        ~Parked();
        Parked(const Parked&) = delete;
        Parked& operator=(const Parked&) = delete;

    private:
        Isolate* isolate_;
    };
    /// Starts a new slice, e.g. at the start of an iteration.
    void begin_slice() noexcept { slice_running_ = false; }

    /// Puts the bindings' globals in place; run_program() does so by itself. False: threw.
    bool define_globals();
    /// Evaluates the program's entry module: a promise (pending if it awaits at the top level), or
    /// threw(). Call once.
    [[nodiscard]] Value run_program();
    /// What the entry module exports, as an object; after run_program() was fulfilled.
    [[nodiscard]] Value exports();

    /// Runs pending promise jobs until there are none. False: an exception that no script may catch
    /// (cancel, slice limit) ended a job; it is pending.
    [[nodiscard]] bool drain_jobs();
    [[nodiscard]] bool jobs_pending() const noexcept;
    /// Promises rejected and not handled since the last call; ask after drain_jobs().
    [[nodiscard]] std::vector<ScriptError> take_unhandled_rejections();

    /// The script ends at its next branch or native return: nothing it does can catch that.
    /// Safe to call from the loop while the fiber is parked.
    void cancel() noexcept { stop_ = Stop::cancelled; }
    [[nodiscard]] bool cancelled() const noexcept { return stop_ == Stop::cancelled; }
    /// Throws the exception that no script can catch; for a native function whose wait was
    /// cancelled.
    [[nodiscard]] Value throw_cancelled();

    /// The pending exception, taken; only after something threw.
    [[nodiscard]] ScriptError take_exception();
    /// The same as a value, for handing it on (rejecting a promise). May be any value.
    Value take_exception_value();
    /// A thrown or rejected value as error.
    [[nodiscard]] ScriptError describe(Ref thrown);
    /// Where script is right now (innermost first), for warnings that name the user's line.
    [[nodiscard]] std::vector<Frame> current_stack();

    /// Absolute path of the file whose code runs now: what relative paths in it mean. "" if none
    /// does.
    [[nodiscard]] std::string calling_file();

    [[nodiscard]] Atom atom(std::string_view name);
    [[nodiscard]] Value global();

    [[nodiscard]] void* host() const noexcept { return host_; }
    template <typename T>
    [[nodiscard]] T& host_as() const noexcept {
        return *static_cast<T*>(host_);
    }

    /// Bytes held by the script now, engine's own included.
    [[nodiscard]] std::size_t memory_used() const noexcept;
    /// Frees cycles if enough was allocated since the last time; call between iterations.
    void collect_if_worthwhile();
    void collect();

    struct State;  // engine-facing, private to this folder
    [[nodiscard]] State& state() noexcept { return *state_; }

private:
    friend struct Engine;
    Isolate(const Bindings& bindings,
            const Program::Code* code,
            const Limits& limits,
            SliceClock clock,
            void* host);
    std::unique_ptr<State> state_;
    void* host_ = nullptr;
    Stop stop_ = Stop::none;
    bool slice_running_ = false;
    bool entered_ = false;
};

enum class ErrorKind : std::uint8_t { error, type, range, syntax, reference };
/// An Error object with that message and a stack; add properties with set(), throw with
/// throw_value().
[[nodiscard]] Value new_error(Isolate& js, ErrorKind kind, std::string_view message);
/// As new_error, with a `name` of its own ("GoError", "AbortError").
[[nodiscard]] Value new_error(Isolate& js, std::string_view name, std::string_view message);
/// Each returns Value::thrown().
Value throw_error(Isolate& js, std::string_view message);
Value throw_error(Isolate& js, ErrorKind kind, std::string_view message);
Value throw_value(Isolate& js, Value error);

/// Names used again and again, interned when first used: a member of the host's per-user state,
/// indexed by an enum whose values count from 0.
template <typename Enum, std::size_t N>
class Names {
public:
    explicit constexpr Names(const std::string_view (&texts)[N]) noexcept : texts_(texts) {}
    [[nodiscard]] Atom operator()(Isolate& js, Enum name) {
        Atom& atom = atoms_[static_cast<std::size_t>(name)];
        if (atom.id == 0) atom = js.atom(texts_[static_cast<std::size_t>(name)]);
        return atom;
    }

private:
    const std::string_view* texts_;
    Atom atoms_[N] = {};
};

}  // namespace weir::script
