#include "journey/request/file_data.h"

#include <array>
#include <memory>

#include "base/format.h"
#include "journey/api/api.h"
#include "journey/host/host.h"

namespace weir::journey {

namespace {

using script::Args;
using script::Isolate;
using script::Ref;
using script::Value;

enum Field : int { data, filename, content_type };

Value field(Isolate& js, Ref self, Args, int which) noexcept {
    const auto* const file = script::native_as<FileData>(js, self, api::file_data_class);
    if (file == nullptr) return {};
    if (which == filename) return script::new_string(js, file->filename);
    if (which == content_type) return script::new_string(js, file->content_type);
    if (file->binary) return script::new_array_buffer(js, std::as_bytes(std::span(file->data)));
    return script::new_string(js, file->data);
}

constexpr std::array fields{
    script::FieldSpec{"data", field, data},
    script::FieldSpec{"filename", field, filename},
    script::FieldSpec{"content_type", field, content_type},
};

void finalize(void* object) noexcept {
    delete static_cast<FileData*>(object);
}

}  // namespace

script::ClassSpec file_data_class_spec() {
    return {.name = "FileData", .finalize = finalize, .fields = fields};
}

/// Source: k6 documentation, "file( data, [filename], [contentType] )".
Value make_file(Isolate& js, Ref, Args args, int) noexcept {
    auto file = std::make_unique<FileData>();
    const Ref content = args.empty() ? Ref() : args[0];
    if (const auto bytes = content.bytes(js)) {
        file->data.assign(reinterpret_cast<const char*>(bytes->data()),
                          bytes->size());  // NOLINT: bytes
        file->binary = true;
    } else {
        const script::Text text = content.to_text(js);
        if (!text.ok()) return Value::thrown();
        file->data = text.str();
    }
    file->filename = base::format("{}", Host::of(js).now().time_since_epoch().count());
    if (args.size() > 1 && !args[1].is_nullish()) {
        const script::Text name = args[1].to_text(js);
        if (!name.ok()) return Value::thrown();
        file->filename = name.str();
    }
    if (args.size() > 2 && !args[2].is_nullish()) {
        const script::Text type = args[2].to_text(js);
        if (!type.ok()) return Value::thrown();
        file->content_type = type.str();
    }
    return script::new_native(js, api::file_data_class, file.release());
}

}  // namespace weir::journey
