#include "plan/scenario.h"

namespace weir::plan {

std::string_view word_of(ExecutorKind kind) noexcept {
    switch (kind) {
        case ExecutorKind::shared_iterations:
            return "shared-iterations";
        case ExecutorKind::per_vu_iterations:
            return "per-vu-iterations";
        case ExecutorKind::constant_vus:
            return "constant-vus";
        case ExecutorKind::ramping_vus:
            return "ramping-vus";
        case ExecutorKind::constant_arrival_rate:
            return "constant-arrival-rate";
        case ExecutorKind::ramping_arrival_rate:
            return "ramping-arrival-rate";
    }
    return "";
}

bool is_open(ExecutorKind kind) noexcept {
    return kind == ExecutorKind::constant_arrival_rate ||
           kind == ExecutorKind::ramping_arrival_rate;
}

}  // namespace weir::plan
