// One module's source to bytecode, in an engine that lives for that moment only.
#include "quickjs.h"
#include "script/compile/compiler.h"
#include "script/engine.h"

namespace weir::script {

namespace {

/// Parsing recurses on the source's nesting; it runs on a thread's stack, never a fiber's.
constexpr std::size_t parser_stack_bytes = 4UL * 1024 * 1024;

class ParserEngine {
public:
    explicit ParserEngine(Bytecode& out)
        : runtime_(JS_NewRuntime()), context_(JS_NewContext(runtime_)) {
        JS_SetMaxStackSize(runtime_, parser_stack_bytes);
        JS_SetModuleLoaderFunc(runtime_, on_normalize, on_load, &out.requested);
    }
    ~ParserEngine() {
        JS_FreeContext(context_);
        JS_FreeRuntime(runtime_);
    }
    ParserEngine(const ParserEngine&) = delete;
    ParserEngine& operator=(const ParserEngine&) = delete;

    [[nodiscard]] JSContext* context() const noexcept { return context_; }

    /// The engine asks for each import as it parses; an empty module satisfies it for now.
    static char* on_normalize(JSContext* context,
                              const char*,
                              const char* specifier,
                              void* requested) {
        static_cast<std::vector<std::string>*>(requested)->emplace_back(specifier);
        return js_strdup(context, specifier);
    }
    static JSModuleDef* on_load(JSContext* context, const char* name, void*) {
        return JS_NewCModule(context, name, [](JSContext*, JSModuleDef*) { return 0; });
    }

    std::string text(JSValue value) const {
        const char* chars = JS_ToCString(context_, value);
        std::string out = chars == nullptr ? "" : chars;
        JS_FreeCString(context_, chars);
        JS_FreeValue(context_, value);
        return out;
    }

private:
    JSRuntime* runtime_;
    JSContext* context_;
};

void read_failure(const ParserEngine& engine, const std::string& file, CompileFailure& failure) {
    const JSValue error = JS_GetException(engine.context());
    failure.message = engine.text(JS_DupValue(engine.context(), error));
    const std::string stack = engine.text(JS_GetPropertyStr(engine.context(), error, "stack"));
    JS_FreeValue(engine.context(), error);
    for (const Frame& frame : parse_stack(stack, nullptr)) {
        if (frame.file != file) continue;
        failure.at = {frame.line, frame.column};
        return;
    }
}

}  // namespace

bool compile_module(const std::string& name,
                    ModuleKind kind,
                    const std::string& code,
                    Bytecode& out,
                    CompileFailure& failure) {
    const ParserEngine engine(out);
    JSEvalOptions options{};
    options.version = JS_EVAL_OPTIONS_VERSION;
    options.filename = name.c_str();
    options.line_num = 1;
    options.eval_flags = JS_EVAL_FLAG_COMPILE_ONLY | JS_EVAL_TYPE_MODULE;
    std::string wrapped;
    const std::string* source = &code;
    if (kind == ModuleKind::commonjs) {
        // The wrapper has lines of its own, so that the author's first stays line 1. (The engine
        // takes a line 0 for 1.)
        options.line_num = -1;
        options.eval_flags = JS_EVAL_FLAG_COMPILE_ONLY | JS_EVAL_TYPE_GLOBAL;
        wrapped = "(function(exports,require,module,__filename,__dirname){\n\n" + code + "\n})";
        source = &wrapped;
    }
    JSContext* context = engine.context();
    const JSValue compiled = JS_Eval2(context, source->c_str(), source->size(), &options);
    if (JS_IsException(compiled)) {
        read_failure(engine, name, failure);
        return false;
    }
    std::size_t size = 0;
    std::uint8_t* bytes =
        JS_WriteObject(context, &size, compiled, JS_WRITE_OBJ_BYTECODE | JS_WRITE_OBJ_STRIP_SOURCE);
    if (bytes != nullptr) out.bytes.assign(bytes, bytes + size);
    js_free(context, bytes);
    JS_FreeValue(context, compiled);
    if (bytes == nullptr) failure.message = "the engine could not write bytecode";
    return bytes != nullptr;
}

}  // namespace weir::script
