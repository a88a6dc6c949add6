// TextEncoder and TextDecoder for UTF-8, UTF-16LE and Latin-1.
#include <algorithm>
#include <array>

#include "base/format.h"
#include "script/isolate.h"
#include "script/web/url.h"

namespace weir::script {

namespace {

constexpr std::string_view encoder_name = "TextEncoder";
constexpr std::string_view decoder_name = "TextDecoder";

enum class Encoding : std::uint8_t { utf8, utf16le, latin1 };

struct Decoder {
    Encoding encoding = Encoding::utf8;
    bool fatal = false;
    bool ignore_bom = false;
    bool begun = false;  // a byte order mark can no longer come
    std::string held;    // the start of a character whose end is in the next chunk
};

std::span<const std::byte> as_bytes(std::string_view text) noexcept {
    return std::as_bytes(std::span(text.data(), text.size()));
}

Value encode(Isolate& js, Ref, Args args, int) noexcept {
    const bool empty = args.empty() || args[0].is_undefined();
    const Text text = empty ? Text() : args[0].to_text(js);
    if (!empty && !text.ok()) return Value::thrown();
    const Value buffer = new_array_buffer(js, as_bytes(text.view()));
    return buffer.threw() ? Value::thrown() : new_uint8_array(js, buffer);
}

/// How many UTF-16 units the first `bytes` bytes of valid UTF-8 are.
double units_of(std::string_view utf8) noexcept {
    double units = 0;
    for (const char c : utf8) {
        const auto byte = static_cast<unsigned char>(c);
        if ((byte & 0xc0) != 0x80) units += byte >= 0xf0 ? 2 : 1;
    }
    return units;
}

Value encode_into(Isolate& js, Ref, Args args, int) noexcept {
    const Text text = (args.empty() ? Ref() : args[0]).to_text(js);
    if (!text.ok()) return Value::thrown();
    const auto target = args.size() < 2 ? std::nullopt : args[1].bytes(js);
    if (!target) return throw_error(js, ErrorKind::type, "encodeInto needs a Uint8Array");
    std::size_t length = std::min(text.view().size(), target->size());
    // Whole characters only.
    while (length > 0 && length < text.view().size() &&
           (static_cast<unsigned char>(text.view()[length]) & 0xc0) == 0x80) {
        --length;
    }
    const auto source = as_bytes(text.view()).first(length);
    std::copy(source.begin(), source.end(), target->begin());
    Value result = new_object(js);
    if (result.threw() ||
        !result.set(js, "read", Value::number(units_of(text.view().substr(0, length)))) ||
        !result.set(js, "written", Value::number(static_cast<double>(length)))) {
        return Value::thrown();
    }
    return result;
}

Value new_encoder(Isolate& js, Ref, Args, int) noexcept {
    return new_native(js, class_named(js, encoder_name), nullptr);
}

Value encoding_of_encoder(Isolate& js, Ref, Args, int) noexcept {
    return new_string(js, "utf-8");
}

std::optional<Encoding> find_encoding(std::string label) {
    std::transform(label.begin(), label.end(), label.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    for (const std::string_view name : {"utf-8", "utf8", "unicode-1-1-utf-8"}) {
        if (label == name) return Encoding::utf8;
    }
    for (const std::string_view name : {"utf-16le", "utf-16", "ucs-2"}) {
        if (label == name) return Encoding::utf16le;
    }
    for (const std::string_view name :
         {"latin1", "iso-8859-1", "ascii", "us-ascii", "windows-1252"}) {
        if (label == name) return Encoding::latin1;
    }
    return std::nullopt;
}

/// An option's truth; nullopt: threw.
std::optional<bool> option(Isolate& js, Args args, std::size_t index, std::string_view name) {
    if (args.size() <= index || !args[index].is_object()) return false;
    const Value value = args[index].get(js, name);
    if (value.threw()) return std::nullopt;
    return value.to_bool(js);
}

Value new_decoder(Isolate& js, Ref, Args args, int) noexcept {
    auto decoder = std::make_unique<Decoder>();
    if (!args.empty() && !args[0].is_undefined()) {
        const Text label = args[0].to_text(js);
        if (!label.ok()) return Value::thrown();
        const auto encoding = find_encoding(label.str());
        if (!encoding) {
            return throw_error(js, ErrorKind::range,
                               base::format("the encoding '{}' is not known here; there are utf-8, "
                                            "utf-16le and latin1",
                                            label.view()));
        }
        decoder->encoding = *encoding;
    }
    const auto fatal = option(js, args, 1, "fatal"), ignore_bom = option(js, args, 1, "ignoreBOM");
    if (!fatal || !ignore_bom) return Value::thrown();
    decoder->fatal = *fatal;
    decoder->ignore_bom = *ignore_bom;
    return new_native(js, class_named(js, decoder_name), decoder.release());
}

/// Bytes of the UTF-8 character that begins with `lead`; 1 for what begins none.
std::size_t expected_length(unsigned char lead) noexcept {
    if (lead >= 0xf0 && lead <= 0xf4) return 4;
    if (lead >= 0xe0) return lead < 0xf0 ? 3 : 1;
    return lead >= 0xc2 ? 2 : 1;
}

bool is_continuation(char c) noexcept {
    return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

/// Length of the valid character at the front, 0 if there is none.
std::size_t valid_prefix(std::string_view text) noexcept {
    const auto lead = static_cast<unsigned char>(text.front());
    if (lead < 0x80) return 1;
    const std::size_t length = expected_length(lead);
    if (length == 1 || text.size() < length) return 0;
    for (std::size_t i = 1; i < length; ++i) {
        if (!is_continuation(text[i])) return 0;
    }
    const auto second = static_cast<unsigned char>(text[1]);
    const bool overlong = (lead == 0xe0 && second < 0xa0) || (lead == 0xf0 && second < 0x90);
    const bool outside = (lead == 0xed && second >= 0xa0) || (lead == 0xf4 && second >= 0x90);
    return overlong || outside ? 0 : length;
}

/// Start of a character that the end of `text` cuts off, in bytes; 0 if the end is clean.
std::size_t cut_off(std::string_view text) noexcept {
    for (std::size_t back = 1; back <= std::min<std::size_t>(3, text.size()); ++back) {
        const char c = text[text.size() - back];
        if (is_continuation(c)) continue;
        return expected_length(static_cast<unsigned char>(c)) > back ? back : 0;
    }
    return 0;
}

bool is_valid_utf8(std::string_view text) noexcept {
    while (!text.empty()) {
        const std::size_t length = valid_prefix(text);
        if (length == 0) return false;
        text.remove_prefix(length);
    }
    return true;
}

void append_utf8(std::uint32_t code, std::string& out) {
    if (code < 0x80) {
        out.push_back(static_cast<char>(code));
    } else if (code < 0x800) {
        out.push_back(static_cast<char>(0xc0 | (code >> 6)));
        out.push_back(static_cast<char>(0x80 | (code & 0x3f)));
    } else if (code < 0x10000) {
        out.push_back(static_cast<char>(0xe0 | (code >> 12)));
        out.push_back(static_cast<char>(0x80 | ((code >> 6) & 0x3f)));
        out.push_back(static_cast<char>(0x80 | (code & 0x3f)));
    } else {
        out.push_back(static_cast<char>(0xf0 | (code >> 18)));
        out.push_back(static_cast<char>(0x80 | ((code >> 12) & 0x3f)));
        out.push_back(static_cast<char>(0x80 | ((code >> 6) & 0x3f)));
        out.push_back(static_cast<char>(0x80 | (code & 0x3f)));
    }
}

constexpr std::uint32_t replacement = 0xfffd;

/// Pairs of bytes to UTF-8. False: an unpaired surrogate or half a unit (replaced).
bool decode_utf16(std::string_view text, std::string& out) {
    const auto unit = [&](std::size_t i) {
        return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i]) |
                                          static_cast<unsigned char>(text[i + 1]) << 8);
    };
    bool clean = text.size() % 2 == 0;
    for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
        std::uint32_t code = unit(i);
        if (code >= 0xd800 && code < 0xe000) {
            const bool paired =
                code < 0xdc00 && i + 3 < text.size() && (unit(i + 2) & 0xfc00) == 0xdc00;
            clean = clean && paired;
            code =
                paired ? 0x10000 + ((code - 0xd800) << 10) + (unit(i + 2) - 0xdc00) : replacement;
            if (paired) i += 2;
        }
        append_utf8(code, out);
    }
    if (text.size() % 2 != 0) append_utf8(replacement, out);
    return clean;
}

