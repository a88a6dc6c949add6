// Envelope: a DSSE v1 envelope: bytes, what they are, and who signed them.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "attest/keys.h"
#include "base/result.h"

namespace weir::attest {

struct Signature {
    std::string key_id;  // PublicKey::id(); a hint: it is not signed
    std::string bytes;
    [[nodiscard]] bool operator==(const Signature&) const = default;
};

/// Source: https://github.com/secure-systems-lab/dsse, protocol.md and envelope.md, version 1.
struct Envelope {
    std::string payload_type;  // a media type; signed with the payload
    std::string payload;       // bytes
    std::vector<Signature> signatures;
    [[nodiscard]] bool operator==(const Envelope&) const = default;
};

inline constexpr std::size_t envelope_bytes_most = 1U << 20U;
inline constexpr std::size_t signatures_most = 32;

/// What is signed: "DSSEv1" SP LEN(type) SP type SP LEN(body) SP body.
[[nodiscard]] std::string pre_authentication(std::string_view payload_type,
                                             std::string_view payload);

/// SHA-256, in hexadecimal, of pre_authentication(): the name of what is signed, whoever signed it.
[[nodiscard]] std::string digest_of(const Envelope& envelope);

/// The beginning of a key's id, as texts show it.
[[nodiscard]] std::string shown_key(std::string_view key_id);

/// Adds the key's signature; one that it already made is replaced.
void sign(Envelope& envelope, const PrivateKey& key);
[[nodiscard]] Envelope signed_envelope(std::string_view payload_type,
                                       std::string payload,
                                       const PrivateKey& key);

/// One line of JSON without white space or a final newline.
[[nodiscard]] std::string encode(const Envelope& envelope);
/// Strict: payloadType, payload and signatures must be there, each signature with keyid and sig;
/// no key twice in an object; base64 with padding and without white space, in its one canonical
/// form. Fields that are not known are ignored, as DSSE asks. No signature at all decodes: nobody
/// signed it.
[[nodiscard]] base::Result<Envelope> decode_envelope(std::string_view json);

/// The trusted keys that signed this payload as this type, each once. Signatures of keys that are
/// not trusted do not count, nor do wrong ones.
[[nodiscard]] std::vector<PublicKey> signers(const Envelope& envelope,
                                             std::span<const PublicKey> trusted);
/// At least `least` of the trusted keys signed. The error says what is wrong with it otherwise:
/// unsigned, signed by a key that is not trusted, changed after it was signed.
[[nodiscard]] base::Result<std::vector<PublicKey>> check_signers(const Envelope& envelope,
                                                                 std::span<const PublicKey> trusted,
                                                                 std::size_t least = 1);

}  // namespace weir::attest
