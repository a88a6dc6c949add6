// `weir prove`: does the gate detect what it claims to? Many gates on a good and on a bad version.
#include <cmath>
#include <cstdlib>
#include <filesystem>

#include <CLI/CLI.hpp>

#include "app/command_line.h"
#include "app/prove/delay_proxy.h"
#include "app/prove/deployment.h"
#include "app/prove/gate_trial.h"
#include "app/result_directory.h"
#include "app/run_id.h"
#include "app/terminal.h"
#include "base/format.h"
#include "base/random.h"
#include "base/units.h"
#include "base/url.h"
#include "report/prove_text.h"
#include "weir_app_embedded.h"

namespace weir::app {
namespace {

using base::Error;
using base::Result;
using gate::ExitCode;

struct ProveFlags {
    std::string config = "weir.toml";
    std::string environment;
    std::vector<std::string> env;
    std::string duration;
    unsigned runs = 10;
    Version good{.name = "good", .url = {}, .command = {}, .words = {}, .bad = false};
    Version bad{.name = "bad", .url = {}, .command = {}, .words = {}, .bad = true};
    std::string results = ".weir/prove";
    std::uint64_t seed = 1;
    bool demo = false;
    bool smallest = false;
    bool json = false;
};

std::optional<ExitCode> parse(const Arguments& arguments, ProveFlags& flags) {
    CLI::App app("Prove that the gate blocks a bad version and passes a good one.", "weir prove");
    app.add_option("-c,--config", flags.config, "the gate's configuration")->capture_default_str();
    app.add_option("--env", flags.environment, "environment of the configuration");
    app.add_option("-e,--set", flags.env, "NAME=value in the journeys' __ENV");
    app.add_option("--duration", flags.duration, "of each gate, over the configuration's");
    app.add_option("--runs", flags.runs, "gates for each of the two")->check(CLI::Range(1, 1000));
    app.add_option("--good-url", flags.good.url, "where the good version is");
    app.add_option("--bad-url", flags.bad.url, "where the bad version is");
    app.add_option("--good-command", flags.good.command,
                   "starts the good version; {port} or {ready_file} in it tell where it is");
    app.add_option("--bad-command", flags.bad.command, "starts the bad version");
    app.add_option("--results", flags.results, "directory for all results")->capture_default_str();
    app.add_option("--seed", flags.seed, "of the order within each pair")->capture_default_str();
    app.add_flag("--demo", flags.demo, "the sample service: the fix, and its two outages");
    app.add_flag("--smallest", flags.smallest,
                 "find the smallest delay that the gate detects, too");
    app.add_flag("--json", flags.json, "as a JSON document");
    if (const auto early = read_arguments(app, arguments)) return *early;
    const auto told = [](const Version& version) {
        return !version.url.empty() || !version.command.empty();
    };
    if (flags.demo || (told(flags.good) && told(flags.bad))) return std::nullopt;
    print_error(
        "error: weir prove wants --demo, or a good and a bad version: --good-url or "
        "--good-command, "
        "and --bad-url or --bad-command\n");
    return ExitCode::usage;
}

/// All of one proof: where it works, what it tries, and what came of it.
class Proving {
public:
    explicit Proving(ProveFlags flags) : flags_(std::move(flags)), random_(flags_.seed) {}

    Result<void> prepare();
    Result<void> run();
    [[nodiscard]] report::Proof& proof() { return proof_; }

private:
    Result<void> prepare_demo();
    [[nodiscard]] Version sample(std::string name, const char* dashboard, bool bad) const;
    Result<void> try_version(const Version& version);
    Result<void> find_smallest();
    Result<int> failures_at(base::Nanos delay, const std::string& url, int gates);

