#include "app/init/repository.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <regex>
#include <system_error>
#include <utility>

#include "app/init/base_url_search.h"
#include "app/init/found_text.h"
#include "app/init/git_files.h"
#include "base/format.h"
#include "base/json.h"
#include "plan/suite.h"

namespace weir::app::init {
namespace {

namespace fs = std::filesystem;

/// As files, images and Kubernetes can have it (RFC 1123 label): [a-z0-9-], at most 40.
std::string as_name(std::string_view text) {
    std::string name;
    for (const char c : in_lower_case(text)) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (plain) {
            name += c;
        } else if (!name.empty() && name.back() != '-') {
            name += '-';
        }
    }
    name.resize(std::min<std::size_t>(name.size(), 40));
    while (name.ends_with('-')) name.pop_back();
    return name;
}

/// Behind the last "/" or ":", without ".git".
std::string last_part(std::string text) {
    while (text.ends_with('/')) text.pop_back();
    if (text.ends_with(".git")) text.resize(text.size() - 4);
    const auto cut = text.find_last_of("/:");
    return cut == std::string::npos ? text : text.substr(cut + 1);
}

std::optional<Known> package_name(const fs::path& directory) {
    const std::string text = small_file(directory / "package.json");
    if (text.empty()) return std::nullopt;
    const auto document = base::parse_json(text);
    if (!document.ok() || !document.value().is_object()) return std::nullopt;
    const std::string name = last_part(base::text_or(document.value(), "name", ""));
    if (as_name(name).empty()) return std::nullopt;
    return Known{as_name(name), "package.json", false};
}

/// What a build file calls the project: the first group of its pattern.
std::optional<Known> build_file_name(const fs::path& directory) {
    static const std::array<std::pair<const char*, std::regex>, 5> files{{
        {"settings.gradle.kts", std::regex(R"(rootProject\.name\s*=\s*"([^"]+)\")")},
        {"settings.gradle", std::regex(R"(rootProject\.name\s*=\s*['"]([^'"]+)['"])")},
        {"pyproject.toml", std::regex(R"(\[project\][^\[]*?\nname\s*=\s*"([^"\n]+)\")")},
        {"Cargo.toml", std::regex(R"(\[package\][^\[]*?\nname\s*=\s*"([^"\n]+)\")")},
        {"go.mod", std::regex(R"((?:^|\n)module\s+(\S+))")},
    }};
    for (const auto& [file, pattern] : files) {
        const std::string text = small_file(directory / file).substr(0, 4000);
        std::smatch found;
        if (!std::regex_search(text, found, pattern)) continue;
        const std::string name = as_name(last_part(found[1].str()));
        if (!name.empty()) return Known{name, file, false};
    }
    return std::nullopt;
}

Known name_of(const Repository& known) {
    if (const auto found = package_name(known.directory)) return *found;
    if (const auto found = build_file_name(known.directory)) return *found;
    if (const auto name = as_name(last_part(known.remote)); !name.empty()) {
        return {name, "the git remote", false};
    }
    std::error_code ignored;
    const auto folder = fs::weakly_canonical(known.directory, ignored).filename().string();
    if (const auto name = as_name(folder); !name.empty()) return {name, "the folder's name", false};
    return {"service", "assumed", true};
}

Known branch_of(const std::optional<GitFiles>& git) {
    if (!git || git->branch.empty()) return {"main", "assumed", true};
    static const std::regex plain(R"([A-Za-z0-9._/-]{1,100})");
    if (std::regex_match(git->branch, plain)) return {git->branch, git->branch_from, false};
    return {"main", "assumed: pipelines could not spell the branch that is checked out", true};
}

/// By what is there, then by the remote's name.
Host host_of(const Repository& known) {
    std::error_code ignored;
    if (fs::exists(known.directory / ".github", ignored)) return Host::github;
    const bool gitlab = fs::exists(known.directory / ".gitlab", ignored) ||
                        fs::exists(known.directory / ".gitlab-ci.yml", ignored) ||
                        known.remote.find("gitlab") != std::string::npos;
    return gitlab ? Host::gitlab : Host::github;
}

bool speaks_of(const std::string& word, std::string_view what) {
    return word.find(what) != std::string::npos;
}

/// The first name in the text that says it is such a job.
PipelineJobs jobs_in(const std::string& text) {
    static const std::regex word(R"([A-Za-z_][\w-]{3,60})");
    PipelineJobs jobs;
    const auto first = [](std::string& into, const std::string& name) {
        if (into.empty()) into = name;
    };
    for (std::sregex_iterator it(text.begin(), text.end(), word), end; it != end; ++it) {
        const std::string name = it->str();
        const std::string lower = in_lower_case(name);
        const bool before = speaks_of(lower, "preprod") || speaks_of(lower, "pre-prod") ||
                            speaks_of(lower, "pre_prod") || speaks_of(lower, "staging");
        const bool prod = !before && (speaks_of(lower, "prod") || speaks_of(lower, "live"));
        if (speaks_of(lower, "deploy") && before) first(jobs.deploy_preprod, name);
        if (speaks_of(lower, "deploy") && prod) first(jobs.deploy_prod, name);
        if ((speaks_of(lower, "approve") || speaks_of(lower, "hold")) && prod) {
            first(jobs.approve, name);
        }
    }
    return jobs;
}

std::vector<PipelineJobs> pipelines_in(const fs::path& directory) {
    std::vector<fs::path> files{".circleci/config.yml", ".gitlab-ci.yml", "Jenkinsfile",
                                "kustomization.yaml"};
    std::error_code failed;
    for (fs::directory_iterator it(directory / ".github/workflows", failed), end;
         !failed && it != end; it.increment(failed)) {
        const std::string kind = it->path().extension().string();
        if (kind == ".yml" || kind == ".yaml") {
            files.push_back(fs::path(".github/workflows") / it->path().filename());
        }
    }
    std::sort(files.begin() + 4, files.end());
    std::vector<PipelineJobs> found;
    for (const auto& file : files) {
        const std::string text = small_file(directory / file);
        if (text.empty()) continue;
        found.push_back(jobs_in(text));
        found.back().file = file.string();
    }
    return found;
}

/// A suite that is there is kept, and says which environment the gate tests.
void read_suite(Repository& known) {
    known.environment = {"preprod", "assumed", true};
    const std::string text = small_file(known.directory / "weir.toml");
    const auto suite = plan::parse_suite(text, "weir.toml");
    if (text.empty() || !suite.ok()) return;
    known.suite = true;
    const auto& environments = suite.value().environments;
    const plan::Environment* chosen = nullptr;
    static const std::regex spelt(R"([A-Za-z0-9][A-Za-z0-9._-]{0,60})");  // as shells take it
    for (const auto& each : environments) {
        if (!std::regex_match(each.name, spelt)) continue;
        const auto lower = in_lower_case(each.name);
        const bool local = lower == "local" || lower == "dev";
        if (chosen == nullptr && !local) chosen = &each;
        if (speaks_of(lower, "prep") || speaks_of(lower, "stag")) chosen = &each;
    }
    if (chosen == nullptr) return;
    known.environment = {chosen->name, "weir.toml", false};
    static const std::regex plain(R"([A-Za-z_][A-Za-z0-9_]*)");
    for (const auto& [name, secret] : chosen->secrets) {
        if (std::regex_match(secret.from_variable, plain)) {
            known.secrets.push_back(secret.from_variable);
        }
    }
    if (!chosen->base_url.empty()) known.base_url = {chosen->base_url, "weir.toml", false};
}

}  // namespace

Repository look_at(const fs::path& directory) {
    Repository known;
    known.directory = directory;
    const auto git = read_git(directory);
    known.git = git.has_value();
    if (git) {
        known.git_root = git->root;
        known.remote = git->remote;
    }
    known.host = host_of(known);
    known.branch = branch_of(git);
    known.name = name_of(known);
    const auto files = deployment_files(directory);
    read_suite(known);
    if (known.base_url.value.empty()) {
        known.base_url = preprod_url(directory, files, known.name.value);
    }
    if (known.base_url.value.empty()) {
        known.base_url = {base::format("https://{}-preprod.example", known.name.value), "assumed",
                          true};
    }
    known.local_url = local_url(directory, files);
    std::error_code ignored;
    known.dockerfile = fs::is_regular_file(directory / "Dockerfile", ignored);
    known.pipelines = pipelines_in(directory);
    return known;
}

}  // namespace weir::app::init
