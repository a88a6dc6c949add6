// EnvFile: the secrets that one person keeps in .env beside weir.toml, and never in a repository.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "plan/secrets.h"

namespace weir::app {

struct EnvFile {
    std::string path;  // where it is, or would be
    bool there = false;
    std::map<std::string, std::string> values;
};

/// `named`, which must be there; or, when that is empty, `.env` in `directory` if there is one. The
/// error says file:line:column, or why it cannot be read; it quotes nothing of the file.
[[nodiscard]] base::Result<EnvFile> read_env_file(const std::filesystem::path& directory,
                                                  const std::string& named);

/// Asks git, where there is one.
[[nodiscard]] bool is_tracked_by_git(const std::filesystem::path& file);
/// For people: others may read it, a repository holds it.
[[nodiscard]] std::vector<std::string> env_file_warnings(const EnvFile& file);

/// All its values are hidden from now on, but for numbers, words such as "true", and what is
/// shorter than six characters: those would mask innocent text. One that an environment names as
/// a secret is hidden all the same.
void hide_values(const EnvFile& file, plan::Secrets& secrets);

}  // namespace weir::app
