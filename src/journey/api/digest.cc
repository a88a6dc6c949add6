#include "journey/api/digest.h"

#include <algorithm>
#include <array>
#include <memory>

#include <md4.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include "base/assert.h"
#include "base/format.h"

namespace weir::journey::api {

namespace {

template <auto release>
struct Free {
    template <typename T>
    void operator()(T* object) const noexcept {
        release(object);
    }
};
using Method = std::unique_ptr<EVP_MD, Free<EVP_MD_free>>;

struct Named {
    std::string_view name;
    const char* openssl;
};
constexpr std::array<Named, 9> known{{{"md4", "MD4"},
                                      {"md5", "MD5"},
                                      {"sha1", "SHA1"},
                                      {"sha256", "SHA256"},
                                      {"sha384", "SHA384"},
                                      {"sha512", "SHA512"},
                                      {"sha512_224", "SHA512-224"},
                                      {"sha512_256", "SHA512-256"},
                                      {"ripemd160", "RIPEMD160"}}};

const char* openssl_name(std::string_view name) noexcept {
    for (const Named& each : known) {
        if (each.name == name) return each.openssl;
    }
    return nullptr;
}

std::string_view as_text(const unsigned char* bytes, std::size_t size) {
    return {reinterpret_cast<const char*>(bytes), size};  // NOLINT: bytes
}

const unsigned char* as_bytes(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());  // NOLINT: bytes
}

base::Error missing(std::string_view name) {
    return {base::Code::not_found, base::format("OpenSSL does not offer {}", name)};
}

/// OpenSSL has MD4 only in a plug-in, which a program that is one file does not load.
std::string md4(std::string_view data) {
    MD4_CTX state;
    MD4Init(&state);
    MD4Update(&state, as_bytes(data), data.size());
    std::array<std::uint8_t, MD4_DIGEST_LENGTH> out{};
    MD4Final(out.data(), &state);
    return std::string(as_text(out.data(), out.size()));
}

/// RFC 2104 §2.
std::string hmac_md4(std::string_view key, std::string_view data) {
    std::string block = key.size() > MD4_BLOCK_LENGTH ? md4(key) : std::string(key);
    block.resize(MD4_BLOCK_LENGTH);
    const auto padded = [&block](char pad) {
        std::string out = block;
        std::transform(out.begin(), out.end(), out.begin(),
                       [pad](char each) { return static_cast<char>(each ^ pad); });
        return out;
    };
    return md4(padded('\x5c') + md4(padded('\x36').append(data)));
}

}  // namespace

bool is_digest(std::string_view name) noexcept {
    return openssl_name(name) != nullptr;
}

base::Result<std::string> digest(std::string_view name, std::string_view data) {
    CHECK(is_digest(name));
    if (name == "md4") return md4(data);
    const Method method(EVP_MD_fetch(nullptr, openssl_name(name), nullptr));
    std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
    unsigned size = 0;
    if (method == nullptr ||
        EVP_Digest(data.data(), data.size(), out.data(), &size, method.get(), nullptr) != 1) {
        return missing(name);
    }
    return std::string(as_text(out.data(), size));
}

base::Result<std::string> hmac(std::string_view name, std::string_view key, std::string_view data) {
    CHECK(is_digest(name));
    if (name == "md4") return hmac_md4(key, data);
    const Method method(EVP_MD_fetch(nullptr, openssl_name(name), nullptr));
    std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
    unsigned size = 0;
    if (method == nullptr || HMAC(method.get(), key.data(), static_cast<int>(key.size()),
                                  as_bytes(data), data.size(), out.data(), &size) == nullptr) {
        return missing(name);
    }
    return std::string(as_text(out.data(), size));
}

std::string system_random(std::size_t bytes) {
    std::string out(bytes, '\0');
    CHECK(RAND_bytes(reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(bytes)) ==
          1);  // NOLINT
    return out;
}

}  // namespace weir::journey::api
