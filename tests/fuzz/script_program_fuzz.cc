// Whole journeys: whatever the source, compiling gives a program or a message, and running it ends.
#include <cstddef>
#include <cstdint>
#include <string>

#include "script/isolate.h"
#include "script/program.h"

namespace {

namespace script = weir::script;
namespace base = weir::base;

/// Each look moves it a millisecond: every endless loop ends after a fixed number of polls.
struct Ticks {
    mutable base::Instant at{};
    static base::Instant now(const void* self) noexcept {
        return static_cast<const Ticks*>(self)->at += std::chrono::milliseconds(1);
    }
};

void run(const script::Program& program) {
    const Ticks ticks;
    const script::Limits limits{.memory_bytes = 8UL << 20,
                                .stack_bytes = 512UL << 10,
                                .cpu_slice = std::chrono::milliseconds(5)};
    script::Isolate js(program, limits, {&ticks, Ticks::now}, nullptr);
    const auto entry = js.enter();
    if (js.run_program().threw()) (void)js.take_exception();
    if (!js.drain_jobs()) (void)js.take_exception();
    (void)js.take_unhandled_rejections();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    static const script::Bindings bindings;
    script::ProgramRequest request;
    request.entry = data[0] % 2 == 0 ? "main.js" : "main.ts";
    request.entry_text.assign(reinterpret_cast<const char*>(data + 1), size - 1);
    request.directory = "/work";
    request.bindings = &bindings;
    request.read = [](const std::string&) -> base::Result<std::string> {
        return base::Error{base::Code::not_found, "no such file"};
    };
    if (request.entry_text.empty()) return 0;
    if (const auto program = script::Program::compile(request); program.ok()) run(*program.value());
    return 0;
}
