#include "script/program.h"

#include <algorithm>

#include "script/compile/compiler.h"
#include "script/engine.h"
#include "script/program_code.h"

namespace weir::script {

base::Result<std::shared_ptr<const Program>> Program::compile(const ProgramRequest& request) {
    TRY(auto code, Compiler(request).run());
    return std::shared_ptr<const Program>(new Program(std::move(code)));
}

Program::Program(std::unique_ptr<Code> code) : code_(std::move(code)) {}
Program::~Program() = default;

const std::string& Program::entry_path() const noexcept {
    return code_->entry_path;
}
const std::string& Program::entry_directory() const noexcept {
    return code_->entry_directory;
}
const std::vector<Program::Source>& Program::sources() const noexcept {
    return code_->sources;
}
const std::vector<std::string>& Program::native_modules() const noexcept {
    return code_->natives;
}

std::size_t Program::bytecode_bytes() const noexcept {
    std::size_t bytes = 0;
    for (const CompiledModule& module : code_->modules) bytes += module.bytecode.size();
    return bytes;
}

const CompiledModule* Program::Code::find(std::string_view name) const {
    const auto found = by_name.find(name);
    return found == by_name.end() ? nullptr : &modules[found->second];
}

void Program::Code::map_back(Frame& frame) const {
    const CompiledModule* module = find(frame.file);
    if (module == nullptr || module->map.empty()) return;
    const SourceMap::Place place = module->map.original({frame.line, frame.column});
    frame.line = place.line;
    frame.column = place.column;
    if (place.source < module->map_sources.size()) frame.file = module->map_sources[place.source];
}

std::uint32_t Program::Code::features() const {
    struct Rule {
        Feature feature;
        std::initializer_list<std::string_view> words;
    };
    // A word anywhere, even in a comment, counts: too much costs memory, too little breaks a
    // script. What can be had without its name (a regular expression) or costs nothing is always
    // there.
    const Rule rules[] = {
        {Feature::date, {"Date"}},
        {Feature::map_set, {"Map", "Set", "WeakMap", "WeakSet"}},
        {Feature::typed_arrays,
         {"ArrayBuffer", "SharedArrayBuffer", "Uint8Array", "Int8Array", "Uint8ClampedArray",
          "Uint16Array", "Int16Array", "Uint32Array", "Int32Array", "Float16Array", "Float32Array",
          "Float64Array", "BigInt64Array", "BigUint64Array", "DataView", "Atomics"}},
        {Feature::base64, {"atob", "btoa"}},
        {Feature::dom_exception, {"DOMException", "atob", "btoa", "structuredClone"}},
        {Feature::performance, {"performance"}},
    };
    std::uint32_t bits = 0;
    for (const Feature always : {Feature::regexp, Feature::proxy, Feature::weak_ref}) {
        bits |= 1U << static_cast<unsigned>(always);
    }
    for (const Rule& rule : rules) {
        if (std::any_of(rule.words.begin(), rule.words.end(),
                        [&](std::string_view word) { return words.has(word); })) {
            bits |= 1U << static_cast<unsigned>(rule.feature);
        }
    }
    return bits;
}

}  // namespace weir::script
