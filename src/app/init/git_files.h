// GitFiles: what a repository's own files say of its root, remote and default branch.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace weir::app::init {

struct GitFiles {
    std::filesystem::path root;  // of the working tree
    std::string remote;          // of "origin", or the first one; without credentials; may be empty
    std::string branch;          // the remote's default, else main or master, else the checked out
    std::string branch_from;     // the file that said so
};

/// Looks in `directory` and upwards, as git does (gitrepository-layout(5), git-config(1)); work
/// trees and submodules, whose .git is a file, too. git itself is not run: an image without a shell
/// has none.
[[nodiscard]] std::optional<GitFiles> read_git(const std::filesystem::path& directory);

/// "https://user:token@host/x" and "git@host:x" without what may be secret: "https://host/x",
/// "host:x".
[[nodiscard]] std::string without_credentials(const std::string& remote);

}  // namespace weir::app::init
