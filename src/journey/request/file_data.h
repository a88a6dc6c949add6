// FileData: what http.file() makes: bytes with a file name, for multipart bodies.
#pragma once

#include <string>

#include "script/bindings.h"

namespace weir::journey {

struct FileData {
    std::string data;
    bool binary = false;  // the script gave bytes, not text
    std::string filename;
    std::string content_type = "application/octet-stream";
};

/// file_data.cc: http.file() and its class.
[[nodiscard]] script::ClassSpec file_data_class_spec();
script::Value make_file(script::Isolate& js, script::Ref self, script::Args args, int) noexcept;

}  // namespace weir::journey
