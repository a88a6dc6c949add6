// `weir init`: the gate in a team's pipeline, by files that it can read and change.
#include <algorithm>
#include <optional>
#include <regex>
#include <string>
#include <system_error>
#include <vector>

#include <CLI/CLI.hpp>

#include "app/command.h"
#include "app/command_line.h"
#include "app/init/pipeline_files.h"
#include "app/init/planned_file.h"
#include "app/init/repository.h"
#include "app/terminal.h"
#include "base/format.h"
#include "base/url.h"
#include "base/version.h"
#include "plan/json_reader.h"

namespace weir::app {
namespace {

using gate::ExitCode;

struct InitFlags {
    std::string pipeline;
    std::string directory = ".";
    std::string name;
    std::string branch;
    std::string base_url;
    init::Wishes wishes;
    init::Placing placing;
};

std::string joined(const std::vector<std::string_view>& words) {
    std::string text;
    for (const auto& word : words) text += (text.empty() ? "" : ", ") + std::string(word);
    return text;
}

base::Error wrong(std::string text) {
    return {base::Code::invalid, std::move(text)};
}

base::Result<void> check_pipeline(const std::string& name) {
    const auto& known = init::pipeline_names();
    if (std::find(known.begin(), known.end(), name) != known.end()) return {};
    const std::string near = plan::nearest(name, known);
    return wrong(base::format("there is no pipeline '{}'{}; there are {}", name,
                              near.empty() ? "" : "; do you mean '" + near + "'?", joined(known)));
}

/// What goes into files is plain, so that no file needs quoting of its own kind.
base::Result<void> check_plain(InitFlags& flags) {
    static const std::regex image(R"([A-Za-z0-9][A-Za-z0-9._:/@-]{0,300})");
    static const std::regex name(R"([a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?)");
    static const std::regex branch(R"([A-Za-z0-9._/-]{1,100})");
    static const std::regex page(R"(/[A-Za-z0-9._~:/?\[\]!$&'()*+,;=%-]{0,500})");
    if (!std::regex_match(flags.wishes.image, image)) {
        return wrong("--image wants an image's name such as registry.example/weir:0.1.0, not '" +
                     flags.wishes.image + "'");
    }
    if (!flags.name.empty() && !std::regex_match(flags.name, name)) {
        return wrong("--name wants small letters, digits and '-', at most 40, not '" + flags.name +
                     "'");
    }
    if (!flags.branch.empty() && !std::regex_match(flags.branch, branch)) {
        return wrong("--branch wants letters, digits and '._/-', not '" + flags.branch + "'");
    }
    if (!std::regex_match(flags.wishes.page, page)) {
        return wrong("--page wants a path such as /dashboard, not '" + flags.wishes.page + "'");
    }
    if (flags.base_url.empty()) return {};
    TRY(const auto url, base::parse_url(flags.base_url));
    if ((url.scheme != "http" && url.scheme != "https") || !url.username.empty()) {
        return wrong("--base-url wants http:// or https:// and no credentials in it");
    }
    flags.base_url = url.href;  // quoted, where it must be
    while (flags.base_url.ends_with('/')) flags.base_url.pop_back();
    return {};
}

base::Result<void> check(InitFlags& flags) {
    TRY_VOID(check_pipeline(flags.pipeline));
    TRY_VOID(check_plain(flags));
    std::error_code failed;
    if (std::filesystem::is_directory(flags.directory, failed)) return {};
    return wrong(base::format("--dir {}: there is no such directory", flags.directory));
}

std::optional<ExitCode> parse(const Arguments& arguments, InitFlags& flags) {
    flags.wishes.image = "weir:" + std::string(base::version);
    flags.wishes.page = "/";
    CLI::App app(
        "Write the files that run the gate before every production deployment. Asks nothing: what "
        "the repository tells is read from it, the rest is assumed and said.",
        "weir init");
    app.add_option("pipeline", flags.pipeline, joined(init::pipeline_names()))->required();
    app.add_option("--dir", flags.directory, "the repository")->capture_default_str();
    app.add_option("--name", flags.name, "the service's name");
    app.add_option("--branch", flags.branch, "that production is deployed from");
    app.add_option("--base-url", flags.base_url, "of the pre-production deployment");
    app.add_option("--page", flags.wishes.page, "path that the first journey asks for")
        ->capture_default_str();
    app.add_option("--image", flags.wishes.image, "Weir's image, as your registry has it")
        ->capture_default_str();
    app.add_flag("--force", flags.placing.force, "replace files that are there");
    app.add_flag("--dry-run", flags.placing.rehearsal, "write nothing, say what would be written");
    if (const auto early = read_arguments(app, arguments)) return early;
    if (const auto fine = check(flags); !fine.ok()) {
        print_error("error: " + fine.error().text + "\n");
        return ExitCode::usage;
    }
    return std::nullopt;
}

init::Repository look_at(const InitFlags& flags) {
    auto known = init::look_at(flags.directory);
    if (!flags.name.empty()) known.name = {flags.name, "--name", false};
    if (!flags.branch.empty()) known.branch = {flags.branch, "--branch", false};
    if (!flags.base_url.empty()) known.base_url = {flags.base_url, "--base-url", false};
    return known;
}

std::string line_of(std::string_view what, const init::Known& known, std::string_view option) {
    std::string from = known.from;
    if (known.assumed && from == "assumed")
        from = base::format("assumed; {} says otherwise", option);
    return base::format("  {:<12} {} ({})\n", what, known.value, from);
}

std::string found_text(const init::Repository& known, const InitFlags& flags) {
    std::string text = base::format("weir init {}\n\nfound\n", flags.pipeline);
    text += line_of("service", known.name, "--name");
    if (!known.git) {
        text +=
            "  repository   none: this is no git repository, and nothing is known of its remote\n";
    } else if (!known.remote.empty()) {
        text += base::format("  repository   {}\n", known.remote);
    }
    text += line_of("branch", known.branch, "--branch");
    text += line_of("environment", known.environment, "weir.toml");
    text += line_of("its URL", known.base_url, "--base-url");
    if (!known.suite) text += line_of("locally", known.local_url, "weir.toml");
    if (known.suite) text += "  suite        weir.toml is there, and is kept as it is\n";
    for (const auto& each : known.pipelines) text += "  pipeline     " + each.file + "\n";
    std::error_code failed;
    const auto here = std::filesystem::weakly_canonical(known.directory, failed);
    if (known.git && !failed && here != known.git_root) {
        text += base::format(
            "  note         the repository's root is {}: pipelines are read there, not here\n",
            known.git_root.string());
    }
    return text;
}

std::string placed_text(const init::PlannedFile& file, init::Placed placed, bool rehearsal) {
    using init::Placed;
    const char* mark = "+";
    std::string path = file.path;
    std::string about = file.about;
    switch (placed) {
        case Placed::written:
            break;
        case Placed::added_to:
            mark = "~";
            about = "added to: " + about;
            break;
        case Placed::unchanged:
            mark = "=";
            about = "is so already";
            break;
        case Placed::replaced:
            mark = "!";
            about = "replaced: " + about;
            break;
        case Placed::beside:
            mark = "|";
            path += ".weir";
            about = base::format("beside {}, which {}",
                                 file.beside_of.empty() ? "yours" : file.beside_of,
                                 rehearsal ? "would stay as it is" : "is as it was");
            break;
    }
    return base::format("  {} {:<44} {}\n", mark, path, about);
}

/// What belongs into a file of theirs: said last, where it is seen.
std::string merge_text(const init::PlannedFile& file) {
    if (file.merge.empty()) {
        return base::format("\nmerge {0}.weir into {0}: diff {0} {0}.weir\n", file.path);
    }
    const std::string& own = file.beside_of.empty() ? file.path : file.beside_of;
    return base::format("\nmerge into {}, from {}.weir\n{}", own, file.path, file.merge);
}

ExitCode write(const init::InitPlan& plan, const InitFlags& flags) {
    std::string merges;
    print(flags.placing.rehearsal ? "\nwould write (--dry-run: nothing was)\n" : "\nwritten\n");
    for (const auto& file : plan.files) {
        const auto placed = init::place(flags.directory, file, flags.placing);
        if (!placed.ok()) {
            print_error("error: " + placed.error().text + "\n");
            return ExitCode::gate_error;
        }
        print(placed_text(file, placed.value(), flags.placing.rehearsal));
        if (placed.value() == init::Placed::beside) merges += merge_text(file);
    }
    print(merges + "\nnext\n" + plan.next_steps);
    return ExitCode::ok;
}

}  // namespace

ExitCode init_command(const Arguments& arguments) {
    InitFlags flags;
    if (const auto early = parse(arguments, flags)) return *early;
    const auto known = look_at(flags);
    const auto plan = init::plan_files(flags.pipeline, known, flags.wishes);
    if (!plan.ok()) {
        print_error("error: " + plan.error().text + "\n");
        return ExitCode::gate_error;
    }
    print(found_text(known, flags));
    return write(plan.value(), flags);
}

}  // namespace weir::app
