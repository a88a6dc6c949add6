// Bench: one script, one user, a simulated target and all that the user recorded, for tests.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "journey/bindings.h"
#include "journey/evidence.h"
#include "journey/guard.h"
#include "journey/host/timing_names.h"
#include "journey/marks.h"
#include "journey/run_context.h"
#include "journey/shared_data.h"
#include "journey/testing/sim_target.h"
#include "journey/user.h"
#include "meter/snapshot.h"
#include "plan/options.h"
#include "rt/sim_loop.h"
#include "script/program.h"

namespace weir::journey::testing {

/// One line that a script or the user wrote.
struct Line {
    base::Level level;
    std::string text;
};

/// Build it, change what is to be different, then iterate(). Everything runs on virtual time.
class Bench {
public:
    /// `source` is the entry script; further files by absolute path in `files` ("/journey/lib.js").
    explicit Bench(std::string source, std::map<std::string, std::string> files = {});
    ~Bench();
    Bench(const Bench&) = delete;
    Bench& operator=(const Bench&) = delete;

    rt::SimLoop loop;

    // To change before the first iterate().
    plan::Options options;
    RunContext run;
    ScenarioContext scenario;
    SimTarget target;
    SharedData shared;
    Evidence evidence;
    TimingNames timings;
    std::optional<GuardPolicy> guard;
    std::optional<SyntheticMarks> marks;

    /// One iteration of the one user, made at the first call. `late`: how late it starts.
    IterationOutcome iterate(base::Nanos late = {});
    /// As iterate(), cancelled after `after`.
    IterationOutcome iterate_and_cancel(base::Nanos after);
    /// Why init code failed; "" when it did not.
    [[nodiscard]] const std::string& init_error();
    /// Ends the user; the isolate is freed.
    void stop();

    [[nodiscard]] base::Result<ScriptFacts> inspect();
    [[nodiscard]] base::Result<std::string> call(const std::string& function,
                                                 const std::string& argument = "");

    /// Sums over all series of `metric` whose tags contain `selector` ("k=v,k2=v2").
    struct Sum {
        std::uint64_t samples = 0;
        double value = 0;  // counters and trends: the sum; rates: how many passed; gauges: the last
        double max = 0;    // trends
    };
    [[nodiscard]] Sum sum(std::string_view metric, std::string_view selector = "");
    /// The tags of every series of `metric`.
    [[nodiscard]] std::vector<record::Tags> tags_of(std::string_view metric);
    /// All console lines, joined by newlines.
    [[nodiscard]] std::string console() const;
    [[nodiscard]] const std::vector<Line>& console_lines() const { return console_; }
    [[nodiscard]] std::string log() const;
    [[nodiscard]] record::Evidence evidence_now() { return evidence.take(start_); }

    RunProgress progress;
    std::vector<std::string> aborts;
    std::vector<std::string> failures_marked;

private:
    class Listener;
    void compile();
    void prepare();

    std::string source_;
    std::map<std::string, std::string> files_;
    std::unique_ptr<const script::Bindings> bindings_;
    meter::Registry registry_;
    std::unique_ptr<meter::Recorder> recorder_;
    rt::StackPool stacks_;
    http::ClientSettings client_;
    WorkerContext worker_;
    std::unique_ptr<Listener> listener_;
    std::unique_ptr<User> user_;
    std::string init_error_;
    std::vector<Line> console_;
    std::vector<Line> log_;
    base::Instant start_{};
    std::uint64_t index_ = 0;
};

}  // namespace weir::journey::testing
