#include "http/auth/credentials.h"

#include <algorithm>
#include <array>
#include <vector>

#include <openssl/evp.h>

#include "base/format.h"
#include "http/header_names.h"

namespace weir::http {
namespace {

int hex_value(char c) noexcept {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

std::string hashed(const EVP_MD* algorithm, std::string_view text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int length = 0;
    EVP_Digest(text.data(), text.size(), digest.data(), &length, algorithm, nullptr);
    std::string hex;
    for (unsigned int i = 0; i < length; ++i) hex += base::format("{:02x}", digest[i]);
    return hex;
}

/// A quoted-string (RFC 9110 §5.6.4).
std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out += '"';
}

/// What a Digest challenge asks for; texts are empty when it does not say.
struct Challenge {
    std::string realm;
    std::string nonce;
    std::string opaque;
    std::string algorithm;
    std::string qop;
};

bool is_space(char c) noexcept {
    return c == ' ' || c == '\t';
}

/// Walks over 'Scheme name=value, name="value", …' (RFC 9110 §11.6.1).
class ChallengeReader {
public:
    explicit ChallengeReader(std::string_view text) : left_(text) {}

    [[nodiscard]] std::optional<Challenge> first_digest() {
        bool in_digest = false;
        Challenge found;
        while (skip_to_word()) {
            const std::string_view name = word();
            skip_spaces();
            if (!left_.starts_with('=')) {  // a scheme
                if (in_digest) break;
                in_digest = same_name(name, "Digest");
                continue;
            }
            left_.remove_prefix(1);
            skip_spaces();
            std::string text = value();
            if (in_digest) note(name, std::move(text), found);
        }
        if (!in_digest || found.nonce.empty()) return std::nullopt;
        return found;
    }

private:
    void skip_spaces() {
        while (!left_.empty() && is_space(left_.front())) left_.remove_prefix(1);
    }
    bool skip_to_word() {
        while (!left_.empty() && (is_space(left_.front()) || left_.front() == ',')) {
            left_.remove_prefix(1);
        }
        return !left_.empty();
    }
    std::string_view word() {
        const auto end = std::max<std::size_t>(std::min(left_.find_first_of("=, \t"), left_.size()),
                                               1);  // always goes on
        const auto text = left_.substr(0, end);
        left_.remove_prefix(end);
        return text;
    }
    std::string value() {
        if (!left_.starts_with('"')) {
            const auto text = left_.substr(0, std::min(left_.find_first_of(", \t"), left_.size()));
            left_.remove_prefix(text.size());
            return std::string(text);
        }
        std::string text;
        std::size_t at = 1;
        for (; at < left_.size() && left_[at] != '"'; ++at) {
            if (left_[at] == '\\' && at + 1 < left_.size()) ++at;
            text += left_[at];
        }
        left_.remove_prefix(std::min(at + 1, left_.size()));
        return text;
    }
    static void note(std::string_view name, std::string text, Challenge& found) {
        if (same_name(name, "realm")) found.realm = std::move(text);
        if (same_name(name, "nonce")) found.nonce = std::move(text);
        if (same_name(name, "opaque")) found.opaque = std::move(text);
        if (same_name(name, "algorithm")) found.algorithm = std::move(text);
        if (same_name(name, "qop")) found.qop = std::move(text);
    }

    std::string_view left_;
};

/// One of a list like "auth,auth-int".
bool offers_auth(std::string_view list) {
    while (!list.empty()) {
        const auto comma = std::min(list.find(','), list.size());
        auto one = list.substr(0, comma);
        while (!one.empty() && is_space(one.front())) one.remove_prefix(1);
        while (!one.empty() && is_space(one.back())) one.remove_suffix(1);
        if (same_name(one, "auth")) return true;
        list.remove_prefix(std::min(comma + 1, list.size()));
    }
    return false;
}

/// MD5 when the challenge does not say; null for what we do not know.
const EVP_MD* hash_named(std::string_view name) {
    if (name.empty() || same_name(name, "MD5") || same_name(name, "MD5-sess")) return EVP_md5();
    if (same_name(name, "SHA-256") || same_name(name, "SHA-256-sess")) return EVP_sha256();
    return nullptr;
}

}  // namespace

std::string percent_decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const int high = text[i] == '%' && i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
        const int low = high >= 0 ? hex_value(text[i + 2]) : -1;
        if (low < 0) {
            out += text[i];
            continue;
        }
        out += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return out;
}

std::string basic_credentials(std::string_view user, std::string_view password) {
    const std::string both = base::format("{}:{}", user, password);
    std::vector<unsigned char> encoded(4 * ((both.size() + 2) / 3) + 1);
    const int length =
        EVP_EncodeBlock(encoded.data(), reinterpret_cast<const unsigned char*>(both.data()),
                        static_cast<int>(both.size()));
    return "Basic " + std::string(encoded.begin(), encoded.begin() + length);
}

/// RFC 7616 §3.4: response = H(H(A1):nonce:nc:cnonce:qop:H(A2)); without a qop as RFC 2069 had it.
std::optional<std::string> digest_credentials(std::string_view challenge,
                                              const DigestRequest& request) {
    const auto asked = ChallengeReader(challenge).first_digest();
    if (!asked) return std::nullopt;
    const EVP_MD* const hash = hash_named(asked->algorithm);
    const bool with_qop = !asked->qop.empty();
    if (hash == nullptr || (with_qop && !offers_auth(asked->qop))) return std::nullopt;

    std::string secret =
        hashed(hash, base::format("{}:{}:{}", request.user, asked->realm, request.password));
    if (asked->algorithm.ends_with("-sess")) {
        secret = hashed(hash, base::format("{}:{}:{}", secret, asked->nonce, request.client_nonce));
    }
    const std::string what = hashed(hash, base::format("{}:{}", request.method, request.target));
    const std::string counted =
        with_qop ? base::format("00000001:{}:auth:", request.client_nonce) : std::string();
    const std::string response =
        hashed(hash, base::format("{}:{}:{}{}", secret, asked->nonce, counted, what));

    std::string value = base::format(
        R"(Digest username={}, realm={}, nonce={}, uri={}, response="{}")", quoted(request.user),
        quoted(asked->realm), quoted(asked->nonce), quoted(request.target), response);
    if (!asked->algorithm.empty()) value += base::format(", algorithm={}", asked->algorithm);
    if (with_qop)
        value += base::format(R"(, qop=auth, nc=00000001, cnonce="{}")", request.client_nonce);
    if (!asked->opaque.empty()) value += base::format(", opaque={}", quoted(asked->opaque));
    return value;
}

}  // namespace weir::http
