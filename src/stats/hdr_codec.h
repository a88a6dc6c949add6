// HdrCodec: histograms as other HdrHistogram implementations write and read them (V2, compressed).
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "stats/histogram.h"

namespace weir::stats {

/// HdrHistogram's V2 encoding, compressed by zlib, in base64. Buckets and counts are all in it;
/// exact extremes and the overflow count are not (Histogram::restore_extremes).
/// Source: HdrHistogram's AbstractHistogram.encodeIntoCompressedByteBuffer, cookie 0x1c849304.
[[nodiscard]] std::string encode_hdr(const Histogram& histogram);

/// Untrusted text. Reads what encode_hdr wrote, and others' histograms of 1..4 digits whose lowest
/// discernible value is 1. Least and greatest are then known to the bucket only.
[[nodiscard]] base::Result<Histogram> decode_hdr(std::string_view text);

}  // namespace weir::stats
