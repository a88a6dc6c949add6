#include "journey/api/digest.h"

#include <array>
#include <memory>
#include <utility>

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/provider.h>
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
using Library = std::unique_ptr<OSSL_LIB_CTX, Free<OSSL_LIB_CTX_free>>;
using Provider = std::unique_ptr<OSSL_PROVIDER, Free<OSSL_PROVIDER_unload>>;

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
    return {base::Code::not_found,
            base::format("this machine's OpenSSL does not offer {}; md4 needs its legacy provider",
                         name)};
}

struct Fetched {
    Library library;  // these two for outdated algorithms only; they outlive the method
    Provider provider;
    Method method;
};

Fetched fetch(const char* name) {
    Fetched out;
    out.method.reset(EVP_MD_fetch(nullptr, name, nullptr));
    if (out.method != nullptr) return out;
    // In a library context of its own, so that TLS never meets outdated algorithms.
    out.library.reset(OSSL_LIB_CTX_new());
    out.provider.reset(OSSL_PROVIDER_load(out.library.get(), "legacy"));
    if (out.provider == nullptr) return {};
    out.method.reset(EVP_MD_fetch(out.library.get(), name, nullptr));
    return out;
}

}  // namespace

bool is_digest(std::string_view name) noexcept {
    return openssl_name(name) != nullptr;
}

base::Result<std::string> digest(std::string_view name, std::string_view data) {
    CHECK(is_digest(name));
    const Fetched fetched = fetch(openssl_name(name));
    if (fetched.method == nullptr) return missing(name);
    std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
    unsigned size = 0;
    if (EVP_Digest(data.data(), data.size(), out.data(), &size, fetched.method.get(), nullptr) !=
        1) {
        return missing(name);
    }
    return std::string(as_text(out.data(), size));
}

base::Result<std::string> hmac(std::string_view name, std::string_view key, std::string_view data) {
    CHECK(is_digest(name));
    const Fetched fetched = fetch(openssl_name(name));
    if (fetched.method == nullptr) return missing(name);
    std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
    unsigned size = 0;
    if (HMAC(fetched.method.get(), key.data(), static_cast<int>(key.size()), as_bytes(data),
             data.size(), out.data(), &size) == nullptr) {
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
