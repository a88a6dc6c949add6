#include "attest/envelope.h"

#include <algorithm>
#include <utility>

#include "attest/base64_text.h"
#include "attest/digest.h"
#include "attest/json_fields.h"
#include "attest/words.h"
#include "base/format.h"
#include "base/json.h"

namespace weir::attest {
namespace {

using base::Error;
using base::Result;

constexpr std::size_t shown_of_id = 12;

const PublicKey* find_key(std::span<const PublicKey> keys, std::string_view id) {
    const auto found = std::find_if(keys.begin(), keys.end(),
                                    [id](const PublicKey& key) { return key.id() == id; });
    return found == keys.end() ? nullptr : &*found;
}

Result<Signature> read_signature(const JsonFields& fields) {
    Signature signature;
    TRY(signature.key_id, fields.text("keyid"));
    TRY(const std::string text, fields.text("sig"));
    auto bytes = bytes_of_base64(text);
    if (!bytes.ok()) return fields.error("sig", "is " + bytes.error().text);
    signature.bytes = std::move(bytes).value();
    return signature;
}

/// Why none, or too few, of the trusted keys signed it.
Error why_not(const Envelope& envelope, std::span<const PublicKey> trusted, std::size_t good) {
    const auto refused = [](std::string words) {
        return Error{base::Code::invalid, std::move(words)};
    };
    if (envelope.signatures.empty()) return refused("nobody signed it");
    std::string strangers;
    std::string wrong;
    for (const auto& each : envelope.signatures) {
        std::string& list = find_key(trusted, each.key_id) == nullptr ? strangers : wrong;
        list += (list.empty() ? "" : ", ") + shown_key(each.key_id);
    }
    if (good > 0) {
        return refused(base::format("{} trusted {} signed it, more are asked", good,
                                    good == 1 ? "key" : "keys"));
    }
    if (!wrong.empty()) {
        return refused(
            base::format("the signature of key {} does not fit: it was changed after it was "
                         "signed, or is forged",
                         wrong));
    }
    return refused(base::format("it is signed by key {}, which is not trusted", strangers));
}

}  // namespace

std::string shown_key(std::string_view key_id) {
    const std::string beginning = shown(key_id.substr(0, shown_of_id));
    return key_id.size() > shown_of_id ? beginning + "…" : beginning;
}

std::string pre_authentication(std::string_view payload_type, std::string_view payload) {
    return base::format("DSSEv1 {} {} {} {}", payload_type.size(), payload_type, payload.size(),
                        payload);
}

std::string digest_of(const Envelope& envelope) {
    return sha256_hex(pre_authentication(envelope.payload_type, envelope.payload));
}

void sign(Envelope& envelope, const PrivateKey& key) {
    const std::string& id = key.public_key().id();
    std::erase_if(envelope.signatures, [&id](const Signature& each) { return each.key_id == id; });
    envelope.signatures.push_back(
        {id, key.sign(pre_authentication(envelope.payload_type, envelope.payload))});
}

Envelope signed_envelope(std::string_view payload_type,
                         std::string payload,
                         const PrivateKey& key) {
    Envelope envelope{std::string(payload_type), std::move(payload), {}};
    sign(envelope, key);
    return envelope;
}

std::string encode(const Envelope& envelope) {
    base::Json json;
    json["payloadType"] = envelope.payload_type;
    json["payload"] = base64_of(envelope.payload);
    json["signatures"] = base::Json::array();
    for (const auto& each : envelope.signatures) {
        json["signatures"].push_back({{"keyid", each.key_id}, {"sig", base64_of(each.bytes)}});
    }
    return base::write_json(json);
}

Result<Envelope> decode_envelope(std::string_view text) {
    constexpr std::string_view doing = "reading a DSSE envelope";
    if (text.size() > envelope_bytes_most) {
        return Error{base::Code::limit, base::format("{}: {} bytes, at most {}", doing, text.size(),
                                                     envelope_bytes_most)};
    }
    const auto read = [&]() -> Result<Envelope> {
        TRY(const auto json, parse_strict_json(text));
        TRY(const auto fields, JsonFields::of(json, "envelope"));
        Envelope envelope;
        TRY(envelope.payload_type, fields.text("payloadType"));
        TRY(const std::string payload, fields.text("payload"));
        auto bytes = bytes_of_base64(payload);
        if (!bytes.ok()) return fields.error("payload", "is " + bytes.error().text);
        envelope.payload = std::move(bytes).value();
        TRY(const auto signatures, fields.objects("signatures", signatures_most));
        for (const auto& each : signatures) {
            TRY(auto signature, read_signature(each));
            envelope.signatures.push_back(std::move(signature));
        }
        return envelope;
    };
    auto envelope = read();
    if (!envelope.ok()) return base::within(doing, envelope.error());
    return envelope;
}

std::vector<PublicKey> signers(const Envelope& envelope, std::span<const PublicKey> trusted) {
    std::vector<PublicKey> good;
    const std::string message = pre_authentication(envelope.payload_type, envelope.payload);
    for (const auto& each : envelope.signatures) {
        const PublicKey* key = find_key(trusted, each.key_id);
        if (key == nullptr || find_key(good, each.key_id) != nullptr) continue;
        if (key->verifies(message, each.bytes)) good.push_back(*key);
    }
    return good;
}

Result<std::vector<PublicKey>> check_signers(const Envelope& envelope,
                                             std::span<const PublicKey> trusted,
                                             std::size_t least) {
    auto good = signers(envelope, trusted);
    if (!good.empty() && good.size() >= least) return good;
    return why_not(envelope, trusted, good.size());
}

}  // namespace weir::attest
