// StatusRule: which statuses a script expects: http.expectedStatuses(200, {min: 300, max: 399}).
#pragma once

#include <utility>
#include <vector>

#include "script/bindings.h"

namespace weir::journey {

/// Immutable once made. Empty: none is expected.
class StatusRule {
public:
    void add(int from, int to) { ranges_.emplace_back(from, to); }
    [[nodiscard]] bool expects(int status) const noexcept {
        for (const auto& [from, to] : ranges_) {
            if (status >= from && status <= to) return true;
        }
        return false;
    }
    /// k6's default: 200 to 399.
    [[nodiscard]] static bool expects_by_default(int status) noexcept {
        return status >= 200 && status <= 399;
    }

private:
    std::vector<std::pair<int, int>> ranges_;
};

/// status_rule.cc: http.expectedStatuses(), http.setResponseCallback() and the class between them.
[[nodiscard]] script::ClassSpec status_rule_class_spec();
script::Value expected_statuses(script::Isolate& js,
                                script::Ref self,
                                script::Args args,
                                int) noexcept;
script::Value set_response_callback(script::Isolate& js,
                                    script::Ref self,
                                    script::Args args,
                                    int) noexcept;

}  // namespace weir::journey
