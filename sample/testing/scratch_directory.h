// ScratchDirectory: a place for a test's files.
#pragma once

#include <string>

namespace weir::sample {

/// A directory that goes with its owner.
class ScratchDirectory {
public:
    ScratchDirectory();
    ~ScratchDirectory();
    ScratchDirectory(const ScratchDirectory&) = delete;
    ScratchDirectory& operator=(const ScratchDirectory&) = delete;
    [[nodiscard]] const std::string& path() const { return path_; }

private:
    std::string path_;
};

}  // namespace weir::sample
