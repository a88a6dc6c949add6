#include "script/compile/compiler.h"

#include <algorithm>
#include <utility>

#include "base/format.h"
#include "script/bindings_tables.h"
#include "script/compile/library.h"
#include "script/compile/map_file.h"

namespace weir::script {

namespace {

base::Error invalid(std::string text) {
    return {base::Code::script, std::move(text)};
}

bool is_typescript(std::string_view path) {
    const std::string_view extension = extension_of(path);
    return extension == ".ts" || extension == ".mts" || extension == ".cts";
}

ModuleKind kind_of(std::string_view path, const ImportScan& scan) {
    const std::string_view extension = extension_of(path);
    if (extension == ".cjs" || extension == ".cts") return ModuleKind::commonjs;
    if (extension == ".mjs" || extension == ".mts" || scan.module_syntax)
        return ModuleKind::ecmascript;
    return scan.commonjs_syntax ? ModuleKind::commonjs : ModuleKind::ecmascript;
}

/// The line itself and a caret under the place, for people; "" when there is no such line.
std::string excerpt(std::string_view text, TextPlace at) {
    constexpr std::size_t widest = 160;
    for (std::uint32_t line = 1; line < at.line; ++line) {
        const std::size_t end = text.find('\n');
        if (end == std::string_view::npos) return {};
        text.remove_prefix(end + 1);
    }
    text = text.substr(0, text.find_first_of("\r\n"));
    if (text.empty() || text.size() > widest || at.column == 0 || at.column > text.size() + 1)
        return {};
    std::string under(text.substr(0, at.column - 1));
    std::replace_if(
        under.begin(), under.end(), [](char c) { return c != '\t'; }, ' ');
    return base::format("\n    {}\n    {}^", text, under);
}

template <typename List>
std::string joined(const List& items) {
    std::string out;
    for (const auto& item : items) out += (out.empty() ? "" : ", ") + std::string(item);
    return out;
}

void add_once(std::vector<std::string>& to, const std::string& item) {
    if (std::find(to.begin(), to.end(), item) == to.end()) to.push_back(item);
}

}  // namespace

Compiler::Compiler(const ProgramRequest& request)
    : request_(request), code_(std::make_unique<Program::Code>()) {
    code_->offered = request.bindings;
    code_->words.everything = false;
}

base::Result<std::unique_ptr<Program::Code>> Compiler::run() {
    TRY_VOID(add_entry());
    // Modules join the list as they are met; names that importers want are known at the end.
    for (std::size_t i = 0; i < drafts_.size(); ++i) TRY_VOID(compile(i));
    TRY_VOID(add_polyfills());
    for (std::size_t i = 0; i < drafts_.size(); ++i) note_names(i);
    TRY_VOID(check_links());
    std::sort(code_->natives.begin(), code_->natives.end());
    return std::move(code_);
}

std::string Compiler::shown(const std::string& path) const {
    const std::string root = request_.directory == "/" ? "/" : request_.directory + "/";
    return path.starts_with(root) ? path.substr(root.size()) : path;
}

base::Result<void> Compiler::add_entry() {
    const bool absolute = request_.entry.starts_with('/');
    const std::string path = normal_path(
        absolute ? request_.entry : base::format("{}/{}", request_.directory, request_.entry));
    code_->entry_path = path;
    code_->entry_directory = directory_of(path);
    std::string text = request_.entry_text;
    if (text.empty()) {
        auto read = request_.read(path);
        if (!read.ok()) {
            return base::within(base::format("reading the script {}", request_.entry),
                                read.error());
        }
        text = std::move(read).value();
    }
    TRY(const std::size_t index, add_file(path, std::move(text)));
    static_cast<void>(index);
    return {};
}

base::Result<std::size_t> Compiler::add_file(const std::string& path, std::string text) {
    Draft draft;
    draft.path = path;
    draft.directory = directory_of(path);
    draft.json = extension_of(path) == ".json";
    if (text.starts_with("\xef\xbb\xbf")) text.erase(0, 3);
    CompiledModule module;
    module.name = shown(path);
    code_->sources.push_back({path, text});
    if (is_typescript(path)) {
        if (stripper_ == nullptr) stripper_ = std::make_unique<TypeStripper>();
        auto stripped = stripper_->strip(text, module.name);
        if (!stripped.ok()) return stripped.error();
        draft.code = std::move(stripped.value().code);
        module.map = std::move(stripped.value().map);
    } else {
        draft.code = draft.json ? "export default " + text : std::move(text);
    }
    if (auto mapped = find_map(draft.code, path, request_.read)) {
        module.map = std::move(mapped->map);
        for (const std::string& source : mapped->sources)
            module.map_sources.push_back(shown(source));
    }
    module.path = path;
    draft.scan = scan_imports(draft.code);
    module.kind = kind_of(path, draft.scan);
    code_->by_name.emplace(module.name, code_->modules.size());
    code_->modules.push_back(std::move(module));
    drafts_.push_back(std::move(draft));
    return code_->modules.size() - 1;
}

base::Result<std::size_t> Compiler::add_library(const std::string& name) {
    const std::string shown_name = "jslib.k6.io/" + name;
    if (const auto known = code_->by_name.find(shown_name); known != code_->by_name.end()) {
        return known->second;
    }
    const std::string_view source = library_source(name);
    if (source.empty()) return invalid(library_refusal(name));
    return add_built_in(shown_name, source);
}

std::size_t Compiler::add_built_in(const std::string& shown_name, std::string_view source) {
    Draft draft;
    draft.code = source;
    draft.scan = scan_imports(draft.code);
    CompiledModule module;
    module.name = shown_name;
    module.kind = kind_of("", draft.scan);
    code_->by_name.emplace(shown_name, code_->modules.size());
    code_->modules.push_back(std::move(module));
    drafts_.push_back(std::move(draft));
    return code_->modules.size() - 1;
}

base::Result<void> Compiler::add_polyfills() {
    for (const Polyfill& polyfill : polyfills()) {
        if (!code_->words.known.contains(polyfill.word)) continue;
        const std::size_t index =
            add_built_in(base::format("weir:{}", polyfill.word), polyfill.source);
        TRY_VOID(compile(index));
        code_->polyfills.push_back(index);
    }
    return {};
}

base::Result<void> Compiler::compile(std::size_t index) {
    Bytecode bytecode;
    CompileFailure failure;
    const std::string name = code_->modules[index].name;
    const ModuleKind kind = code_->modules[index].kind;
    if (!compile_module(name, kind, drafts_[index].code, bytecode, failure)) {
        const Frame place = author_place(index, failure.at);
        const auto source = std::find_if(
            code_->sources.begin(), code_->sources.end(),
            [&](const Program::Source& each) { return shown(each.path) == place.file; });
        const TextPlace at{place.line, place.column};
        return invalid(
            base::format("{}:{}:{}: {}{}", place.file, at.line, at.column, failure.message,
                         source == code_->sources.end() ? "" : excerpt(source->text, at)));
    }
    code_->modules[index].bytecode = std::move(bytecode.bytes);
    note_words(drafts_[index].code);
    return resolve_all(index, bytecode.requested);
}

base::Result<void> Compiler::resolve_all(std::size_t index,
                                         const std::vector<std::string>& requested) {
    std::vector<std::string> specifiers = requested;
    for (const ImportUse& use : drafts_[index].scan.uses) add_once(specifiers, use.specifier);
    for (const std::string& specifier : specifiers) {
        if (code_->modules[index].imports.contains(specifier)) continue;
        auto name = resolve(index, specifier);
        if (!name.ok()) return name.error();
        code_->modules[index].imports.emplace(specifier, std::move(name).value());
    }
    return {};
}

base::Result<std::string> Compiler::resolve(std::size_t index, const std::string& specifier) {
    const ModuleName name = parse_module_name(specifier, drafts_[index].directory);
    const Bindings::Tables& tables = request_.bindings->tables();
    if (const std::string_view reason = tables.refusal(specifier); !reason.empty()) {
        return at_import(index, specifier, std::string(reason));
    }
    switch (name.kind) {
        case ModuleName::Kind::refused:
            break;
        case ModuleName::Kind::file:
            return resolve_file(index, name, specifier);
        case ModuleName::Kind::library: {
            const auto added = add_library(name.name);
            if (!added.ok()) return at_import(index, specifier, added.error().text);
            return code_->modules[added.value()].name;
        }
        case ModuleName::Kind::native: {
            if (tables.find_module(name.name) != nullptr) {
                add_once(code_->natives, name.name);
                return name.name;
            }
            std::vector<std::string> known;
            for (const auto& module : tables.modules) known.push_back(module.name);
            std::sort(known.begin(), known.end());
            return at_import(index, specifier,
                             "there is no such module here; there are " + joined(known));
        }
    }
    return at_import(index, specifier, name.reason);
}

base::Result<std::string> Compiler::resolve_file(std::size_t index,
                                                 const ModuleName& name,
                                                 const std::string& specifier) {
    for (const std::string& path : name.candidates) {
        if (code_->by_name.contains(shown(path))) return shown(path);
        auto text = request_.read(path);
        if (!text.ok()) {
            if (text.error().code == base::Code::not_found) continue;
            return at_import(index, specifier, text.error().text);
        }
        TRY(const std::size_t added, add_file(path, std::move(text).value()));
        return code_->modules[added].name;
    }
    return at_import(
        index, specifier,
        base::format("there is no file {}{}", name.candidates.front(),
                     name.candidates.size() > 2 ? " (nor with .js, .ts or /index.js added)" : ""));
}

/// Tells each imported module which of its exports are asked for.
void Compiler::note_names(std::size_t index) {
    for (const ImportUse& use : drafts_[index].scan.uses) {
        const auto found = code_->modules[index].imports.find(use.specifier);
        if (found == code_->modules[index].imports.end()) continue;
        const auto module = code_->by_name.find(found->second);
        const bool native = module == code_->by_name.end();
        auto& names =
            native ? code_->native_names[found->second] : code_->modules[module->second].wanted;
        if (use.kind == ImportUse::Kind::dynamic) add_once(names, "*");
        for (const ImportUse::Name& name : use.names) add_once(names, name.text);
        if (native) continue;
        // Every export of a CommonJS file is found by running it; what is known beforehand is this.
        if (std::find(names.begin(), names.end(), "*") != names.end()) {
            for (const std::string& name : drafts_[module->second].scan.exported)
                add_once(names, name);
        }
        std::erase(names, "*");
        std::erase(names, "default");
    }
}

void Compiler::note_words(std::string_view code) {
    const auto is_word = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_' || c == '$';
    };
    for (std::size_t at = 0; at < code.size();) {
        const std::size_t start = at;
        while (at < code.size() && is_word(code[at])) ++at;
        if (at > start) {
            const std::string_view word = code.substr(start, at - start);
            if (!code_->words.known.contains(word)) code_->words.known.emplace(word);
            // globalThis[something]: who knows what it will ask for.
            if ((word == "globalThis" || word == "global") && !code.substr(at).starts_with('.'))
                code_->words.everything = true;
        } else {
            ++at;
        }
    }
}

Frame Compiler::author_place(std::size_t index, TextPlace at) const {
    Frame frame{"", code_->modules[index].name, at.line, at.column};
    code_->map_back(frame);
    return frame;
}

std::string Compiler::locate(std::size_t index, TextPlace at) const {
    const Frame place = author_place(index, at);
    return base::format("{}:{}:{}", place.file, place.line, place.column);
}

base::Error Compiler::at_import(std::size_t index,
                                const std::string& specifier,
                                const std::string& why) const {
    for (const ImportUse& use : drafts_[index].scan.uses) {
        if (use.specifier != specifier) continue;
        return invalid(
            base::format("{}: cannot import '{}': {}", locate(index, use.at), specifier, why));
    }
    return invalid(
        base::format("{}: cannot import '{}': {}", code_->modules[index].name, specifier, why));
}

}  // namespace weir::script
