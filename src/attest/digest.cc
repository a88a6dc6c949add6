#include "attest/digest.h"

#include <algorithm>
#include <array>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/format.h"

namespace weir::attest {

namespace {

using Digest = std::array<unsigned char, EVP_MAX_MD_SIZE>;

std::string hex_of(const Digest& digest, unsigned length) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    text.reserve(std::size_t{2} * length);
    for (unsigned i = 0; i < length; ++i) {
        text += digits[digest[i] >> 4U];
        text += digits[digest[i] & 15U];
    }
    return text;
}

}  // namespace

std::string sha256_hex(std::string_view bytes) {
    Digest digest{};
    unsigned length = 0;
    CHECK(EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_sha256(), nullptr) ==
          1);
    return hex_of(digest, length);
}

std::string hmac_sha256_hex(std::string_view key, std::string_view text) {
    Digest digest{};
    unsigned length = 0;
    CHECK(HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
               reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(),
               &length) != nullptr);
    return hex_of(digest, length);
}

bool same_secret(std::string_view a, std::string_view b) noexcept {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

base::Result<std::string> read_sha256(std::string_view text) {
    constexpr std::string_view prefix = "sha256:";
    std::string_view digits = text;
    if (digits.starts_with(prefix)) digits.remove_prefix(prefix.size());
    std::string hex(digits);
    for (char& c : hex) {
        if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
    }
    const bool good =
        hex.size() == 64 && hex.find_first_not_of("0123456789abcdef") == std::string::npos;
    if (good) return hex;
    return base::Error{base::Code::invalid,
                       base::format("\"{}\" is no digest: sha256: and 64 hexadecimal digits, as "
                                    "`docker inspect` and `sha256sum` print them",
                                    text.substr(0, 100))};
}

}  // namespace weir::attest