    ProveFlags flags_;
    base::Random random_;
    Interruption interruption_;
    report::Proof proof_;
    TrialPlan plan_;
    std::vector<Version> good_;
    std::vector<Version> bad_;
};

Version Proving::sample(std::string name, const char* dashboard, bool bad) const {
    std::error_code failed;
    const auto self = std::filesystem::read_symlink("/proc/self/exe", failed).parent_path();
    auto program = self / "weir-sample";
    if (!std::filesystem::exists(program, failed)) program = self.parent_path() / "weir-sample";
    return {.name = std::move(name),
            .url = {},
            .command = {},
            .words = {program.string(), "--port", "0", "--auth-port", "0", "--dashboard", dashboard,
                      "--version-label", dashboard, "--memory-limit", "512MiB", "--data-dir",
                      plan_.directory + "/data", "--ready-file", "{ready_file}"},
            .bad = bad};
}

Result<void> Proving::prepare_demo() {
    const std::pair<const char*, std::string_view> files[] = {
        {"weir.toml", embedded::weir_toml},
        {"dashboard.js", embedded::dashboard_js},
        {"sign-in.js", embedded::sign_in_js}};
    for (const auto& [name, text] : files) {
        TRY_VOID(write_file(plan_.directory + "/" + name, text));
    }
    plan_.config = plan_.directory + "/weir.toml";
    good_ = {sample("fix", "paginated", false)};
    bad_ = {sample("unbounded-list", "unbounded", true),
            sample("in-memory-paging", "in-memory-paging", true)};
    return {};
}

Result<void> Proving::prepare() {
    std::error_code failed;
    plan_.directory =
        std::filesystem::absolute(flags_.results + "/" + new_run_id(), failed).string();
    std::filesystem::create_directories(plan_.directory, failed);
    if (failed) {
        return Error{base::Code::io,
                     base::format("making {}: {}", plan_.directory, failed.message())};
    }
    plan_.weir = std::filesystem::read_symlink("/proc/self/exe", failed).string();
    plan_.config = flags_.config;
    for (const auto& each : flags_.env) plan_.more.insert(plan_.more.end(), {"-e", each});
    if (!flags_.environment.empty()) {
        plan_.more.insert(plan_.more.end(), {"--env", flags_.environment});
    }
    if (!flags_.duration.empty()) {
        plan_.more.insert(plan_.more.end(), {"--duration", flags_.duration});
    }
    if (flags_.demo) return prepare_demo();
    good_ = {flags_.good};
    bad_ = {flags_.bad};
    return {};
}

Result<void> Proving::try_version(const Version& version) {
    TRY(const auto deployment, Deployment::start(version, plan_.directory));
    auto run = try_gate(plan_, deployment.url(), interruption_);
    if (interruption_.asked()) {
        proof_.ended_early = "interrupted";
        return {};
    }
    run.bad = version.bad;
    run.version = version.name;
    print_error(base::format("{:>3} {:<18} {:<8} after {:5.1f} s  {}\n", proof_.runs.size() + 1,
                             run.version, run.verdict, base::to_seconds(run.took), run.reason));
    const bool broken = run.verdict == "error";
    const std::string reason = run.reason;
    proof_.runs.push_back(std::move(run));
    if (broken) return Error{base::Code::io, "the gate itself could not be run: " + reason};
    return {};
}

Result<void> Proving::run() {
    for (unsigned i = 0; i < flags_.runs && proof_.ended_early.empty(); ++i) {
        const Version& good = good_[i % good_.size()];
        const Version& bad = bad_[i % bad_.size()];
        const bool good_first = random_.below(2) == 0;
        TRY_VOID(try_version(good_first ? good : bad));
        if (!proof_.ended_early.empty()) break;
        TRY_VOID(try_version(good_first ? bad : good));
    }
    if (flags_.smallest && proof_.ended_early.empty()) return find_smallest();
    return {};
}

Result<int> Proving::failures_at(base::Nanos delay, const std::string& url, int gates) {
    TRY(const auto target, base::parse_url(url));
    TRY(const auto proxy, DelayProxy::start(target.host, target.port, delay));
    const auto here = base::format("{}://127.0.0.1:{}", target.scheme, proxy->port());
    int failed = 0;
    for (int i = 0; i < gates && !interruption_.asked(); ++i) {
        failed += try_gate(plan_, here, interruption_).verdict == "fail" ? 1 : 0;
    }
    proof_.smallest.tried.push_back({delay, gates, failed});
    print_error(base::format("    delay of {}: {} of {} gates failed\n",
                             base::write_duration(delay), failed, gates));
    return failed;
}

/// Bisects between 1 ms and 16 s on the logarithm: six delays, five gates each.
Result<void> Proving::find_smallest() {
    constexpr int gates = 5;
    constexpr int enough = 4;
    constexpr int steps = 6;
    proof_.smallest_asked = true;
    TRY(const auto deployment, Deployment::start(good_.front(), plan_.directory));
    double low = 0;  // log2 of milliseconds
    double high = 14;
    for (int i = 0; i < steps; ++i) {
        const double middle = (low + high) / 2;
        const auto delay = std::chrono::milliseconds(std::llround(std::exp2(middle)));
        TRY(const int failed, failures_at(delay, deployment.url(), gates));
        if (interruption_.asked()) {
            proof_.ended_early = "interrupted";
            return {};
        }
        if (failed == 0)
            proof_.smallest.unseen = std::max<base::Nanos>(proof_.smallest.unseen, delay);
        if (failed >= enough) proof_.smallest.found = delay;
        (failed >= enough ? high : low) = middle;
    }
    return {};
}

}  // namespace

ExitCode prove_command(const Arguments& arguments) {
    ProveFlags flags;
    if (const auto early = parse(arguments, flags)) return *early;
    const bool json = flags.json;
    Proving proving(std::move(flags));
    auto done = proving.prepare();
    if (done.ok()) done = proving.run();
    auto& proof = proving.proof();
    if (!done.ok()) {
        print_error("error: " + done.error().text + "\n");
        proof.ended_early = done.error().text;
    }
    print(json ? report::prove_json(proof) : report::prove_text(proof));
    if (!done.ok()) return ExitCode::gate_error;
    if (!proof.ended_early.empty()) return ExitCode::external_abort;
    return report::holds(proof) ? ExitCode::ok : ExitCode::gate_failed;
}

}  // namespace weir::app
