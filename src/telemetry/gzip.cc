#include "telemetry/gzip.h"

#include <zlib.h>

#include "base/assert.h"

namespace weir::telemetry {

std::string gzipped(std::string_view bytes) {
    constexpr int with_gzip_header = 15 + 16;
    constexpr int memory_level = 8;
    z_stream stream{};
    CHECK(deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, with_gzip_header, memory_level,
                       Z_DEFAULT_STRATEGY) == Z_OK);
    std::string out(deflateBound(&stream, static_cast<uLong>(bytes.size())), '\0');
    // zlib does not write to its input; its type has no const.
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));  // NOLINT
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());  // NOLINT
    stream.avail_out = static_cast<uInt>(out.size());
    const int done = deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    CHECK(done == Z_STREAM_END);
    return out;
}

}  // namespace weir::telemetry
