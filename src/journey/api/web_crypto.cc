// crypto: getRandomValues, randomUUID, and of crypto.subtle digest and HMAC keys.
// Source: https://www.w3.org/TR/WebCryptoAPI/
#include <algorithm>
#include <array>
#include <memory>
#include <string>

#include "base/format.h"
#include "journey/api/api.h"
#include "journey/api/bytes_arg.h"
#include "journey/api/digest.h"
#include "journey/host/host.h"

namespace weir::journey::api {

namespace {

using script::Args;
using script::ErrorKind;
using script::Isolate;
using script::Ref;
using script::Value;

/// An HMAC key.
struct Key {
    std::string digest;
    std::string secret;
};

void finalize(void* object) noexcept {
    delete static_cast<Key*>(object);
}

Ref arg(Args args, std::size_t index) {
    return index < args.size() ? args[index] : Ref();
}

Value get_random_values(Isolate& js, Ref, Args args, int) noexcept {
    const auto bytes = arg(args, 0).bytes(js);
    if (!bytes)
        return script::throw_error(js, ErrorKind::type, "getRandomValues() takes a typed array");
    constexpr std::size_t most = 65536;
    if (bytes->size() > most) {
        return script::throw_error(js, ErrorKind::range,
                                   "getRandomValues(): at most 65536 bytes at once");
    }
    const std::string random = system_random(bytes->size());
    std::copy_n(reinterpret_cast<const std::byte*>(random.data()), random.size(),
                bytes->data());  // NOLINT
    return args[0].own(js);
}

/// Source: RFC 9562 §5.4 (version 4).
Value random_uuid(Isolate& js, Ref, Args, int) noexcept {
    std::string bytes = system_random(16);
    bytes[6] = static_cast<char>((bytes[6] & 0x0F) | 0x40);
    bytes[8] = static_cast<char>((bytes[8] & 0x3F) | 0x80);
    std::string text = to_hex(bytes);
    for (const std::size_t at : {8U, 13U, 18U, 23U}) text.insert(at, 1, '-');
    return script::new_string(js, text);
}

/// "SHA-256" or {name: "SHA-256"} → "sha256"; "" for what is not known, nothing thrown.
std::string digest_of(Isolate& js, Ref algorithm) {
    const Value named = algorithm.is_object() ? algorithm.get(js, "name") : algorithm.own(js);
    if (!named.is_string()) return {};
    std::string name = named.to_text(js).str();
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    std::erase(name, '-');
    for (const std::string_view each : {"sha1", "sha256", "sha384", "sha512"}) {
        if (name == each) return name;
    }
    return {};
}

Value settled(Isolate& js, Value result) {
    const script::Deferred promise = script::new_deferred(js);
    if (promise.promise.threw()) return Value::thrown();
    if (result.threw()) {
        const Value reason = js.take_exception_value();
        static_cast<void>(promise.reject.call(js, {}, {reason}));
    } else {
        static_cast<void>(promise.resolve.call(js, {}, {result}));
    }
    return promise.promise.own(js);
}

Value not_supported(Isolate& js, std::string_view what) {
    return script::throw_value(
        js, script::new_error(js, "NotSupportedError",
                              base::format("crypto.subtle: {} is not supported yet", what)));
}

Value bytes_or_error(Isolate& js, const base::Result<std::string>& bytes) {
    if (!bytes.ok()) return script::throw_error(js, bytes.error().text);
    return script::new_array_buffer(js, std::as_bytes(std::span(bytes.value())));
}

Value subtle_digest(Isolate& js, Ref, Args args, int) noexcept {
    const std::string name = digest_of(js, arg(args, 0));
    if (name.empty()) return settled(js, not_supported(js, "this digest"));
    const auto data = read_bytes(js, arg(args, 1));
    return settled(js, data ? bytes_or_error(js, digest(name, *data)) : Value::thrown());
}

Value make_key(Isolate& js, Args args) {
    const Value name =
        arg(args, 2).is_object() ? arg(args, 2).get(js, "name") : arg(args, 2).own(js);
    const bool raw = arg(args, 0).is_string() && arg(args, 0).to_text(js).view() == "raw";
    const bool is_hmac = name.is_string() && name.to_text(js).view() == "HMAC";
    if (!raw || !is_hmac) return not_supported(js, "importKey() of anything but raw HMAC keys");
    const std::string digest = digest_of(js, arg(args, 2).get(js, "hash"));
    auto secret = read_bytes(js, arg(args, 1));
    if (!secret) return Value::thrown();
    if (digest.empty()) return not_supported(js, "this hash");
    return script::new_native(js, crypto_key_class,
                              std::make_unique<Key>(Key{digest, std::move(*secret)}).release());
}

Value import_key(Isolate& js, Ref, Args args, int) noexcept {
    return settled(js, make_key(js, args));
}

Value make_signature(Isolate& js, Args args) {
    const auto* const key = script::native_as<Key>(js, arg(args, 1), crypto_key_class);
    if (key == nullptr) return not_supported(js, "sign() with anything but HMAC keys");
    const auto data = read_bytes(js, arg(args, 2));
    return data ? bytes_or_error(js, hmac(key->digest, key->secret, *data)) : Value::thrown();
}

Value sign(Isolate& js, Ref, Args args, int) noexcept {
    return settled(js, make_signature(js, args));
}

Value check_signature(Isolate& js, Args args) {
    const auto* const key = script::native_as<Key>(js, arg(args, 1), crypto_key_class);
    if (key == nullptr) return not_supported(js, "verify() with anything but HMAC keys");
    const auto given = read_bytes(js, arg(args, 2));
    const auto data = given ? read_bytes(js, arg(args, 3)) : std::nullopt;
    if (!data) return Value::thrown();
    const auto sum = hmac(key->digest, key->secret, *data);
    if (!sum.ok()) return script::throw_error(js, sum.error().text);
    return Value::boolean(sum.value() == *given);
}

Value verify(Isolate& js, Ref, Args args, int) noexcept {
    return settled(js, check_signature(js, args));
}

Value not_yet(Isolate& js, Ref, Args, int which) noexcept {
    constexpr std::array<std::string_view, 6> names{"encrypt()",   "decrypt()",    "generateKey()",
                                                    "exportKey()", "deriveBits()", "deriveKey()"};
    return settled(js, not_supported(js, names[static_cast<std::size_t>(which)]));
}

constexpr std::array subtle_functions{
    script::FunctionSpec{"digest", subtle_digest, 2},
    script::FunctionSpec{"importKey", import_key, 5},
    script::FunctionSpec{"sign", sign, 3},
    script::FunctionSpec{"verify", verify, 4},
    script::FunctionSpec{"encrypt", not_yet, 3, 0},
    script::FunctionSpec{"decrypt", not_yet, 3, 1},
    script::FunctionSpec{"generateKey", not_yet, 3, 2},
    script::FunctionSpec{"exportKey", not_yet, 2, 3},
    script::FunctionSpec{"deriveBits", not_yet, 3, 4},
    script::FunctionSpec{"deriveKey", not_yet, 5, 5},
};
constexpr std::array crypto_functions{
    script::FunctionSpec{"getRandomValues", get_random_values, 1},
    script::FunctionSpec{"randomUUID", random_uuid, 0},
};

bool fill(Isolate& js, Ref object, std::span<const script::FunctionSpec> functions) {
    for (const script::FunctionSpec& spec : functions) {
        if (!object.set(js, spec.name, script::new_function(js, spec))) return false;
    }
    return true;
}

Value make_crypto(Isolate& js, Ref, Args, int) noexcept {
    Value crypto = script::new_object(js);
    Value subtle = script::new_object(js);
    if (crypto.threw() || subtle.threw()) return Value::thrown();
    if (!fill(js, crypto, crypto_functions) || !fill(js, subtle, subtle_functions) ||
        !crypto.set(js, "subtle", std::move(subtle))) {
        return Value::thrown();
    }
    return crypto;
}

constexpr std::array values{script::ValueSpec{"crypto", make_crypto}};

}  // namespace

void add_web_crypto(script::Bindings& bindings) {
    register_class(bindings, {.name = "CryptoKey", .finalize = finalize}, crypto_key_class);
    bindings.add_globals({.values = values});
}

}  // namespace weir::journey::api
