// Secrets: values that must not leave in any text: logs, records, reports.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace weir::plan {

/// Immutable once filled; cheap to ask when empty.
class Secrets {
public:
    static constexpr std::string_view mask = "***";
    /// Shorter values would mask half of every text; they are not hidden.
    static constexpr std::size_t shortest = 3;

    /// Also hides how the value looks in a URL, in JSON and in base64 (a Basic header).
    void add(std::string_view value);
    [[nodiscard]] bool empty() const noexcept { return forms_.empty(); }
    /// Bytes of the longest text that is hidden; 0: none is.
    [[nodiscard]] std::size_t longest() const noexcept {
        return forms_.empty() ? 0 : forms_.front().size();
    }

    /// `text` with each secret replaced by the mask; the longest secret first.
    [[nodiscard]] std::string redact(std::string_view text) const;
    /// The same in place; true when something was replaced.
    bool redact_in_place(std::string& text) const;

private:
    void add_form(std::string form);

    std::vector<std::string> forms_;  // longest first
};

}  // namespace weir::plan
