#include "journey/api/bytes_arg.h"

#include <array>
#include <cstdint>
#include <span>

#include "base/format.h"

namespace weir::journey::api {

namespace {

constexpr std::string_view standard =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view for_urls =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string_view alphabet(Base64 form) {
    return form.url ? for_urls : standard;
}

}  // namespace

std::optional<std::string> read_bytes(script::Isolate& js, script::Ref value) {
    if (const auto bytes = value.bytes(js)) {
        return std::string(reinterpret_cast<const char*>(bytes->data()),
                           bytes->size());  // NOLINT: bytes
    }
    if (!value.is_array()) {
        const script::Text text = value.to_text(js);
        return text.ok() ? std::optional(text.str()) : std::nullopt;
    }
    std::string out;
    const auto length = value.length(js);
    if (!length) return std::nullopt;
    for (std::uint32_t i = 0; i < *length; ++i) {
        const auto number = value.at(js, i).to_integer(js);
        if (!number) return std::nullopt;
        out += static_cast<char>(static_cast<unsigned char>(*number & 0xFF));
    }
    return out;
}

script::Value encode_bytes(script::Isolate& js,
                           const std::string& bytes,
                           std::string_view encoding) {
    if (encoding == "hex") return script::new_string(js, to_hex(bytes));
    if (encoding == "base64") return script::new_string(js, to_base64(bytes, {}));
    if (encoding == "base64url") return script::new_string(js, to_base64(bytes, {.url = true}));
    if (encoding == "base64rawurl") {
        return script::new_string(js, to_base64(bytes, {.url = true, .padded = false}));
    }
    if (encoding == "binary") return script::new_array_buffer(js, std::as_bytes(std::span(bytes)));
    return script::throw_error(
        js, script::ErrorKind::type,
        base::format("invalid output encoding '{}': hex, base64, base64url, base64rawurl or binary",
                     encoding));
}

std::optional<Base64> base64_named(std::string_view name) noexcept {
    if (name == "std") return Base64{};
    if (name == "rawstd") return Base64{.padded = false};
    if (name == "url") return Base64{.url = true};
    if (name == "rawurl") return Base64{.url = true, .padded = false};
    return std::nullopt;
}

std::string to_base64(std::string_view bytes, Base64 form) {
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    std::uint32_t bits = 0;
    int have = 0;
    for (const char c : bytes) {
        bits = bits << 8U | static_cast<unsigned char>(c);
        have += 8;
        while (have >= 6) {
            have -= 6;
            out += alphabet(form)[bits >> have & 0x3FU];
        }
    }
    if (have > 0) out += alphabet(form)[bits << (6 - have) & 0x3FU];
    while (form.padded && out.size() % 4 != 0) out += '=';
    return out;
}

std::optional<std::string> from_base64(std::string_view text, Base64 form) {
    if (form.padded) {
        if (text.size() % 4 != 0) return std::nullopt;
        for (int i = 0; i < 2 && text.ends_with('='); ++i) text.remove_suffix(1);
    }
    std::string out;
    std::uint32_t bits = 0;
    int have = 0;
    for (const char c : text) {
        const std::size_t digit = alphabet(form).find(c);
        if (digit == std::string_view::npos) return std::nullopt;
        bits = bits << 6U | static_cast<std::uint32_t>(digit);
        have += 6;
        if (have < 8) continue;
        have -= 8;
        out += static_cast<char>(static_cast<unsigned char>(bits >> have & 0xFFU));
    }
    return have < 6 ? std::optional(out) : std::nullopt;
}

std::string to_hex(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    out.reserve(bytes.size() * 2);
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        out += digits[byte >> 4U];
        out += digits[byte & 0xFU];
    }
    return out;
}

}  // namespace weir::journey::api
