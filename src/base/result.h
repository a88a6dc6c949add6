// Result<T>: a value or the Error that kept us from it. For failures that the caller must handle.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "base/assert.h"

namespace weir::base {

/// What kind of thing went wrong; decides exit codes at the top, never control flow below.
enum class Code : std::uint8_t { invalid, not_found, io, timeout, limit, cancelled, script };

/// Text for people: what was being done, to what, why it could not be, what to try.
struct Error {
    Code code = Code::invalid;
    std::string text;
};

/// The same error, told from further out: "reading weir.toml: <text>".
[[nodiscard]] inline Error within(std::string_view doing, Error error) {
    error.text.insert(0, std::string(doing) + ": ");
    return error;
}

template <typename T>
class [[nodiscard]] Result {
public:
    Result(T value)
        : state_(std::in_place_index<0>, std::move(value)) {
    }  // NOLINT(google-explicit-constructor)
    Result(Error error)
        : state_(std::in_place_index<1>, std::move(error)) {
    }  // NOLINT(google-explicit-constructor)

    [[nodiscard]] bool ok() const noexcept { return state_.index() == 0; }
    [[nodiscard]] T& value() & {
        CHECK(ok());
        return *std::get_if<0>(&state_);
    }
    [[nodiscard]] const T& value() const& {
        CHECK(ok());
        return *std::get_if<0>(&state_);
    }
    [[nodiscard]] T&& value() && {
        CHECK(ok());
        return std::move(*std::get_if<0>(&state_));
    }
    [[nodiscard]] const Error& error() const {
        CHECK(!ok());
        return *std::get_if<1>(&state_);
    }

private:
    std::variant<T, Error> state_;
};

/// Success without a value, or an Error.
template <>
class [[nodiscard]] Result<void> {
public:
    Result() = default;
    Result(Error error)
        : error_(std::move(error)), ok_(false) {}  // NOLINT(google-explicit-constructor)

    [[nodiscard]] bool ok() const noexcept { return ok_; }
    [[nodiscard]] const Error& error() const {
        CHECK(!ok_);
        return error_;
    }

private:
    Error error_;
    bool ok_ = true;
};

}  // namespace weir::base

// NOLINTBEGIN(cppcoreguidelines-macro-usage): early return cannot be a function.
/// TRY(auto x, f()): x is f()'s value, or the enclosing function returns f()'s error.
#define TRY(declaration, expression) \
    WEIR_TRY_NAMED(declaration, expression, WEIR_TRY_JOIN(weir_try_, __LINE__))
/// TRY_VOID(f()): goes on, or the enclosing function returns f()'s error.
#define TRY_VOID(expression)                                                                      \
    do {                                                                                          \
        if (auto weir_try_void = (expression); !weir_try_void.ok()) return weir_try_void.error(); \
    } while (false)
#define WEIR_TRY_JOIN(a, b) WEIR_TRY_JOIN_AGAIN(a, b)
#define WEIR_TRY_JOIN_AGAIN(a, b) a##b
#define WEIR_TRY_NAMED(declaration, expression, name) \
    auto name = (expression);                         \
    if (!name.ok()) return name.error();              \
    declaration = std::move(name).value()
// NOLINTEND(cppcoreguidelines-macro-usage)
