#include "plan/secrets.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/format.h"
#include "base/json.h"

namespace weir::plan {
namespace {

/// RFC 3986 §2.1, as encodeURIComponent writes it; `space` as a form does ("+") or as a path
/// ("%20").
std::string percent_encoded(std::string_view value, std::string_view space) {
    std::string out;
    for (const char c : value) {
        const auto byte = static_cast<unsigned char>(c);
        if (std::isalnum(byte) != 0 || std::string_view("-_.~").find(c) != std::string_view::npos) {
            out += c;
        } else if (c == ' ') {
            out += space;
        } else {
            out += base::format("%{:02X}", byte);
        }
    }
    return out;
}

/// RFC 4648 §4 without padding: what follows the secret changes the last characters, so those that
/// depend on it are left out. `skipped`: bytes before the secret in its group of three, as in
/// "user:secret".
std::string base64_core(std::string_view value, std::size_t skipped) {
    constexpr std::string_view digits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    unsigned bits = 0;
    unsigned held = 0;
    // The first whole character within the secret begins at a multiple of six bits.
    const std::array<unsigned, 3> lost{0, 4, 2};
    unsigned skip = lost[skipped];
    for (const char c : value) {
        bits = (bits << 8U) | static_cast<unsigned char>(c);
        held += 8;
        if (skip > 0) {
            held -= skip;
            bits &= (1U << held) - 1U;
            skip = 0;
        }
        while (held >= 6) {
            held -= 6;
            out += digits[(bits >> held) & 63U];
        }
        bits &= (1U << held) - 1U;
    }
    return out;
}

std::string json_escaped(std::string_view value) {
    const std::string quoted = base::write_json(base::Json(std::string(value)));
    return quoted.substr(1, quoted.size() - 2);
}

}  // namespace

void Secrets::add(std::string_view value) {
    if (value.size() < shortest) return;
    add_form(std::string(value));
    add_form(percent_encoded(value, "%20"));
    add_form(percent_encoded(value, "+"));
    add_form(json_escaped(value));
    // Short cores are ordinary letters: they would mask innocent text.
    constexpr std::size_t core_shortest = 8;
    for (std::size_t skipped = 0; skipped < 3; ++skipped) {
        auto core = base64_core(value, skipped);
        if (core.size() < core_shortest) continue;
        std::string for_urls = core;  // RFC 4648 §5
        std::replace(for_urls.begin(), for_urls.end(), '+', '-');
        std::replace(for_urls.begin(), for_urls.end(), '/', '_');
        add_form(std::move(core));
        add_form(std::move(for_urls));
    }
}

void Secrets::add_form(std::string form) {
    if (std::find(forms_.begin(), forms_.end(), form) != forms_.end()) return;
    const auto longer = [](const std::string& a, const std::string& b) {
        return a.size() > b.size();
    };
    forms_.insert(std::upper_bound(forms_.begin(), forms_.end(), form, longer), std::move(form));
}

bool Secrets::redact_in_place(std::string& text) const {
    bool any = false;
    for (const auto& form : forms_) {
        for (auto at = text.find(form); at != std::string::npos;
             at = text.find(form, at + mask.size())) {
            text.replace(at, form.size(), mask);
            any = true;
        }
    }
    return any;
}

std::string Secrets::redact(std::string_view text) const {
    std::string out(text);
    redact_in_place(out);
    return out;
}

}  // namespace weir::plan
