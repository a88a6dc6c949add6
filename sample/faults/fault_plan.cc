#include "sample/faults/fault_plan.h"

#include <array>
#include <charconv>

#include <fmt/format.h>

namespace weir::sample {
namespace {

/// What stands behind the name; nothing that cannot be read.
template <typename Number>
bool read(std::string_view text, Number& into) {
    if (text.empty()) return true;  // the default stays
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), into);
    return failed == std::errc{} && end == text.data() + text.size() && into >= 0;
}

template <typename Duration>
bool read_duration(std::string_view text, long fallback, Duration& into) {
    const bool good = read(text, fallback);
    into = Duration(fallback);
    return good;
}

/// A fault that takes no option.
template <bool FaultPlan::*member>
bool turn_on(std::string_view option, FaultPlan& plan) {
    plan.*member = true;
    return option.empty();
}

bool read_slow_page(std::string_view option, FaultPlan& plan) {
    const auto colon = option.find(':');
    if (colon == std::string_view::npos) return false;
    plan.slow_page = std::string(option.substr(0, colon));
    return (plan.slow_page == "dashboard" || plan.slow_page == "referral") &&
           read(option.substr(colon + 1), plan.slow_percent);
}

struct Switch {
    std::string_view name;
    bool (*apply)(std::string_view option, FaultPlan& plan);
};

constexpr std::array switches{
    Switch{"n-plus-one", turn_on<&FaultPlan::n_plus_one>},
    Switch{"missing-index", turn_on<&FaultPlan::missing_index>},
    Switch{"lock-contention", turn_on<&FaultPlan::lock_contention>},
    Switch{"memory-growth",
           [](std::string_view option, FaultPlan& plan) {
               plan.memory_growth_kib = 2048;
               return read(option, plan.memory_growth_kib);
           }},
    Switch{"slow-page", read_slow_page},
    Switch{"slow-dependency",
           [](std::string_view option, FaultPlan& plan) {
               plan.dependency = true;
               return read_duration(option, 2500, plan.dependency_delay);
           }},
    Switch{"failing-dependency",
           [](std::string_view option, FaultPlan& plan) {
               plan.dependency = true;
               plan.dependency_failures = 1;
               return read(option, plan.dependency_failures);
           }},
    Switch{"restart", [](std::string_view option,
                         FaultPlan& plan) { return read_duration(option, 8, plan.restart_after); }},
    Switch{"version-change",
           [](std::string_view option, FaultPlan& plan) {
               return read_duration(option, 8, plan.new_version_after);
           }},
    Switch{"data-drift", turn_on<&FaultPlan::data_drift>},
    Switch{"cpu-hog",
           [](std::string_view option, FaultPlan& plan) {
               plan.cpu_hogs = 4;
               return read(option, plan.cpu_hogs);
           }},
    Switch{"sign-in-broken", turn_on<&FaultPlan::sign_in_broken>},
};

}  // namespace

Result<void> add_fault(std::string_view text, FaultPlan& plan) {
    const auto colon = text.find(':');
    const auto name = text.substr(0, colon);
    const auto option = colon == std::string_view::npos ? "" : text.substr(colon + 1);
    std::string names;
    for (const auto& each : switches) {
        if (each.name == name) {
            if (each.apply(option, plan)) return {};
            return Error{fmt::format("fault {}: its option cannot be read", text)};
        }
        names += (names.empty() ? "" : ", ") + std::string(each.name);
    }
    return Error{fmt::format("there is no fault {}; there are: {}", name, names)};
}

}  // namespace weir::sample