/// Keeps back the bytes of a character that is not complete yet.
void hold_back(Decoder& decoder, std::string& chunk) {
    std::size_t keep = 0;
    if (decoder.encoding == Encoding::utf8) keep = cut_off(chunk);
    if (decoder.encoding == Encoding::utf16le) keep = chunk.size() % 2;
    decoder.held = chunk.substr(chunk.size() - keep);
    chunk.resize(chunk.size() - keep);
}

/// To UTF-8. False: the bytes are not text in that encoding.
bool decode_chunk(const Decoder& decoder, std::string& chunk) {
    if (decoder.encoding == Encoding::utf8) return !decoder.fatal || is_valid_utf8(chunk);
    std::string out;
    bool clean = true;
    if (decoder.encoding == Encoding::utf16le) {
        clean = decode_utf16(chunk, out);
    } else {
        for (const char c : chunk) append_utf8(static_cast<unsigned char>(c), out);
    }
    chunk = std::move(out);
    return clean || !decoder.fatal;
}

Value decode(Isolate& js, Ref self, Args args, int) noexcept {
    auto* decoder = native_as<Decoder>(js, self, class_named(js, decoder_name));
    if (decoder == nullptr) return throw_error(js, ErrorKind::type, "this is not a TextDecoder");
    std::string chunk = std::exchange(decoder->held, {});
    if (!args.empty() && !args[0].is_undefined()) {
        const auto bytes = args[0].bytes(js);
        if (!bytes)
            return throw_error(js, ErrorKind::type, "decode needs an ArrayBuffer or a view of one");
        // NOLINTNEXTLINE: bytes are chars.
        chunk.append(reinterpret_cast<const char*>(bytes->data()), bytes->size());
    }
    const auto stream = option(js, args, 1, "stream");
    if (!stream) return Value::thrown();
    if (*stream) hold_back(*decoder, chunk);
    const bool good = decode_chunk(*decoder, chunk);
    constexpr std::string_view mark = "\xef\xbb\xbf";
    if (!decoder->begun && !decoder->ignore_bom && chunk.starts_with(mark))
        chunk.erase(0, mark.size());
    decoder->begun = *stream && (decoder->begun || !chunk.empty());
    if (!good) return throw_error(js, ErrorKind::type, "the bytes are not valid text");
    return new_string(js, chunk);
}

