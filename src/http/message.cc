#include "http/message.h"

#include <algorithm>
#include <cstring>

#include "base/assert.h"
#include "http/header_names.h"

namespace weir::http {
namespace {

constexpr char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

}  // namespace

std::string_view word_of(Protocol protocol) noexcept {
    switch (protocol) {
        case Protocol::http_1_0:
            return "HTTP/1.0";
        case Protocol::http_1_1:
            return "HTTP/1.1";
        case Protocol::http_2:
            return "HTTP/2.0";
        case Protocol::none:
            break;
    }
    return {};
}

bool same_name(std::string_view a, std::string_view b) noexcept {
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                              [](char x, char y) { return lower(x) == lower(y); });
}

const Header* find_header(const std::vector<Header>& headers, std::string_view name) noexcept {
    for (const auto& header : headers) {
        if (same_name(header.name, name)) return &header;
    }
    return nullptr;
}

void remove_header(std::vector<Header>& headers, std::string_view name) {
    std::erase_if(headers, [name](const Header& each) { return same_name(each.name, name); });
}

std::string_view HeaderBlock::first(std::string_view name) const noexcept {
    for (const HeaderField field : *this) {
        if (same_name(field.name, name)) return field.value;
    }
    return {};
}

std::string_view HeaderBlock::last_name() const noexcept {
    CHECK(memory_.size() >= last_ + sizeof(Lengths));
    Lengths lengths;
    std::memcpy(&lengths, memory_.data() + last_, sizeof lengths);
    return std::string_view(memory_).substr(last_ + sizeof lengths, lengths.name);
}

void HeaderBlock::add(std::string_view name, std::string_view value) {
    begin_field();
    append_name(name);
    append_value(value);
}

void HeaderBlock::begin_field() {
    last_ = memory_.size();
    memory_.append(sizeof(Lengths), '\0');
}

void HeaderBlock::append_name(std::string_view piece) {
    grow(&Lengths::name, piece);
}

void HeaderBlock::append_value(std::string_view piece) {
    grow(&Lengths::value, piece);
}

void HeaderBlock::end_field() noexcept {
    CHECK(memory_.size() >= last_ + sizeof(Lengths));
    Lengths lengths;
    std::memcpy(&lengths, memory_.data() + last_, sizeof lengths);
    while (lengths.value > 0 && (memory_.back() == ' ' || memory_.back() == '\t')) {
        memory_.pop_back();
        lengths.value -= 1;
    }
    std::memcpy(memory_.data() + last_, &lengths, sizeof lengths);
}

void HeaderBlock::grow(std::uint32_t Lengths::*length, std::string_view piece) {
    CHECK(memory_.size() >= last_ + sizeof(Lengths));
    Lengths lengths;
    std::memcpy(&lengths, memory_.data() + last_, sizeof lengths);
    lengths.*length += static_cast<std::uint32_t>(piece.size());
    std::memcpy(memory_.data() + last_, &lengths, sizeof lengths);
    memory_.append(piece);
}

}  // namespace weir::http
