#include "app/init/git_files.h"

#include <sstream>
#include <string_view>
#include <system_error>

#include "app/init/found_text.h"

namespace weir::app::init {
namespace {

namespace fs = std::filesystem;

/// The directory that holds HEAD, when `dot_git` leads to one.
std::optional<fs::path> directory_of(const fs::path& dot_git) {
    std::error_code ignored;
    if (fs::is_directory(dot_git, ignored)) return dot_git;
    const std::string text = small_file(dot_git);
    constexpr std::string_view key = "gitdir:";
    if (text.compare(0, key.size(), key) != 0) return std::nullopt;
    const fs::path named(trimmed(text.substr(key.size())));
    return named.is_absolute() ? named : dot_git.parent_path() / named;
}

/// A work tree shares configuration and refs with the repository that it belongs to.
fs::path shared_part(const fs::path& git) {
    const std::string text = trimmed(small_file(git / "commondir"));
    if (text.empty()) return git;
    return fs::path(text).is_absolute() ? fs::path(text) : git / text;
}

/// The URL of remote "origin", or of the first that has one.
std::string remote_in(const std::string& config) {
    std::istringstream lines(config);
    std::string line;
    std::string section;
    std::string first;
    while (std::getline(lines, line)) {
        line = trimmed(line);
        if (line.empty() || line[0] == '#' || line[0] == ';') continue;
        if (line[0] == '[') {
            section = line;
            continue;
        }
        const auto equals = line.find('=');
        if (equals == std::string::npos || section.compare(0, 8, "[remote ") != 0) continue;
        if (trimmed(line.substr(0, equals)) != "url") continue;
        const std::string url = trimmed(line.substr(equals + 1));
        if (section == "[remote \"origin\"]") return url;
        if (first.empty()) first = url;
    }
    return first;
}

/// "main" of "ref: refs/…/main".
std::string branch_in(const std::string& head, std::string_view below) {
    const std::string prefix = "ref: " + std::string(below);
    const std::string text = trimmed(head);
    return text.compare(0, prefix.size(), prefix) == 0 ? text.substr(prefix.size()) : "";
}

/// Loose or packed: gitrepository-layout(5).
bool has_ref(const fs::path& shared, const std::string& name) {
    std::error_code ignored;
    if (fs::is_regular_file(shared / name, ignored)) return true;
    return small_file(shared / "packed-refs").find(" " + name + "\n") != std::string::npos;
}

/// The remote's HEAD says it; else there is a branch of a usual name; else the one checked out.
void read_branch(const fs::path& git, const fs::path& shared, GitFiles& found) {
    const std::string remote = "refs/remotes/origin/";
    found.branch_from = ".git/" + remote + "HEAD";
    found.branch = branch_in(small_file(shared / remote / "HEAD"), remote);
    for (const auto& below : {remote, std::string("refs/heads/")}) {
        for (const char* usual : {"main", "master"}) {
            if (!found.branch.empty() || !has_ref(shared, below + usual)) continue;
            found.branch = usual;
            found.branch_from = ".git/" + below + usual;
        }
    }
    if (!found.branch.empty()) return;
    found.branch_from = ".git/HEAD: the branch that is checked out";
    found.branch = branch_in(small_file(git / "HEAD"), "refs/heads/");
}

}  // namespace

std::string without_credentials(const std::string& remote) {
    const auto scheme = remote.find("://");
    const auto begin = scheme == std::string::npos ? 0 : scheme + 3;
    const auto end = remote.find('/', begin);
    const auto at = remote.substr(0, end).rfind('@');
    if (at == std::string::npos || at < begin) return remote;
    return remote.substr(0, begin) + remote.substr(at + 1);
}

std::optional<GitFiles> read_git(const fs::path& directory) {
    std::error_code failed;
    fs::path here = fs::weakly_canonical(directory, failed);
    if (failed) return std::nullopt;
    for (;; here = here.parent_path()) {
        const auto git = directory_of(here / ".git");
        if (git && !small_file(*git / "HEAD").empty()) {
            const fs::path shared = shared_part(*git);
            GitFiles found;
            found.root = here;
            found.remote = without_credentials(remote_in(small_file(shared / "config")));
            read_branch(*git, shared, found);
            return found;
        }
        if (here == here.root_path()) return std::nullopt;
    }
}

}  // namespace weir::app::init
