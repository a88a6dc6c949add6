#include "plan/json_reader.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/format.h"
#include "base/units.h"

namespace weir::plan {

base::Error wrong_type(std::string_view path, std::string_view wanted, const base::Json& found) {
    std::string shown = base::write_json(found);
    if (shown.size() > 60) shown = shown.substr(0, 57) + "...";
    return {base::Code::invalid, base::format("{} must be {}, not {}", path, wanted, shown)};
}

base::Result<std::uint64_t> read_whole(const base::Json& value, std::string_view path) {
    if (value.is_number_unsigned()) return value.get<std::uint64_t>();
    if (value.is_number_float()) {
        const auto number = value.get<double>();
        if (number >= 0 && number < 9e15 && number == std::floor(number)) {
            return static_cast<std::uint64_t>(number);
        }
    }
    return wrong_type(path, "a whole number, zero or more", value);
}

base::Result<std::uint32_t> read_count(const base::Json& value, std::string_view path) {
    TRY(const auto whole, read_whole(value, path));
    if (whole > 10'000'000) return wrong_type(path, "at most 10,000,000", value);
    return static_cast<std::uint32_t>(whole);
}

base::Result<bool> read_bool(const base::Json& value, std::string_view path) {
    if (!value.is_boolean()) return wrong_type(path, "true or false", value);
    return value.get<bool>();
}

base::Result<std::string> read_text(const base::Json& value, std::string_view path) {
    if (!value.is_string()) return wrong_type(path, "text", value);
    return value.get<std::string>();
}

base::Result<base::Nanos> read_duration(const base::Json& value, std::string_view path) {
    // Sums of spans must fit into nanoseconds, which end after 292 years.
    constexpr base::Nanos longest = std::chrono::hours(24 * 10'000);
    if (value.is_number()) {
        const auto ms = value.get<double>();
        if (ms > base::to_ms(longest)) return wrong_type(path, "at most 10,000 days", value);
        if (ms >= 0) return base::from_ms(ms);
    } else if (value.is_string()) {
        auto parsed = base::parse_duration(value.get<std::string>());
        if (!parsed.ok()) return base::within(path, parsed.error());
        if (parsed.value() > longest) return wrong_type(path, "at most 10,000 days", value);
        if (parsed.value() >= base::Nanos{}) return parsed.value();
    }
    return wrong_type(path, "a duration such as \"1m30s\" or milliseconds", value);
}

base::Result<std::vector<std::string>> read_texts(const base::Json& value, std::string_view path) {
    if (!value.is_array()) return wrong_type(path, "a list of texts", value);
    std::vector<std::string> texts;
    for (const auto& each : value) {
        TRY(auto text, read_text(each, path));
        texts.push_back(std::move(text));
    }
    return texts;
}

base::Result<std::map<std::string, std::string>> read_text_map(const base::Json& value,
                                                               std::string_view path) {
    if (!value.is_object()) return wrong_type(path, "an object of texts", value);
    std::map<std::string, std::string> texts;
    for (const auto& [key, each] : value.items()) {
        if (each.is_string()) {
            texts[key] = each.get<std::string>();
        } else if (each.is_number() || each.is_boolean()) {
            texts[key] = base::write_json(each);
        } else {
            return wrong_type(base::format("{}.{}", path, key), "text", each);
        }
    }
    return texts;
}

std::string nearest(std::string_view name, const std::vector<std::string_view>& known) {
    std::string best;
    std::size_t least = std::max<std::size_t>(2, name.size() / 3) + 1;
    for (const auto candidate : known) {
        // Levenshtein's distance, two rows at a time.
        std::vector<std::size_t> row(candidate.size() + 1);
        for (std::size_t i = 0; i < row.size(); ++i) row[i] = i;
        for (std::size_t i = 1; i <= name.size(); ++i) {
            std::size_t diagonal = row[0];
            row[0] = i;
            for (std::size_t j = 1; j < row.size(); ++j) {
                const std::size_t change = diagonal + (name[i - 1] == candidate[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = std::min({row[j] + 1, row[j - 1] + 1, change});
            }
        }
        if (row.back() < least) {
            least = row.back();
            best = std::string(candidate);
        }
    }
    return best;
}

}  // namespace weir::plan
