#include "journey/marks.h"

#include <algorithm>
#include <cctype>
#include <cstdint>

namespace weir::journey {

namespace {

bool same_name(std::string_view a, std::string_view b) {
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) {
               return std::tolower(static_cast<unsigned char>(x)) ==
                      std::tolower(static_cast<unsigned char>(y));
           });
}

http::Header* find(std::vector<http::Header>& headers, std::string_view name) {
    const auto found = std::find_if(headers.begin(), headers.end(),
                                    [&](const http::Header& h) { return same_name(h.name, name); });
    return found == headers.end() ? nullptr : &*found;
}

void put(std::vector<http::Header>& headers, std::string_view name, const std::string& value) {
    if (http::Header* const known = find(headers, name)) {
        known->value = value;
    } else {
        headers.push_back({std::string(name), value});
    }
}

void append_hex(std::string& out, std::uint64_t value) {
    constexpr std::string_view digits = "0123456789abcdef";
    for (int shift = 60; shift >= 0; shift -= 4) out += digits[value >> shift & 0xF];
}

/// All-zero ids are invalid (Trace Context §3.2.2.3, §3.2.2.4).
std::uint64_t nonzero(base::Random& random) {
    const std::uint64_t value = random.next();
    return value == 0 ? 1 : value;
}

std::string fresh_traceparent(base::Random& random) {
    std::string text;
    text.reserve(55);
    text += "00-";
    append_hex(text, nonzero(random));
    append_hex(text, random.next());
    text += '-';
    append_hex(text, nonzero(random));
    text += "-01";
    return text;
}

}  // namespace

void mark(http::Request& request, const SyntheticMarks& marks, base::Random& random) {
    auto& headers = request.headers;
    put(headers, "User-Agent", marks.user_agent);
    put(headers, "X-Weir-Run", marks.run_id);
    const std::string baggage = "synthetic=true,run=" + marks.run_id;
    if (http::Header* const own = find(headers, "baggage")) {
        // A redirect's next hop carries the first one's headers: marked once is enough.
        if (own->value.find(baggage) == std::string::npos) own->value += "," + baggage;
    } else {
        headers.push_back({"baggage", baggage});
    }
    if (marks.traceparent && find(headers, "traceparent") == nullptr) {
        headers.push_back({"traceparent", fresh_traceparent(random)});
    }
}

std::string_view trace_id_of(const std::vector<http::Header>& headers) {
    for (const http::Header& header : headers) {
        if (!same_name(header.name, "traceparent")) continue;
        if (header.value.size() < 55 || header.value[2] != '-') return {};
        return std::string_view(header.value).substr(3, 32);
    }
    return {};
}

}  // namespace weir::journey
