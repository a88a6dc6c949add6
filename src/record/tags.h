// Tags: key=value pairs that say what a sample belongs to; sorted, so that equal sets are equal.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir::record {

/// k6's names for the system tags: proto, status, method, url, name, group, check, error,
/// error_code, tls_version, scenario, service, expected_response.
class Tags {
public:
    Tags() = default;
    void set(std::string_view key, std::string_view value);  // replaces
    void erase(std::string_view key);
    [[nodiscard]] const std::string* find(std::string_view key) const noexcept;
    [[nodiscard]] bool empty() const noexcept { return pairs_.empty(); }
    [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& pairs() const noexcept {
        return pairs_;
    }
    [[nodiscard]] bool operator==(const Tags&) const = default;
    /// True when every pair of `selector` is here with the same value (a threshold's {k:v,…}).
    [[nodiscard]] bool contains(const Tags& selector) const noexcept;

private:
    std::vector<std::pair<std::string, std::string>> pairs_;  // sorted by key
};

/// What may be shown of the tag `name`: a request that nobody named is called by its URL, whose
/// query may hold secrets and is left out.
[[nodiscard]] std::string shown_request(std::string_view name);

}  // namespace weir::record
