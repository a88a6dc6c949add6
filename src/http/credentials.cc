#include "http/credentials.h"

#include <algorithm>
#include <array>
#include <map>
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

/// The name=value and name="value" pairs of a challenge, names in lower case.
std::map<std::string, std::string> parameters_of(std::string_view text) {
    std::map<std::string, std::string> found;
    std::size_t at = 0;
    while (at < text.size()) {
        const auto name_start = text.find_first_not_of(" \t,", at);
        const auto equals = text.find('=', at);
        if (name_start == std::string_view::npos || equals == std::string_view::npos) break;
        std::string name(text.substr(name_start, equals - name_start));
        for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
        std::string value;
        at = equals + 1;
        if (at < text.size() && text[at] == '"') {
            for (++at; at < text.size() && text[at] != '"'; ++at) {
                if (text[at] == '\\' && at + 1 < text.size()) ++at;
                value += text[at];
            }
            ++at;
        } else {
            const auto end = std::min(text.find_first_of(", ", at), text.size());
            value = text.substr(at, end - at);
            at = end;
        }
        found[name] = value;
    }
    return found;
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

std::optional<std::string> digest_credentials(std::string_view challenge,
                                              const DigestRequest& request,
                                              base::Random& random) {
    if (!same_name(challenge.substr(0, 7), "Digest ")) return std::nullopt;
    auto asked = parameters_of(challenge.substr(7));
    const std::string algorithm = asked["algorithm"].empty() ? "MD5" : asked["algorithm"];
    const bool session = algorithm.ends_with("-sess");
    const auto plain = std::string_view(algorithm).substr(0, algorithm.size() - (session ? 5 : 0));
    const EVP_MD* hash = same_name(plain, "MD5")       ? EVP_md5()
                         : same_name(plain, "SHA-256") ? EVP_sha256()
                                                       : nullptr;
    const bool with_qop = !asked["qop"].empty();
    if (hash == nullptr || (with_qop && asked["qop"].find("auth") == std::string::npos)) {
        return std::nullopt;
    }
    const std::string client_nonce = base::format("{:016x}", random.next());
    std::string secret =
        hashed(hash, base::format("{}:{}:{}", request.user, asked["realm"], request.password));
    if (session)
        secret = hashed(hash, base::format("{}:{}:{}", secret, asked["nonce"], client_nonce));
    const std::string what = hashed(hash, base::format("{}:{}", request.method, request.target));
    const std::string response =
        with_qop ? hashed(hash, base::format("{}:{}:00000001:{}:auth:{}", secret, asked["nonce"],
                                             client_nonce, what))
                 : hashed(hash, base::format("{}:{}:{}", secret, asked["nonce"], what));
    std::string value = base::format(
        R"(Digest username="{}", realm="{}", nonce="{}", uri="{}", response="{}", algorithm={})",
        request.user, asked["realm"], asked["nonce"], request.target, response, algorithm);
    if (with_qop) value += base::format(R"(, qop=auth, nc=00000001, cnonce="{}")", client_nonce);
    if (!asked["opaque"].empty()) value += base::format(R"(, opaque="{}")", asked["opaque"]);
    return value;
}

}  // namespace weir::http
