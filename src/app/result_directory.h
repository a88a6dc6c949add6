// ResultDirectory: where one run leaves its record, verdict and summary; whole files or none.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace weir::app {

/// Made when the run begins, so that a full disk or a wrong path is found before load is offered.
class ResultDirectory {
public:
    /// `<parent>/<run id>`; parents are made too. The Error names the path and the cause.
    [[nodiscard]] static base::Result<ResultDirectory> make(const std::string& parent,
                                                            const std::string& run_id);
    /// One that exists and holds a record: for `weir judge`. `path` may also name record.json
    /// itself.
    [[nodiscard]] static base::Result<ResultDirectory> open(const std::string& path);

    [[nodiscard]] const std::string& path() const noexcept { return path_; }
    [[nodiscard]] std::string file(std::string_view name) const;
    /// Replaces the file atomically: written beside it, synced, renamed.
    [[nodiscard]] base::Result<void> write(std::string_view name, std::string_view bytes) const;
    [[nodiscard]] base::Result<std::string> read(std::string_view name) const;

private:
    explicit ResultDirectory(std::string path) : path_(std::move(path)) {}
    std::string path_;
};

/// A whole file. The Error says what could not be read and why.
[[nodiscard]] base::Result<std::string> read_file(const std::string& path);
/// Atomic, as ResultDirectory::write.
[[nodiscard]] base::Result<void> write_file(const std::string& path, std::string_view bytes);

}  // namespace weir::app
