#include "app/init/found_text.h"

#include <algorithm>
#include <cctype>
#include <system_error>

#include "app/result_directory.h"

namespace weir::app::init {

std::string small_file(const std::filesystem::path& path) {
    constexpr std::uintmax_t most = 1U << 20U;
    std::error_code failed;
    if (!std::filesystem::is_regular_file(path, failed)) return "";
    if (std::filesystem::file_size(path, failed) > most || failed) return "";
    auto text = read_file(path.string());
    return text.ok() ? std::move(text).value() : "";
}

std::string trimmed(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    const auto begin = text.find_first_not_of(blanks);
    if (begin == std::string_view::npos) return "";
    return std::string(text.substr(begin, text.find_last_not_of(blanks) - begin + 1));
}

std::string in_lower_case(std::string_view text) {
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return lower;
}

std::size_t line_of(std::string_view text, std::size_t at) {
    const auto before = text.substr(0, at);
    return 1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
}

}  // namespace weir::app::init
