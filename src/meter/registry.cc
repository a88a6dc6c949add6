#include "meter/registry.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <mutex>

#include "base/assert.h"
#include "base/format.h"
#include "base/hash.h"

namespace weir::meter {
namespace {

using record::MetricContains;
using record::MetricType;

constexpr std::size_t builtins = static_cast<std::size_t>(Builtin::count_);
/// Many times what any real script registers; a script that makes names up in a loop stops here.
constexpr std::size_t metrics_most = 4096;
constexpr std::size_t name_most = 129;

constexpr auto counter = MetricType::counter;
constexpr auto gauge = MetricType::gauge;
constexpr auto rate = MetricType::rate;
constexpr auto trend = MetricType::trend;
constexpr auto plain = MetricContains::plain;
constexpr auto time = MetricContains::time;
constexpr auto data = MetricContains::data;

/// In the order of Builtin. Source: grafana.com/docs/k6, "Built-in metrics".
const std::array<MetricSpec, builtins>& builtin_specs() {
    static const std::array<MetricSpec, builtins> specs = {{
        {"vus", gauge, plain},
        {"vus_max", gauge, plain},
        {"iterations", counter, plain},
        {"iteration_duration", trend, time},
        {"dropped_iterations", counter, plain},
        {"checks", rate, plain},
        {"group_duration", trend, time},
        {"http_reqs", counter, plain},
        {"http_req_failed", rate, plain},
        {"http_req_duration", trend, time},
        {"http_req_blocked", trend, time},
        {"http_req_connecting", trend, time},
        {"http_req_tls_handshaking", trend, time},
        {"http_req_sending", trend, time},
        {"http_req_waiting", trend, time},
        {"http_req_receiving", trend, time},
        {"data_sent", counter, data},
        {"data_received", counter, data},
        {"weir_response_time", trend, time},
        {"weir_service_time", trend, time},
        {"weir_start_delay", trend, time},
        {"weir_unfinished", trend, time},
        {"weir_server_timing", trend, time},
    }};
    return specs;
}

bool is_metric_name(std::string_view name) noexcept {
    const auto is_letter = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    };
    const auto is_later = [&](char c) { return is_letter(c) || (c >= '0' && c <= '9'); };
    return !name.empty() && name.size() <= name_most && is_letter(name.front()) &&
           std::all_of(name.begin(), name.end(), is_later);
}

}  // namespace

/// Slots are written once, before `size` says so; so readers need no lock.
struct Registry::State {
    std::vector<MetricSpec> slots = std::vector<MetricSpec>(metrics_most);
    std::atomic<std::size_t> size{0};
    std::mutex adding;
    base::TextMap<record::MetricId> by_name;  // guarded by adding

    record::MetricId append(const MetricSpec& spec) {
        const std::size_t index = size.load(std::memory_order_relaxed);
        slots[index] = spec;
        const auto id = static_cast<record::MetricId>(index);
        by_name.emplace(spec.name, id);
        size.store(index + 1, std::memory_order_release);
        return id;
    }
};

Registry::Registry() : state_(std::make_unique<State>()) {
    for (const auto& spec : builtin_specs()) (void)state_->append(spec);
}
Registry::~Registry() = default;

base::Result<record::MetricId> Registry::add(const MetricSpec& spec) {
    if (!is_metric_name(spec.name)) {
        return base::Error{
            base::Code::invalid,
            base::format("\"{}\" is not a metric name: use up to 129 letters, digits and _, the "
                         "first not a digit",
                         spec.name)};
    }
    const std::scoped_lock lock(state_->adding);
    if (const auto found = state_->by_name.find(spec.name); found != state_->by_name.end()) {
        const MetricSpec& known = state_->slots[static_cast<std::size_t>(found->second)];
        if (known.type == spec.type && known.contains == spec.contains) return found->second;
        return base::Error{
            base::Code::invalid,
            base::format("metric \"{}\" exists already as a {} of {} values; choose another name "
                         "for the {} of {} values",
                         spec.name, word_of(known.type), word_of(known.contains),
                         word_of(spec.type), word_of(spec.contains))};
    }
    if (size() >= metrics_most) {
        return base::Error{base::Code::limit,
                           base::format("metric \"{}\" would be one more than the {} a run may "
                                        "have; tell samples apart by tags, not by metric names",
                                        spec.name, metrics_most)};
    }
    return state_->append(spec);
}

MetricSpec Registry::at(record::MetricId id) const {
    const auto index = static_cast<std::size_t>(id);
    CHECK(index < size());
    return state_->slots[index];
}

std::size_t Registry::size() const {
    return state_->size.load(std::memory_order_acquire);
}

std::vector<MetricSpec> Registry::specs() const {
    const auto last = state_->slots.begin() + static_cast<std::ptrdiff_t>(size());
    return {state_->slots.begin(), last};
}

base::Result<record::MetricId> Registry::find(std::string_view name) const {
    const std::scoped_lock lock(state_->adding);
    const auto found = state_->by_name.find(name);
    if (found != state_->by_name.end()) return found->second;
    return base::Error{base::Code::not_found, base::format("no metric is called \"{}\"", name)};
}

}  // namespace weir::meter
