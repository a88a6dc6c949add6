#include "app/secrets/secret_value.h"

#include <filesystem>

#include "app/process_environment.h"
#include "app/result_directory.h"
#include "base/format.h"

namespace weir::app {

base::Result<std::string> secret_value(const std::string& name,
                                       const plan::SecretSource& source,
                                       const std::string& directory) {
    EnvFile env_file;
    if (!source.from_variable.empty() && !environment_variable(source.from_variable)) {
        TRY(env_file, read_env_file(directory, ""));
    }
    return secret_value(name, source, directory, env_file);
}

base::Result<std::string> secret_value(const std::string& name,
                                       const plan::SecretSource& source,
                                       const std::string& directory,
                                       const EnvFile& env_file) {
    if (!source.from_variable.empty()) {
        if (auto value = environment_variable(source.from_variable)) return *value;
        const auto kept = env_file.values.find(source.from_variable);
        if (kept != env_file.values.end()) return kept->second;
        return base::Error{
            base::Code::not_found,
            base::format("the secret {} comes from the variable {}, which is not set{}", name,
                         source.from_variable,
                         env_file.there ? " and not in " + env_file.path
                                        : "; on your own machine, write it into " + env_file.path)};
    }
    auto text = read_file((std::filesystem::path(directory) / source.from_file).string());
    if (!text.ok()) return base::within("the secret " + name, text.error());
    return text.value().substr(0, text.value().find_first_of("\r\n"));
}

}  // namespace weir::app
