// Output: one receiver of a run's figures: what it was told, what it has still to hear.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "app/telemetry/carrier.h"
#include "base/log.h"
#include "base/time.h"
#include "record/generator_health.h"
#include "rt/clock.h"
#include "telemetry/encoder.h"
#include "telemetry/moment.h"

namespace weir::app {

/// What an output is made of.
struct OutputParts {
    std::string kind;  // "prometheus": a later output of the same kind takes its place
    std::string name;  // "prometheus http://host:9090/api/v1/write", without credentials
    base::Nanos interval{};
    telemetry::TagRules tags;
    std::unique_ptr<telemetry::Encoder> encoder;
    std::unique_ptr<Carrier> carrier;
};

class Output {
public:
    explicit Output(OutputParts parts) : parts_(std::move(parts)) {}

    [[nodiscard]] const std::string& kind() const noexcept { return parts_.kind; }
    [[nodiscard]] const std::string& name() const noexcept { return parts_.name; }
    [[nodiscard]] base::Nanos interval() const noexcept { return parts_.interval; }

    /// Any thread. Takes the place of one that nobody has taken yet: figures are cumulative, so
    /// that costs resolution alone.
    void offer(std::shared_ptr<telemetry::Moment> moment);
    /// The telemetry thread's from here on.
    [[nodiscard]] std::shared_ptr<telemetry::Moment> next();
    /// Tells the receiver, until the deadline.
    void push(std::shared_ptr<telemetry::Moment> moment, base::Instant now, base::Instant deadline);

    /// Any thread: whether it took what it was told last; true before it was told anything.
    [[nodiscard]] bool well() const noexcept { return well_.load(); }
    /// Any thread: how long it took to put the last push into words.
    [[nodiscard]] base::Nanos cost() const noexcept { return base::Nanos(cost_.load()); }
    /// When no thread pushes any more.
    [[nodiscard]] record::TelemetryDelivery delivery() const;
    void log_to(base::Log log) { log_ = std::move(log); }

private:
    using Parcels = std::vector<telemetry::Parcel>;
    struct Sending {
        bool settled = true;  // the receiver has them, or will never want them
        bool whole = true;    // it has them
        std::string words;
    };
    [[nodiscard]] Sending send(const telemetry::SharedMoment& moment,
                               Parcels parcels,
                               base::Instant now,
                               base::Instant deadline);
    void note(bool taken, const std::string& words);

    OutputParts parts_;
    base::Log log_;
    std::mutex guard_;
    std::shared_ptr<telemetry::Moment> waiting_;  // guarded
    std::uint64_t replaced_ = 0;                  // guarded: moments that nobody took
    std::atomic<bool> well_ = true;
    std::atomic<base::Nanos::rep> cost_ = 0;
    rt::SystemClock clock_;

    /// Increments of which nobody knows whether they arrived: they are sent first, as they were.
    struct Doubt {
        telemetry::SharedMoment moment;
        Parcels parcels;
    };
    std::unique_ptr<Doubt> doubt_;
    base::Instant quiet_until_{};
    std::uint64_t sent_ = 0;
    std::uint64_t dropped_ = 0;
    std::string words_;         // of the last that was not taken
    bool said_ = false;         // that it does not take what it is told
    base::WallTime reached_{};  // the last moment that it has all of
    base::WallTime wanted_{};   // the last moment that it should have
};

}  // namespace weir::app
