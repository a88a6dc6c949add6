// Suite: what weir.toml says: journeys, environments, conditions, limits; immutable.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "plan/condition.h"
#include "plan/notices/notify_rules.h"
#include "plan/practical_threshold.h"
#include "plan/release_rules.h"
#include "plan/secret_source.h"
#include "plan/telemetry/telemetry_rules.h"

namespace weir::plan {

struct Journey {
    std::string name;    // the scenario's name; the script's file name without ending by default
    std::string script;  // relative to weir.toml
    double weight = 1;   // its part of the rate
};

/// Where the service under test is, and what journeys see as __ENV.
struct Environment {
    std::string name;
    std::string base_url;
    std::map<std::string, std::string> variables;
    /// Name in __ENV → where the value comes from (of a file its first line); the values are
    /// redacted wherever text leaves Weir.
    std::map<std::string, SecretSource> secrets;
    std::string health_url;   // asked before, during and after the run; may be a path
    std::string metrics_url;  // Prometheus text; may be a path; empty: none
    bool insecure_skip_tls_verify = false;
    AlertMatchers alerts;    // what the alerts of this deployment all have; may be empty
    std::string alert_name;  // what they call it; the environment's name unless said otherwise
    bool overlaid = false;   // a personal overlay speaks of it, or of one that it extends
};

/// "POST /auth/sign-in"; see journey::Endpoint for the pattern.
struct SignInEndpoint {
    std::string method;
    std::string url;
};

/// So many journeys per second for so long.
struct Step {
    base::Nanos duration{};
    double rate = 0;
    [[nodiscard]] bool operator==(const Step&) const = default;
};

/// What becomes of a condition that is undecided when the time is over.
enum class UndecidedPolicy : std::uint8_t {
    estimate,  // its figure decides, and the finding is called weak
    pass,
    fail,
    invalid,
};

/// How conditions are decided.
struct Decisions {
    double error_level = 0.01;  // chance that a healthy service is failed, over all conditions
    UndecidedPolicy undecided = UndecidedPolicy::estimate;
    bool early_stop = true;     // end the run when the verdict is decided
    std::uint32_t retries = 0;  // further runs when one is invalid
    [[nodiscard]] bool operator==(const Decisions&) const = default;
};

/// What becomes of a request that is slower than in the last runs.
enum class SlowerPolicy : std::uint8_t { ignore, report, fail };

/// How a run is compared with the last ones of the same suite, environment and load that passed.
struct BaselineRule {
    SlowerPolicy on_slower = SlowerPolicy::report;
    PracticalThreshold slower_than;
    double error_level = 0.01;  // chance that an unchanged service is called slower, over all
    std::uint32_t runs = 20;    // at most
    static constexpr std::uint32_t runs_least = 5;  // fewer are no baseline
    std::string since;  // earlier runs are none; as ledger::RunFilter has it
};

/// Something that the service under test needs and is not to blame for.
struct Dependency {
    std::string name;
    std::string health_url;  // ${NAME} stands for a variable of the environment
    base::Nanos slow_over = std::chrono::seconds(1);
};

/// What must be true of the data for the run to mean what it did; see a journey's facts().
struct FactPin {
    std::string name;
    double at_least = 0;
    double at_most = 0;
    bool has_least = false;
    bool has_most = false;
    [[nodiscard]] bool operator==(const FactPin&) const = default;
};

/// Beyond these the measurement is not trusted.
struct TrustLimits {
    double achieved_share = 0.95;  // started / offered
    double late_share = 0.05;      // begun late for the generator's own reasons
    double threw_share = 0.01;     // iterations that ended with an exception, of all completed
    double cpu_share = 0.90;       // CPU time that the generator's threads used, of what they could
    double steal_share = 0.10;     // of all CPU time of the machine
    base::Nanos loop_stall = std::chrono::milliseconds(250);
    double foreign_cpu_share = 0.25;  // of the target's machine, used by others than it
    double settled_share = 0.5;       // how much slower the first fifth may be than the rest
};

/// How verdicts are signed, and whose are believed when an artefact is to be deployed.
struct AttestRule {
    std::optional<SecretSource> key;   // private key (PEM) that the gate signs with
    std::vector<std::string> trusted;  // files of public keys (PEM); relative to weir.toml
    base::Nanos max_age = std::chrono::hours(2);  // of a verdict, at deploy time
};

/// What makes requests recognisable as synthetic, beside X-Weir-Run and `baggage`.
struct Marks {
    std::string user_agent;  // empty: Weir's own; the run id is added to either
    bool traceparent = true;
};

/// What reports of a run link to.
struct ReportRule {
    std::string trace_url;  // of the tracing tool, with "{trace_id}" where the id goes; empty: none
};

struct Suite {
    std::string name = "gate";
    double rate = 25;  // journeys per second, over all journeys
    base::Nanos duration = std::chrono::seconds(30);
    std::vector<Step> steps;        // instead of rate and duration
    std::uint32_t users_ready = 0;  // 0: two seconds' worth of arrivals
    std::uint32_t users_max = 0;    // 0: twenty seconds' worth
    base::Nanos graceful_stop = std::chrono::seconds(5);
    bool read_only = true;
    std::vector<Journey> journeys;
    std::vector<Environment> environments;
    std::vector<SignInEndpoint> sign_in;
    std::vector<Condition> conditions;
    std::vector<std::uint32_t> condition_lines;  // where each of them begins, from 1
    Decisions decisions;
    BaselineRule baseline;
    std::vector<Dependency> dependencies;
    std::vector<FactPin> facts;
    std::string store = "sqlite:.weir/history.db";  // empty: no history is kept
    TrustLimits trust;
    BypassRule bypass;
    LeaseRule lease;
    AttestRule attest;
    Marks marks;
    ReportRule report;
    NotifyRules notify;
    AttributionRules attribution;
    TelemetryRules telemetry;
    std::string results = ".weir/results";
    std::vector<std::string> version_headers{"x-app-version"};
    std::vector<std::string> instance_headers{"x-instance-id"};

    [[nodiscard]] const Environment* find_environment(std::string_view wanted) const noexcept;
};

/// weir.local.toml: one person's own [environment.*], over those of weir.toml. No file: none.
struct Overlay {
    std::string_view toml;
    std::string_view file;
};

/// docs/formats/weir-toml.md says what each key means, docs/formats/weir.schema.json the same for
/// editors. Unknown keys are errors with their nearest neighbour; each error says file:line:column.
[[nodiscard]] base::Result<Suite> parse_suite(std::string_view toml,
                                              std::string_view file,
                                              const Overlay& overlay = {});
/// Every key that parse_suite() looked at in such a file ("gate.rate", "environment.*.base_url"):
/// for the test that keeps the schema and the parser together.
[[nodiscard]] std::vector<std::string> keys_asked_of(std::string_view toml);

}  // namespace weir::plan
