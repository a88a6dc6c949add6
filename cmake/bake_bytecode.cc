// Compiles a script to the engine's bytecode at build time: bake_bytecode IN.js OUT.bin. What is
// embedded so need not be parsed at each start.
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

#include "quickjs.h"

namespace {

bool bake(const std::string& source, std::ofstream& out) {
    JSRuntime* runtime = JS_NewRuntime();
    JSContext* context = JS_NewContext(runtime);
    const JSValue compiled = JS_Eval(context, source.c_str(), source.size(), "<embedded>",
                                     JS_EVAL_TYPE_GLOBAL | JS_EVAL_FLAG_COMPILE_ONLY);
    std::size_t size = 0;
    std::uint8_t* bytes = nullptr;
    if (!JS_IsException(compiled)) {
        bytes = JS_WriteObject(
            context, &size, compiled,
            JS_WRITE_OBJ_BYTECODE | JS_WRITE_OBJ_STRIP_SOURCE | JS_WRITE_OBJ_STRIP_DEBUG);
    }
    if (bytes != nullptr) {
        out.write(reinterpret_cast<const char*>(bytes), static_cast<std::streamsize>(size));
    }
    const bool ok = bytes != nullptr && out.good();
    js_free(context, bytes);
    JS_FreeValue(context, compiled);
    JS_FreeContext(context);
    JS_FreeRuntime(runtime);
    return ok;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) return 2;
    std::ifstream in(argv[1], std::ios::binary);
    const std::string source((std::istreambuf_iterator<char>(in)),
                             std::istreambuf_iterator<char>());
    std::ofstream out(argv[2], std::ios::binary);
    if (!source.empty() && bake(source, out)) return 0;
    std::fprintf(stderr, "bake_bytecode: %s could not be compiled\n", argv[1]);
    return 1;
}
