#include "sample/auth/crypto.h"

#include <array>
#include <cstdlib>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

namespace weir::sample {
namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::size_t sha256_size = 32;
/// Low for a password store, right for a sample whose passwords are in its manual.
constexpr int rounds = 10'000;

unsigned char* bytes_of(std::string& text) {
    return reinterpret_cast<unsigned char*>(text.data());
}
const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

std::string random_bytes(std::size_t count) {
    std::string bytes(count, '\0');
    // A system without randomness can't sign anyone in; guessable secrets would be worse.
    if (RAND_bytes(bytes_of(bytes), static_cast<int>(count)) != 1) std::abort();
    return bytes;
}

std::string derive(std::string_view password, std::string_view salt) {
    std::string key(sha256_size, '\0');
    PKCS5_PBKDF2_HMAC(password.data(), static_cast<int>(password.size()), bytes_of(salt),
                      static_cast<int>(salt.size()), rounds, EVP_sha256(),
                      static_cast<int>(key.size()), bytes_of(key));
    return key;
}

std::optional<unsigned> digit(char c) {
    if (c == '+') c = '-';
    if (c == '/') c = '_';
    const auto at = alphabet.find(c);
    if (at == std::string_view::npos) return std::nullopt;
    return static_cast<unsigned>(at);
}

}  // namespace

std::string random_token(std::size_t bytes) {
    return base64url(random_bytes(bytes));
}

std::string base64url(std::string_view bytes) {
    std::string out;
    unsigned bits = 0;
    unsigned count = 0;
    for (const char c : bytes) {
        bits = (bits << 8U) | static_cast<unsigned char>(c);
        for (count += 8; count >= 6; count -= 6) out += alphabet[(bits >> (count - 6)) & 63U];
        bits &= 255U;
    }
    if (count > 0) out += alphabet[(bits << (6 - count)) & 63U];
    return out;
}

std::optional<std::string> from_base64(std::string_view text) {
    while (!text.empty() && text.back() == '=') text.remove_suffix(1);
    std::string out;
    unsigned bits = 0;
    unsigned count = 0;
    for (const char c : text) {
        const auto value = digit(c);
        if (!value) return std::nullopt;
        bits = ((bits << 6U) | *value) & 0xFFFFU;
        count += 6;
        if (count < 8) continue;
        count -= 8;
        out += static_cast<char>((bits >> count) & 255U);
    }
    return out;
}

std::string hmac_sha256(std::string_view key, std::string_view text) {
    std::string mac(sha256_size, '\0');
    unsigned size = 0;
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes_of(text), text.size(),
         bytes_of(mac), &size);
    return mac;
}

bool same_secret(std::string_view left, std::string_view right) {
    return left.size() == right.size() && !left.empty() &&
           CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

PasswordHash::PasswordHash(std::string_view password)
    : salt_(random_bytes(16)), hash_(derive(password, salt_)) {}

bool PasswordHash::matches(std::string_view password) const {
    return same_secret(hash_, derive(password, salt_));
}

}  // namespace weir::sample
