#include "app/key/key_text.h"

#include <filesystem>
#include <utility>

#include "app/process_environment.h"
#include "app/result_directory.h"
#include "base/format.h"

namespace weir::app {
namespace {

std::string with_line_ends(const std::string& text) {
    if (text.find('\n') != std::string::npos) return text;
    std::string lines;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool end = text.compare(i, 2, "\\n") == 0;
        lines += end ? '\n' : text[i];
        if (end) ++i;
    }
    return lines;
}

}  // namespace

base::Result<attest::SecretText> key_text(const plan::SecretSource& source,
                                          const std::string& directory) {
    if (source.from_variable.empty()) {
        TRY(auto text, read_file((std::filesystem::path(directory) / source.from_file).string()));
        return attest::SecretText(std::move(text));
    }
    const auto text = environment_variable(source.from_variable);
    if (text && !text->empty()) return attest::SecretText(with_line_ends(*text));
    return base::Error{
        base::Code::not_found,
        base::format("it comes from the variable {}, which is not set", source.from_variable)};
}

}  // namespace weir::app
