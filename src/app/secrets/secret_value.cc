#include "app/secrets/secret_value.h"

#include <filesystem>

#include "app/process_environment.h"
#include "app/result_directory.h"
#include "base/format.h"

namespace weir::app {

base::Result<std::string> secret_value(const std::string& name,
                                       const plan::SecretSource& source,
                                       const std::string& directory) {
    if (!source.from_variable.empty()) {
        auto value = environment_variable(source.from_variable);
        if (value) return *value;
        return base::Error{
            base::Code::not_found,
            base::format("the secret {} comes from the variable {}, which is not set", name,
                         source.from_variable)};
    }
    auto text = read_file((std::filesystem::path(directory) / source.from_file).string());
    if (!text.ok()) return base::within("the secret " + name, text.error());
    return text.value().substr(0, text.value().find_first_of("\r\n"));
}

}  // namespace weir::app
