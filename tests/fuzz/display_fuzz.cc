// Whatever a target or script says is shown without harm: no byte of it commands a terminal, what
// is cut fits, and nothing but ASCII is left where the terminal has nothing else.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "base/display.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    namespace base = weir::base;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto commands = [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; };
    const std::string line = base::inert_line(text);
    CHECK(std::none_of(line.begin(), line.end(), commands));
    CHECK(line.find("\xc2\x9b") == std::string::npos);  // CSI as one character
    CHECK(base::inert_line(line) == line);              // inert stays inert
    const std::size_t columns = size == 0 ? 0 : data[0] % 64;
    CHECK(base::display_width(base::fit(line, columns, "…")) <= columns);
    CHECK(base::display_width(base::padded(line, columns)) >= columns);
    const std::string plain = base::ascii(line);
    CHECK(std::all_of(plain.begin(), plain.end(), [](char c) { return c >= ' ' && c <= '~'; }));
    return 0;
}
