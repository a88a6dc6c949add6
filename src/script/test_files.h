// Test files: programs from files in memory, and their exports called, for the tests of this
// folder.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "script/isolate.h"
#include "script/program.h"

namespace weir::script {

/// Files by name under /work; the first argument's "main.js" (or what `entry` says) is the entry.
struct TestFiles {
    std::map<std::string, std::string> files;
    std::string entry = "main.js";
    const Bindings* bindings = nullptr;

    [[nodiscard]] base::Result<std::shared_ptr<const Program>> compile() const {
        ProgramRequest request;
        request.entry = entry;
        request.directory = "/work";
        request.bindings = bindings;
        request.read = [this](const std::string& path) -> base::Result<std::string> {
            const auto found = files.find(path);
            if (found == files.end()) return base::Error{base::Code::not_found, "no such file"};
            return found->second;
        };
        return Program::compile(request);
    }

    /// Compiles, runs the init code and the default export: its result as text, or the error's.
    [[nodiscard]] std::string run() const {
        const auto program = compile();
        if (!program.ok()) return program.error().text;
        Isolate js(*program.value(), Limits{.stack_bytes = 1024UL * 1024}, {}, nullptr);
        const auto inside = js.enter();
        const Value init = settled(js, js.run_program());
        if (init.threw()) return js.take_exception().text();
        const Value function = js.exports().get(js, "default");
        const Value result = settled(js, function.call(js, {}, {}));
        if (result.threw()) return js.take_exception().text();
        const Text text = result.to_text(js);
        return text.ok() ? text.str() : js.take_exception().text();
    }

    /// What a promise comes to once no job is left; any other value is itself.
    [[nodiscard]] static Value settled(Isolate& js, Value value) {
        if (!value.threw() && !js.drain_jobs()) return Value::thrown();
        switch (promise_state(js, value)) {
            case PromiseState::fulfilled:
                return promise_result(js, value);
            case PromiseState::rejected:
                return throw_value(js, promise_result(js, value));
            case PromiseState::pending:
                return throw_error(js, "still pending");
            case PromiseState::not_a_promise:
                break;
        }
        return value;
    }
};

}  // namespace weir::script
