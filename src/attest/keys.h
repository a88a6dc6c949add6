// Keys: Ed25519 key pairs in PEM; who signs, who is believed.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

struct evp_pkey_st;  // OpenSSL's EVP_PKEY

namespace weir::attest {

/// Bytes that nobody should find in memory later: overwritten when they are let go. Moves leave
/// nothing behind.
class SecretText {
public:
    SecretText() = default;
    explicit SecretText(std::string text) noexcept;
    ~SecretText();
    SecretText(SecretText&& other) noexcept;
    SecretText& operator=(SecretText&& other) noexcept;
    SecretText(const SecretText&) = delete;
    SecretText& operator=(const SecretText&) = delete;

    [[nodiscard]] std::string_view view() const noexcept { return text_; }

private:
    void cleanse() noexcept;
    std::string text_;
};

inline constexpr std::size_t signature_bytes = 64;  // RFC 8032 §5.1.6

/// Checks signatures.
class PublicKey {
public:
    /// One SubjectPublicKeyInfo in PEM (RFC 8410). The error tells a private key, another kind of
    /// key and what is no key at all apart.
    [[nodiscard]] static base::Result<PublicKey> from_pem(std::string_view pem);

    /// SHA-256 of the SubjectPublicKeyInfo's DER, in hexadecimal:
    /// `openssl pkey -pubin -in FILE -outform DER | sha256sum` prints the same.
    [[nodiscard]] const std::string& id() const noexcept { return id_; }
    [[nodiscard]] std::string pem() const;
    [[nodiscard]] bool verifies(std::string_view message, std::string_view signature) const;
    [[nodiscard]] bool operator==(const PublicKey& other) const noexcept {
        return raw_ == other.raw_;
    }

private:
    friend class PrivateKey;
    using Raw = std::array<std::uint8_t, 32>;
    explicit PublicKey(const Raw& raw);

    Raw raw_{};
    std::string id_;
};

/// Makes signatures.
class PrivateKey {
public:
    /// From the operating system's generator.
    [[nodiscard]] static base::Result<PrivateKey> generate();
    /// One PKCS#8 PrivateKeyInfo in PEM, not encrypted. The error quotes none of it.
    [[nodiscard]] static base::Result<PrivateKey> from_pem(std::string_view pem);

    [[nodiscard]] const PublicKey& public_key() const noexcept { return public_; }
    [[nodiscard]] SecretText pem() const;
    /// 64 bytes (RFC 8032, PureEdDSA): the same message gives the same signature.
    [[nodiscard]] std::string sign(std::string_view message) const;

private:
    struct Free {
        void operator()(evp_pkey_st* key) const noexcept;  // cleanses it, too
    };
    using Handle = std::unique_ptr<evp_pkey_st, Free>;
    PrivateKey(Handle key, PublicKey public_key);
    [[nodiscard]] static base::Result<PrivateKey> from_handle(Handle key);

    Handle key_;
    PublicKey public_;
};

}  // namespace weir::attest
