// Module k6/crypto: hashes, HMAC, random bytes. Source: k6 documentation, "k6/crypto".
#include <array>
#include <memory>
#include <string>

#include "base/format.h"
#include "journey/api/api.h"
#include "journey/api/bytes_arg.h"
#include "journey/api/digest.h"

namespace weir::journey::api {

namespace {

using script::Args;
using script::ErrorKind;
using script::Isolate;
using script::Ref;
using script::Value;

/// A hash or HMAC that grows: what createHash() and createHMAC() make.
struct Hasher {
    std::string algorithm;
    std::optional<std::string> key;  // of an HMAC
    std::string data;
};

void finalize(void* object) noexcept {
    delete static_cast<Hasher*>(object);
}

Ref arg(Args args, std::size_t index) {
    return index < args.size() ? args[index] : Ref();
}

Value finish(Isolate& js, const Hasher& hasher, Ref encoding) {
    const auto sum = hasher.key ? hmac(hasher.algorithm, *hasher.key, hasher.data)
                                : digest(hasher.algorithm, hasher.data);
    if (!sum.ok()) return script::throw_error(js, sum.error().text);
    const script::Text form = encoding.to_text(js);
    return form.ok() ? encode_bytes(js, sum.value(), form.view()) : Value::thrown();
}

Value update(Isolate& js, Ref self, Args args, int) noexcept {
    auto* const hasher = script::native_as<Hasher>(js, self, hasher_class);
    if (hasher == nullptr) return script::throw_error(js, ErrorKind::type, "not a Hasher");
    const auto more = read_bytes(js, arg(args, 0));
    if (!more) return Value::thrown();
    hasher->data += *more;
    return {};
}

Value finish_hasher(Isolate& js, Ref self, Args args, int) noexcept {
    const auto* const hasher = script::native_as<Hasher>(js, self, hasher_class);
    if (hasher == nullptr) return script::throw_error(js, ErrorKind::type, "not a Hasher");
    return finish(js, *hasher, arg(args, 0));
}

Value make_hasher(Isolate& js, std::string_view algorithm, std::optional<std::string> key) {
    if (!is_digest(algorithm)) {
        return script::throw_error(js, base::format("invalid algorithm: {}", algorithm));
    }
    return script::new_native(
        js, hasher_class,
        std::make_unique<Hasher>(Hasher{std::string(algorithm), std::move(key), {}}).release());
}

Value create_hash(Isolate& js, Ref, Args args, int) noexcept {
    const script::Text algorithm = arg(args, 0).to_text(js);
    return algorithm.ok() ? make_hasher(js, algorithm.view(), std::nullopt) : Value::thrown();
}

Value create_hmac(Isolate& js, Ref, Args args, int) noexcept {
    const script::Text algorithm = arg(args, 0).to_text(js);
    if (!algorithm.ok()) return Value::thrown();
    auto key = read_bytes(js, arg(args, 1));
    return key ? make_hasher(js, algorithm.view(), std::move(key)) : Value::thrown();
}

Value hmac_at_once(Isolate& js, Ref, Args args, int) noexcept {
    const script::Text algorithm = arg(args, 0).to_text(js);
    if (!algorithm.ok()) return Value::thrown();
    auto key = read_bytes(js, arg(args, 1));
    auto data = key ? read_bytes(js, arg(args, 2)) : std::nullopt;
    if (!data) return Value::thrown();
    if (!is_digest(algorithm.view())) {
        return script::throw_error(js, base::format("invalid algorithm: {}", algorithm.view()));
    }
    return finish(js, {algorithm.str(), std::move(key), std::move(*data)}, arg(args, 3));
}

constexpr std::array<std::string_view, 9> algorithms{
    "md4", "md5", "sha1", "sha256", "sha384", "sha512", "sha512_224", "sha512_256", "ripemd160"};

Value hash_at_once(Isolate& js, Ref, Args args, int which) noexcept {
    auto data = read_bytes(js, arg(args, 0));
    if (!data) return Value::thrown();
    return finish(
        js,
        {std::string(algorithms[static_cast<std::size_t>(which)]), std::nullopt, std::move(*data)},
        arg(args, 1));
}

Value random_bytes(Isolate& js, Ref, Args args, int) noexcept {
    const auto size = arg(args, 0).to_integer(js);
    if (!size) return Value::thrown();
    constexpr std::int64_t most = 64L * 1024 * 1024;
    if (*size < 1 || *size > most) return script::throw_error(js, ErrorKind::range, "invalid size");
    return script::new_array_buffer(js, system_random(static_cast<std::size_t>(*size)));
}

Value hex_encode(Isolate& js, Ref, Args args, int) noexcept {
    const auto bytes = read_bytes(js, arg(args, 0));
    return bytes ? script::new_string(js, to_hex(*bytes)) : Value::thrown();
}

constexpr std::array functions{
    script::FunctionSpec{"md4", hash_at_once, 2, 0},
    script::FunctionSpec{"md5", hash_at_once, 2, 1},
    script::FunctionSpec{"sha1", hash_at_once, 2, 2},
    script::FunctionSpec{"sha256", hash_at_once, 2, 3},
    script::FunctionSpec{"sha384", hash_at_once, 2, 4},
    script::FunctionSpec{"sha512", hash_at_once, 2, 5},
    script::FunctionSpec{"sha512_224", hash_at_once, 2, 6},
    script::FunctionSpec{"sha512_256", hash_at_once, 2, 7},
    script::FunctionSpec{"ripemd160", hash_at_once, 2, 8},
    script::FunctionSpec{"hmac", hmac_at_once, 4},
    script::FunctionSpec{"createHash", create_hash, 1},
    script::FunctionSpec{"createHMAC", create_hmac, 2},
    script::FunctionSpec{"randomBytes", random_bytes, 1},
    script::FunctionSpec{"hexEncode", hex_encode, 1},
};

constexpr std::array members{
    script::MemberSpec{.name = "update", .call = update, .length = 1},
    script::MemberSpec{.name = "digest", .call = finish_hasher, .length = 1},
};

}  // namespace

void add_crypto(script::Bindings& bindings) {
    register_class(bindings, {.name = "Hasher", .finalize = finalize, .members = members},
                   hasher_class);
    bindings.add_module({.name = "k6/crypto", .functions = functions});
}

}  // namespace weir::journey::api
