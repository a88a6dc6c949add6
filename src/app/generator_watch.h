// GeneratorWatch: what the run costs the machine that makes the load; sampled once a second.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/time.h"
#include "record/generator_health.h"
#include "record/run_record.h"
#include "rt/clock.h"
#include "rt/loop.h"

namespace weir::app {

class GeneratorWatch {
public:
    explicit GeneratorWatch(const rt::Clock& clock);
    void sample();
    /// All of it, with what the record's series say about late starts.
    [[nodiscard]] record::GeneratorHealth health(const record::RunRecord& record,
                                                 const rt::LoopHealth& loops,
                                                 std::size_t workers);

private:
    struct Reading {
        base::Instant at{};
        base::Nanos user{};
        base::Nanos system{};
        std::uint64_t machine_ticks = 0;
        std::uint64_t steal_ticks = 0;
    };
    [[nodiscard]] Reading read() const;

    const rt::Clock* clock_;
    Reading first_;
    Reading last_;
    record::GeneratorHealth health_;
};

}  // namespace weir::app
