#include "attest/keys.h"

#include <utility>

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "attest/digest.h"
#include "base/format.h"

namespace weir::attest {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr std::size_t pem_bytes_most = 16384;

struct FreeBio {
    void operator()(BIO* bio) const noexcept { BIO_free_all(bio); }
};
using Bio = std::unique_ptr<BIO, FreeBio>;
struct FreeKey {
    void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
};
using Key = std::unique_ptr<EVP_PKEY, FreeKey>;
struct FreeContext {
    void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_MD_CTX, FreeContext>;

const unsigned char* bytes_of(std::string_view text) noexcept {
    return reinterpret_cast<const unsigned char*>(text.data());
}

/// One PEM block: its label and its DER, which is overwritten afterwards.
struct Block {
    std::string label;
    SecretText der;
};

/// The next block of `bio`; no label when there is none.
Block next_block(BIO* bio) {
    char* name = nullptr;
    char* header = nullptr;
    unsigned char* data = nullptr;
    long length = 0;
    Block block;
    if (PEM_read_bio(bio, &name, &header, &data, &length) == 1) {
        block.label = name;
        // "Proc-Type: 4,ENCRYPTED": what OpenSSL wrote before PKCS#8.
        if (header[0] != '\0') block.label = "ENCRYPTED PRIVATE KEY";
        block.der = SecretText(
            std::string(reinterpret_cast<const char*>(data), static_cast<std::size_t>(length)));
    }
    OPENSSL_free(name);
    OPENSSL_free(header);
    OPENSSL_clear_free(data, static_cast<std::size_t>(length));
    ERR_clear_error();
    return block;
}

Error refused(std::string_view words) {
    return Error{Code::invalid, std::string(words)};
}

/// Exactly one block, labelled `wanted`.
Result<Block> read_block(std::string_view pem, std::string_view wanted) {
    if (pem.empty()) return refused("it is empty, not a key");
    if (pem.size() > pem_bytes_most) return refused("it is too long to be one key in PEM");
    const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    CHECK(bio != nullptr);
    Block block = next_block(bio.get());
    if (block.label.empty()) {
        return refused("it is not a key in PEM (\"-----BEGIN …-----\"); `weir key new` makes one");
    }
    if (block.label == "ENCRYPTED PRIVATE KEY") {
        return refused(
            "it is encrypted with a pass phrase, and nobody is there to type it: "
            "`openssl pkey -in FILE -out PLAIN` takes it off");
    }
    if (block.label != wanted) {
        if (block.label == "PRIVATE KEY") {
            return refused(
                "it is a private key: give its public key here, the file that ends in "
                ".pub, and keep this one secret");
        }
        if (block.label == "PUBLIC KEY") {
            return refused("it is a public key: the private one is needed to sign");
        }
        return refused(base::format("it is {}, not {}; `weir key new` makes Ed25519 keys",
                                    block.label, wanted));
    }
    if (!next_block(bio.get()).label.empty()) return refused("it holds more than one PEM block");
    return block;
}

/// Null, or what OpenSSL made of all of the block.
Key decode(const Block& block) {
    const auto* at = bytes_of(block.der.view());
    const auto* const end = at + block.der.view().size();
    const auto length = static_cast<long>(block.der.view().size());
    Key key(block.label == "PUBLIC KEY" ? d2i_PUBKEY(nullptr, &at, length)
                                        : d2i_AutoPrivateKey(nullptr, &at, length));
    ERR_clear_error();
    if (key != nullptr && at != end) key.reset();
    return key;
}

Result<void> check_kind(const Key& key) {
    if (key == nullptr) return refused("its PEM block holds no key");
    if (EVP_PKEY_get_id(key.get()) == EVP_PKEY_ED25519) return {};
    const char* kind = EVP_PKEY_get0_type_name(key.get());
    return refused(
        base::format("it is of the kind {}; Weir signs with Ed25519 keys, as "
                     "`weir key new` makes them",
                     kind == nullptr ? "unknown" : kind));
}

std::string contents(BIO* bio) {
    char* data = nullptr;
    const long length = BIO_get_mem_data(bio, &data);
    return {data, static_cast<std::size_t>(length)};
}

Key key_of(std::span<const std::uint8_t> raw) {
    Key key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, raw.data(), raw.size()));
    CHECK(key != nullptr);
    return key;
}

}  // namespace

