// Outbox: errands on disk, a file each, until a later command has run them.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/log.h"
#include "base/result.h"
#include "notify/errand.h"

namespace weir::app {

/// Several processes may use one at once: an errand is one process' at a time. Files that are no
/// errands are left alone.
class Outbox {
public:
    /// More are not kept: the oldest make room.
    static constexpr std::size_t errands_most = 200;

    Outbox(std::string directory, base::Log log)
        : directory_(std::move(directory)), log_(std::move(log)) {}

    /// The error says why it is lost.
    [[nodiscard]] base::Result<void> put(const notify::Errand& errand);

    struct Taken {
        std::string name;
        notify::Errand errand;
    };
    /// Up to `most`, oldest first; those that are too old are dropped, which is said.
    [[nodiscard]] std::vector<Taken> take(std::size_t most, base::WallTime now);
    void done(const Taken& taken);
    void put_back(const Taken& taken);

    [[nodiscard]] const std::string& directory() const noexcept { return directory_; }

private:
    [[nodiscard]] std::vector<std::string> names() const;
    [[nodiscard]] std::string path_of(const std::string& name) const;
    void return_orphans();
    void drop(const std::string& name, std::string_view why);

    std::string directory_;
    base::Log log_;
};

}  // namespace weir::app
