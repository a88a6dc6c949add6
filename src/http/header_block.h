// HeaderBlock: a response's headers in one piece of memory, walked from front to back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <string>
#include <string_view>

namespace weir::http {

struct HeaderField {
    std::string_view name;  // as received
    std::string_view value;
};

/// In order, duplicates kept. Ten headers cost one allocation instead of twenty. Views into it live
/// until it is changed, moved or gone.
class HeaderBlock {
    struct Lengths {
        std::uint32_t name = 0;
        std::uint32_t value = 0;
    };

public:
    class Iterator {
    public:
        using iterator_category = std::forward_iterator_tag;
        using value_type = HeaderField;
        using difference_type = std::ptrdiff_t;
        using pointer = const HeaderField*;
        using reference = HeaderField;

        Iterator() = default;
        [[nodiscard]] HeaderField operator*() const noexcept {
            const Lengths lengths = read();
            const char* const text = at_ + sizeof lengths;
            return {{text, lengths.name}, {text + lengths.name, lengths.value}};
        }
        Iterator& operator++() noexcept {
            const Lengths lengths = read();
            at_ += sizeof lengths + lengths.name + lengths.value;
            return *this;
        }
        Iterator operator++(int) noexcept {
            Iterator before = *this;
            ++*this;
            return before;
        }
        [[nodiscard]] bool operator==(const Iterator&) const noexcept = default;

    private:
        friend class HeaderBlock;
        explicit Iterator(const char* at) noexcept : at_(at) {}
        [[nodiscard]] Lengths read() const noexcept {
            Lengths lengths;
            std::memcpy(&lengths, at_, sizeof lengths);
            return lengths;
        }
        const char* at_ = nullptr;
    };

    [[nodiscard]] Iterator begin() const noexcept { return Iterator(memory_.data()); }
    [[nodiscard]] Iterator end() const noexcept {
        return Iterator(memory_.data() + memory_.size());
    }
    [[nodiscard]] bool empty() const noexcept { return memory_.empty(); }
    /// Walks them all.
    [[nodiscard]] std::size_t count() const noexcept {
        return static_cast<std::size_t>(std::distance(begin(), end()));
    }
    /// The first value of that name, without regard to case; empty when there is none.
    [[nodiscard]] std::string_view first(std::string_view name) const noexcept;

    /// The name of the field that was added last; there is one.
    [[nodiscard]] std::string_view last_name() const noexcept;

    void add(std::string_view name, std::string_view value);
    /// For parsers, which find names and values in pieces: begin one, append to it, end it.
    void begin_field();
    void append_name(std::string_view piece);
    void append_value(std::string_view piece);
    /// Spaces and tabs behind a value are not part of it (RFC 9110 §5.5).
    void end_field() noexcept;
    void reserve(std::size_t bytes) { memory_.reserve(bytes); }
    void clear() noexcept { memory_.clear(); }

private:
    void grow(std::uint32_t Lengths::*length, std::string_view piece);

    std::string memory_;    // for each field: its Lengths, its name, its value
    std::size_t last_ = 0;  // where the field that grows begins
};

}  // namespace weir::http