enum DecoderPart : int { encoding, fatal, ignore_bom };

Value decoder_part(Isolate& js, Ref self, Args, int part) noexcept {
    const auto* decoder = native_as<Decoder>(js, self, class_named(js, decoder_name));
    if (decoder == nullptr) return throw_error(js, ErrorKind::type, "this is not a TextDecoder");
    if (part == fatal) return Value::boolean(decoder->fatal);
    if (part == ignore_bom) return Value::boolean(decoder->ignore_bom);
    constexpr std::array<std::string_view, 3> names{"utf-8", "utf-16le", "windows-1252"};
    return new_string(js, names[static_cast<std::size_t>(decoder->encoding)]);
}

void finalize_decoder(void* decoder) noexcept {
    delete static_cast<Decoder*>(decoder);
}

}  // namespace

ClassId add_text_encoder_class(Bindings& bindings) {
    static constexpr MemberSpec members[] = {
        {.name = "encode", .call = encode},
        {.name = "encodeInto", .call = encode_into, .length = 2},
        {.name = "encoding", .get = encoding_of_encoder},
    };
    return bindings.add_class({.name = encoder_name, .members = members, .construct = new_encoder});
}

ClassId add_text_decoder_class(Bindings& bindings) {
    static constexpr MemberSpec members[] = {
        {.name = "decode", .call = decode},
        {.name = "encoding", .get = decoder_part, .magic = encoding},
        {.name = "fatal", .get = decoder_part, .magic = fatal},
        {.name = "ignoreBOM", .get = decoder_part, .magic = ignore_bom},
    };
    return bindings.add_class({.name = decoder_name,
                               .finalize = finalize_decoder,
                               .members = members,
                               .construct = new_decoder});
}

}  // namespace weir::script
