// Result<T>: a value, or the sentence that says what could not be done and why.
#pragma once

#include <cassert>
#include <optional>
#include <string>
#include <utility>

namespace weir::sample {

/// What went wrong, as a sentence for the person who runs the service.
struct Error {
    std::string text;
};

template <typename T>
class [[nodiscard]] Result {
public:
    Result(T value) : value_(std::move(value)) {}      // NOLINT(google-explicit-constructor)
    Result(Error error) : error_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

    [[nodiscard]] bool ok() const { return value_.has_value(); }
    [[nodiscard]] T& value() {
        assert(ok());
        return *value_;
    }
    [[nodiscard]] const T& value() const {
        assert(ok());
        return *value_;
    }
    [[nodiscard]] const Error& error() const { return error_; }

private:
    std::optional<T> value_;
    Error error_;
};

template <>
class [[nodiscard]] Result<void> {
public:
    Result() = default;
    Result(Error error) : error_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

    [[nodiscard]] bool ok() const { return !error_.has_value(); }
    [[nodiscard]] const Error& error() const {
        assert(!ok());
        return *error_;
    }

private:
    std::optional<Error> error_;
};

}  // namespace weir::sample
