// Evidence: bounded examples gathered while users run: failures, slow and unfinished requests.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "journey/slow_requests.h"
#include "plan/secrets.h"
#include "record/run_record.h"
#include "script/error.h"

namespace weir::base {
struct Url;
}

namespace weir::journey {

/// A parameter or field of that name is likely to hold one: "access_token", "pwd", "sig".
[[nodiscard]] bool speaks_of_secrets(std::string_view name);
/// Without credentials, fragment, and the values of query parameters whose names speak of secrets.
[[nodiscard]] std::string redacted_url(const base::Url& url);

struct EvidenceSettings {
    SlowLimits slow{};
    /// Response headers that name the version and the instance that answered.
    std::vector<std::string> version_headers{"x-app-version"};
    std::vector<std::string> instance_headers{"x-instance-id"};
    plan::Secrets secrets{};  // in no text that is kept
};

/// A version and instance of the target, as its responses name them.
struct SeenTarget {
    std::string version;
    std::string instance;
    record::Side side = record::Side::alone;
    base::Instant first{};
    std::atomic<std::uint64_t> answers{0};
    std::atomic<base::Nanos::rep> last_ns{0};  // about: the last of several writers at once wins
    void note_answer(base::Instant at) noexcept {
        answers.fetch_add(1, std::memory_order_relaxed);
        last_ns.store(at.time_since_epoch().count(), std::memory_order_relaxed);
    }
};

/// Thread-safe. The common case (an answer that is neither failed nor among the slowest) takes no
/// lock.
class Evidence {
public:
    explicit Evidence(EvidenceSettings settings = {})
        : settings_(std::move(settings)), slow_(settings_.slow) {}
    Evidence(const Evidence&) = delete;
    Evidence& operator=(const Evidence&) = delete;

    [[nodiscard]] const EvidenceSettings& settings() const noexcept { return settings_; }

    /// True when this way of failing (message and place) is seen for the first time: worth a log
    /// line.
    bool note_failure(const script::ScriptError& error);
    /// True for the first time of these words; for warnings that would flood. Bounded: past the
    /// limit every one is called known.
    bool first_time(std::string_view words);

    /// The requests of one name, to be kept by the caller and given with each of them.
    [[nodiscard]] SlowRow& slow_row(std::string_view name) { return slow_.row_of(name); }
    /// Lock-free: whether note_slow would keep a request of that response time.
    [[nodiscard]] bool is_slow(const SlowRow& row, base::Nanos response_time) const noexcept {
        return slow_.wants(row, response_time);
    }
    void note_slow(SlowRow& row, record::Exchange exchange, base::Instant start);
    /// Counts; true when the example is still wanted: then note_failed_request.
    [[nodiscard]] bool count_failed_request() noexcept {
        return failed_.fetch_add(1, std::memory_order_relaxed) < record::Evidence::list_most;
    }
    void note_failed_request(record::Exchange exchange, base::Instant start);
    void note_unfinished(record::UnfinishedRequest request, base::Instant start);
    void note_violation(record::GuardViolation violation);
    [[nodiscard]] std::uint64_t violations() const noexcept { return violations_total_.load(); }
    /// "POST https://… at journey.js:12:5", of the first one; "" when there was none.
    [[nodiscard]] std::string first_violation() const;

    /// The entry for that target; keep it and count its answers without a lock.
    [[nodiscard]] SeenTarget* seen(std::string_view version,
                                   std::string_view instance,
                                   base::Instant at,
                                   record::Side side = record::Side::alone);

    /// All so far, with spans from `run_start`.
    [[nodiscard]] record::Evidence take(base::Instant run_start) const;
    [[nodiscard]] std::vector<record::SeenInstance> targets(base::Instant run_start) const;

private:
    static constexpr std::size_t most_targets = 256;
    static constexpr std::size_t most_words = 1'000;

    EvidenceSettings settings_;
    SlowRequests slow_;  // with a lock of its own
    std::atomic<std::uint64_t> failed_{0};
    std::atomic<std::uint64_t> violations_total_{0};

    mutable std::mutex mutex_;  // guards all below; never held across a park
    std::vector<record::ScriptFailure> failures_;
    std::map<std::string, std::size_t, std::less<>> failure_index_;
    std::uint64_t failures_total_ = 0;
    std::map<std::string, bool, std::less<>> words_;
    struct Timed {
        record::Exchange exchange;
        base::Instant start;
    };
    std::vector<Timed> failed_requests_;
    std::vector<std::pair<record::UnfinishedRequest, base::Instant>> unfinished_;
    std::uint64_t unfinished_total_ = 0;
    std::vector<record::GuardViolation> violations_;
    std::deque<SeenTarget> targets_;  // addresses stay
};

}  // namespace weir::journey
