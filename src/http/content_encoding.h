// Content codings (RFC 9110 §8.4): gzip, deflate, br and zstd: undone as a body arrives, and
// applied.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace weir::http {

/// Undoes the codings of one body, piece by piece, so that a small body that would become a huge
/// one is stopped where the limit is.
class BodyDecoder {
public:
    /// For a Content-Encoding value, last applied first. Null when there is nothing to undo: no
    /// coding, or one that we do not know; the body then stays as it is, as in browsers and k6.
    [[nodiscard]] static std::unique_ptr<BodyDecoder> make(std::string_view codings);
    ~BodyDecoder();
    BodyDecoder(const BodyDecoder&) = delete;
    BodyDecoder& operator=(const BodyDecoder&) = delete;

    /// Appends to `out` what `in` brings. Code::invalid: broken; Code::limit: `out` would be larger
    /// than `limit`.
    [[nodiscard]] base::Result<void> feed(std::string_view in, std::string& out, std::size_t limit);
    /// The body has ended; the error says that it did so too early. An empty body is complete.
    [[nodiscard]] base::Result<void> finish() const;

    class Coding;  // one of them

private:
    BodyDecoder();
    [[nodiscard]] base::Result<void> pass(std::size_t stage,
                                          std::string_view in,
                                          std::string& out,
                                          std::size_t limit);

    std::vector<std::unique_ptr<Coding>> codings_;  // in the order in which they are undone
    bool fed_ = false;
};

/// All of a body at once.
[[nodiscard]] base::Result<std::string> decode_content(std::string_view codings,
                                                       std::string_view body,
                                                       std::size_t limit);
/// Applies a comma list of codings in order, as k6's params.compression.
[[nodiscard]] base::Result<std::string> encode_content(std::string_view codings, std::string body);

}  // namespace weir::http
