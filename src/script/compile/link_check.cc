// Link check: finds imports of what a module does not export, before any user does.
#include <algorithm>

#include "base/format.h"
#include "script/bindings_tables.h"
#include "script/compile/compiler.h"
#include "script/engine.h"

namespace weir::script {

namespace {

constexpr std::size_t checker_stack_bytes = 1024UL * 1024;

/// Linking covers the whole graph before the first module runs. This one runs first, and throws: so
/// everything is linked and nothing of the author's is run.
constexpr char stop_source[] = "throw null;";
constexpr char check_source[] = "import 'stop'; import 'entry';";

CompiledModule hidden_module(const std::string& name, const std::string& source) {
    Bytecode bytecode;
    CompileFailure failure;
    CHECK(compile_module(name, ModuleKind::ecmascript, source, bytecode, failure));
    CompiledModule module;
    module.name = name;
    module.bytecode = std::move(bytecode.bytes);
    return module;
}

/// Takes "'name'" off what follows `before` in `text`.
std::string quoted_after(std::string_view text, std::string_view before) {
    const std::size_t at = text.find(before);
    if (at == std::string_view::npos) return {};
    const std::string_view rest = text.substr(at + before.size());
    return std::string(rest.substr(0, rest.find('\'')));
}

}  // namespace

base::Result<void> Compiler::check_links() {
    if (code_->modules.front().kind == ModuleKind::commonjs) return {};
    const std::size_t count = code_->modules.size();
    code_->modules.push_back(hidden_module("<stop>", stop_source));
    code_->modules.push_back(hidden_module("<check>", check_source));
    code_->modules.back().imports = {{"stop", "<stop>"}, {"entry", code_->modules.front().name}};
    code_->by_name.emplace("<stop>", count);
    code_->by_name.emplace("<check>", count + 1);
    std::string message;
    {
        Limits limits;
        limits.memory_bytes = 0;
        limits.stack_bytes = checker_stack_bytes;
        const auto isolate = Engine::make(*request_.bindings, *code_, limits);
        const Isolate::Entry entry = isolate->enter();
        const Value done = evaluate_module(*isolate, count + 1);
        if (done.threw()) message = isolate->take_exception().message;
        if (promise_state(*isolate, done) == PromiseState::rejected) {
            const Value reason = promise_result(*isolate, done);
            if (reason.is_error()) message = isolate->describe(reason).message;
        }
    }
    code_->modules.resize(count);
    code_->by_name.erase("<stop>");
    code_->by_name.erase("<check>");
    if (message.empty()) return {};
    return explain_link(message);
}

base::Error Compiler::explain_link(const std::string& message) const {
    const std::string name = quoted_after(message, "export '");
    const std::string module = quoted_after(message, "module '");
    for (std::size_t i = 0; i < drafts_.size(); ++i) {
        for (const ImportUse& use : drafts_[i].scan.uses) {
            const auto target = code_->modules[i].imports.find(use.specifier);
            // The engine cuts long names in its message.
            if (target == code_->modules[i].imports.end() || !target->second.starts_with(module))
                continue;
            const auto found = std::find_if(
                use.names.begin(), use.names.end(),
                [&](const auto& used) { return !name.empty() && used.text.starts_with(name); });
            if (found == use.names.end()) continue;
            std::string known;
            if (const auto* native = request_.bindings->tables().find_module(target->second)) {
                for (const std::string& exported : native->export_names()) {
                    known += (known.empty() ? "; it exports " : ", ") + exported;
                }
            }
            return {base::Code::script,
                    base::format("{}: '{}' has no export named '{}'{}", locate(i, found->at),
                                 use.specifier, name, known)};
        }
    }
    return {base::Code::script, base::format("{}: {}", code_->modules.front().name, message)};
}

}  // namespace weir::script
