// A selector (the first line) over a document (the rest), as Response.json() meets them: scripts
// write the one, servers the other. Never more than a value or an exception.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "journey/request/json_path.h"
#include "script/bindings.h"
#include "script/isolate.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using weir::script::Isolate;
    using weir::script::Value;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const std::size_t line = text.find('\n');
    if (line == std::string_view::npos) return 0;
    const weir::script::Bindings bindings;
    Isolate isolate(bindings, {}, {}, nullptr);
    const Isolate::Entry entry = isolate.enter();
    const Value document = weir::script::parse_json(isolate, std::string(text.substr(line + 1)));
    if (document.threw()) {
        (void)isolate.take_exception_value();
        return 0;
    }
    const Value found = weir::journey::select_json(isolate, document, text.substr(0, line));
    if (found.threw()) (void)isolate.take_exception_value();
    return 0;
}