SecretText::SecretText(std::string text) noexcept : text_(std::move(text)) {
    // A short text stays behind in the moved-from string itself.
    OPENSSL_cleanse(text.data(), text.size());
}
SecretText::~SecretText() {
    cleanse();
}
SecretText::SecretText(SecretText&& other) noexcept : text_(other.text_) {
    other.cleanse();
}
SecretText& SecretText::operator=(SecretText&& other) noexcept {
    if (this == &other) return *this;
    cleanse();
    text_ = other.text_;
    other.cleanse();
    return *this;
}
void SecretText::cleanse() noexcept {
    OPENSSL_cleanse(text_.data(), text_.size());
    text_.clear();
}

PublicKey::PublicKey(const Raw& raw) : raw_(raw) {
    const auto key = key_of(raw_);
    unsigned char* der = nullptr;
    const int length = i2d_PUBKEY(key.get(), &der);
    CHECK(length > 0);
    id_ = sha256_hex({reinterpret_cast<const char*>(der), static_cast<std::size_t>(length)});
    OPENSSL_free(der);
}

Result<PublicKey> PublicKey::from_pem(std::string_view pem) {
    TRY(const Block block, read_block(pem, "PUBLIC KEY"));
    const Key key = decode(block);
    TRY_VOID(check_kind(key));
    Raw raw{};
    std::size_t length = raw.size();
    CHECK(EVP_PKEY_get_raw_public_key(key.get(), raw.data(), &length) == 1 && length == raw.size());
    return PublicKey(raw);
}

std::string PublicKey::pem() const {
    const auto key = key_of(raw_);
    const Bio bio(BIO_new(BIO_s_mem()));
    CHECK(bio != nullptr && PEM_write_bio_PUBKEY(bio.get(), key.get()) == 1);
    return contents(bio.get());
}

bool PublicKey::verifies(std::string_view message, std::string_view signature) const {
    if (signature.size() != signature_bytes) return false;
    const auto key = key_of(raw_);
    const Context context(EVP_MD_CTX_new());
    CHECK(context != nullptr);
    CHECK(EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1);
    const int good = EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(),
                                      bytes_of(message), message.size());
    ERR_clear_error();
    return good == 1;
}

void PrivateKey::Free::operator()(evp_pkey_st* key) const noexcept {
    EVP_PKEY_free(key);
}

PrivateKey::PrivateKey(Handle key, PublicKey public_key)
    : key_(std::move(key)), public_(std::move(public_key)) {}

Result<PrivateKey> PrivateKey::from_handle(Handle key) {
    PublicKey::Raw raw{};
    std::size_t length = raw.size();
    CHECK(EVP_PKEY_get_raw_public_key(key.get(), raw.data(), &length) == 1 && length == raw.size());
    return PrivateKey(std::move(key), PublicKey(raw));
}

Result<PrivateKey> PrivateKey::generate() {
    Handle key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
    if (key != nullptr) return from_handle(std::move(key));
    ERR_clear_error();
    return Error{Code::io, "making a key: the system gives no random bytes"};
}

Result<PrivateKey> PrivateKey::from_pem(std::string_view pem) {
    TRY(const Block block, read_block(pem, "PRIVATE KEY"));
    Key key = decode(block);
    TRY_VOID(check_kind(key));
    return from_handle(Handle(key.release()));
}

SecretText PrivateKey::pem() const {
    const Bio bio(BIO_new(BIO_s_secmem()));  // overwritten when it is let go
    CHECK(bio != nullptr);
    CHECK(PEM_write_bio_PKCS8PrivateKey(bio.get(), key_.get(), nullptr, nullptr, 0, nullptr,
                                        nullptr) == 1);
    return SecretText(contents(bio.get()));
}

std::string PrivateKey::sign(std::string_view message) const {
    const Context context(EVP_MD_CTX_new());
    CHECK(context != nullptr);
    CHECK(EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) == 1);
    std::string signature(signature_bytes, '\0');
    std::size_t length = signature.size();
    CHECK(EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &length,
                         bytes_of(message), message.size()) == 1);
    CHECK(length == signature_bytes);
    return signature;
}

}  // namespace weir::attest
