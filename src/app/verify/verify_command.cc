// `weir verify`: may exactly this artefact be deployed now?
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "app/command.h"
#include "app/command_line.h"
#include "app/notify/notices.h"
#include "app/result_directory.h"
#include "app/terminal.h"
#include "app/verify/question.h"
#include "attest/digest.h"
#include "base/format.h"
#include "base/json.h"
#include "base/units.h"
#include "rt/clock.h"

namespace weir::app {
namespace {

using base::Result;
using gate::ExitCode;

struct VerifyFlags {
    std::string config = "weir.toml";
    std::string subject;
    std::string commit;
    std::string environment;
    std::string max_age;
    std::optional<std::string> store;
    std::vector<std::string> attestations;
    std::vector<std::string> trusted;
    bool require_store = false;
    bool json = false;
};

void add_flags(CLI::App& app, VerifyFlags& flags) {
    app.add_option("--subject", flags.subject, "sha256:HEX of what is to be deployed");
    app.add_option("--commit", flags.commit, "its commit, instead or in addition");
    app.add_option("--env", flags.environment,
                   "environment that was tested; the configuration's first by default");
    app.add_option("--max-age", flags.max_age,
                   "a verdict is not older, as 2h; over attest.max_age");
    app.add_option("--attestation", flags.attestations,
                   "file with a signed verdict, instead of those in the store");
    app.add_option("--trusted", flags.trusted, "public key, in addition to attest.trusted");
    app.add_flag("--require-store", flags.require_store, "refuse when the store cannot be asked");
    app.add_option("-c,--config", flags.config, "configuration")->capture_default_str();
    app.add_option("--store", flags.store,
                   "sqlite:PATH or postgresql://…, over the configuration's; '' for none")
        ->envname("WEIR_STORE");
    app.add_flag("--json", flags.json, "as a JSON document");
}

Result<std::string> environment_of(const plan::Suite& suite, const VerifyFlags& flags) {
    if (flags.environment.empty()) {
        return suite.environments.empty() ? std::string() : suite.environments.front().name;
    }
    if (suite.find_environment(flags.environment) != nullptr) return flags.environment;
    return base::Error{base::Code::invalid,
                       base::format("{} has no environment '{}'", flags.config, flags.environment)};
}

Result<void> read_wanted(const VerifyFlags& flags, VerifyQuestion& question) {
    auto& wanted = question.wanted;
    if (flags.subject.empty() && flags.commit.empty()) {
        return base::Error{base::Code::invalid,
                           "what is to be deployed? --subject sha256:HEX, or --commit"};
    }
    if (!flags.subject.empty()) {
        auto digest = attest::read_sha256(flags.subject);
        if (!digest.ok()) return base::within("--subject", digest.error());
        wanted.artefact = std::move(digest).value();
    }
    wanted.commit = flags.commit;
    wanted.suite = question.suite.name;
    TRY(wanted.environment, environment_of(question.suite, flags));
    wanted.max_age = question.suite.attest.max_age;
    if (flags.max_age.empty()) return {};
    auto age = base::parse_duration(flags.max_age);
    if (!age.ok()) return base::within("--max-age", age.error());
    if (age.value() <= base::Nanos{}) {
        return base::Error{base::Code::invalid, "--max-age must be above zero"};
    }
    wanted.max_age = age.value();
    return {};
}

Result<VerifyQuestion> understand(const VerifyFlags& flags) {
    TRY(const auto text, read_file(flags.config));
    VerifyQuestion question;
    TRY(question.suite, plan::parse_suite(text, flags.config));
    if (flags.store) question.suite.store = *flags.store;
    question.require_store = flags.require_store;
    TRY_VOID(read_wanted(flags, question));
    TRY(question.trusted, read_trusted(question.suite.attest, flags.config, flags.trusted));
    // A pass needs nobody's key but the gate's.
    if (auto people = read_people(question.suite.bypass, flags.config); people.ok()) {
        question.people = std::move(people).value();
    } else {
        question.no_bypass = people.error().text;
    }
    for (const auto& each : flags.attestations) {
        TRY(auto envelope, read_file(each));
        question.presented.push_back({std::move(envelope), std::nullopt, each});
    }
    return question;
}

std::string json_of(const VerifyAnswer& answer, const attest::AdmissionWanted& wanted) {
    const auto& admission = answer.admission;
    base::Json json{{"admitted", admission.admitted}, {"reason", admission.reason},
                    {"warnings", admission.warnings}, {"notes", admission.notes},
                    {"suite", wanted.suite},          {"environment", wanted.environment}};
    json["subject"] = wanted.artefact.empty() ? "" : "sha256:" + wanted.artefact;
    json["bypass"] = answer.bypass;
    if (admission.statement) {
        json["commit"] = admission.statement->commit;
        json["verdict"] = attest::word_of(admission.statement->outcome);
        json["run_id"] = admission.statement->run_id;
    } else {
        json["commit"] = wanted.commit;
    }
    return base::write_json(json, 2) + "\n";
}

std::string text_of(const VerifyAnswer& answer) {
    const auto& admission = answer.admission;
    std::string text =
        base::format("{}: {}\n", admission.admitted ? "admitted" : "refused", admission.reason);
    for (const auto& each : admission.warnings) text += "warning   " + each + "\n";
    for (const auto& each : admission.notes) text += "note      " + each + "\n";
    return text;
}

}  // namespace

ExitCode verify_command(const Arguments& arguments) {
    VerifyFlags flags;
    CLI::App app("Admit a deployment, by a signed pass or an approved bypass, or refuse it.",
                 "weir verify");
    add_flags(app, flags);
    if (const auto early = read_arguments(app, arguments)) return *early;
    auto question = understand(flags);
    if (!question.ok()) {
        print_error("error: " + question.error().text + "\n");
        return ExitCode::usage;
    }
    const auto now = rt::SystemClock().wall();
    question.value().wanted.now = now;
    const auto found = answer(question.value(), now);
    const bool admitted = found.admission.admitted;
    if (flags.json) {
        print(json_of(found, question.value().wanted));
    } else {
        admitted ? print(text_of(found)) : print_error(text_of(found));
    }
    // After the answer: nobody waits for a slow channel.
    if (!found.notices.empty()) {
        Notices notices(question.value().suite, flags.config, terminal_log({}, base::Level::warn));
        for (const auto& each : found.notices) notices.send(each);
    }
    return admitted ? ExitCode::ok : ExitCode::refused;
}

}  // namespace weir::app
