// Any bytes may lie in a .env: what is read has proper names and no zero bytes, reading it again as
// it would be written gives the same, and a mistake never quotes the file.
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "plan/environment/dotenv.h"

namespace {

std::string quoted(std::string_view value) {
    std::string out = "\"";
    for (const char c : value) {
        if (c == '"' || c == '\\') out += '\\';
        if (c == '\r') {
            out += "\\r";
        } else {
            out += c;
        }
    }
    return out + "\"";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto values = weir::plan::parse_dotenv(text, "F");
    if (!values.ok()) {
        const std::string& said = values.error().text;
        CHECK(said.starts_with("F:") && said.size() < 200);
        for (const char c : said) CHECK(static_cast<unsigned char>(c) >= 0x20 && c != 0x7F);
        return 0;
    }
    std::string again;
    for (const auto& [name, value] : values.value()) {
        CHECK(!name.empty() && std::isdigit(static_cast<unsigned char>(name.front())) == 0);
        CHECK(name.find_first_of(" \t\r\n=#\"'") == std::string::npos);
        CHECK(value.find('\0') == std::string::npos);
        again.append(name).append("=").append(quoted(value)).append("\n");
    }
    const auto reread = weir::plan::parse_dotenv(again, "F");
    CHECK(reread.ok() && reread.value() == values.value());
    return 0;
}
