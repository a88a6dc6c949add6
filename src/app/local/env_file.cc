#include "app/local/env_file.h"

#include <algorithm>
#include <array>
#include <cctype>

#include <fcntl.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/result_directory.h"
#include "base/format.h"
#include "plan/environment/dotenv.h"

namespace weir::app {
namespace {

/// What stands in half of all texts, and is no secret in any file.
bool is_innocent(std::string_view value) {
    constexpr std::size_t shortest = 6;
    if (value.size() < shortest) return true;
    return std::all_of(value.begin(), value.end(), [](unsigned char c) {
        return std::isdigit(c) != 0 || c == '.' || c == '-' || c == ':';
    });
}

}  // namespace

/// Git itself, without what a repository's own configuration may start. Where there is no git,
/// nothing is known.
bool is_tracked_by_git(const std::filesystem::path& file) {
    const std::string directory = file.parent_path().empty() ? "." : file.parent_path().string();
    const std::string name = file.filename().string();
    std::array<std::string, 10> words{"git",
                                      "-c",
                                      "core.fsmonitor=false",
                                      "-C",
                                      directory,
                                      "--literal-pathspecs",
                                      "ls-files",
                                      "--error-unmatch",
                                      "--",
                                      name};
    std::array<char*, words.size() + 1> argv{};
    std::transform(words.begin(), words.end(), argv.begin(),
                   [](std::string& word) { return word.data(); });
    posix_spawn_file_actions_t silent;
    posix_spawn_file_actions_init(&silent);
    for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        posix_spawn_file_actions_addopen(&silent, fd, "/dev/null", O_RDWR, 0);
    }
    pid_t child = -1;
    const int failed = posix_spawnp(&child, "git", &silent, nullptr, argv.data(), environ);
    posix_spawn_file_actions_destroy(&silent);
    if (failed != 0) return false;
    int status = 0;
    while (waitpid(child, &status, 0) < 0) {
        if (errno != EINTR) return false;
    }
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

base::Result<EnvFile> read_env_file(const std::filesystem::path& directory,
                                    const std::string& named) {
    EnvFile file;
    file.path = named.empty() ? (directory / ".env").string() : named;
    std::error_code failed;
    // A folder of that name is somebody's virtual environment.
    const auto status = std::filesystem::status(file.path, failed);
    if (named.empty() &&
        (!std::filesystem::exists(status) || std::filesystem::is_directory(status)))
        return file;
    auto text = read_file(file.path);
    if (!text.ok()) return base::within("the file of secrets", text.error());
    TRY(file.values, plan::parse_dotenv(text.value(), file.path));
    file.there = true;
    return file;
}

std::vector<std::string> env_file_warnings(const EnvFile& file) {
    std::vector<std::string> warnings;
    if (!file.there) return warnings;
    const std::string& path = file.path;
    struct stat about {};
    if (::stat(path.c_str(), &about) == 0 && S_ISREG(about.st_mode) &&
        (about.st_mode & (S_IRGRP | S_IROTH)) != 0) {
        warnings.push_back(
            base::format("{} holds secrets and can be read by others (mode {:04o}): "
                         "chmod 600 {}",
                         path, static_cast<unsigned>(about.st_mode & 07777U), path));
    }
    if (is_tracked_by_git(path)) {
        warnings.push_back(base::format(
            "{} holds secrets and is tracked by git: git rm --cached {}, name it in .gitignore, "
            "and replace the secrets that were pushed",
            path, path));
    }
    return warnings;
}

void hide_values(const EnvFile& file, plan::Secrets& secrets) {
    for (const auto& [name, value] : file.values) {
        if (!is_innocent(value)) secrets.add(value);
    }
}

}  // namespace weir::app
