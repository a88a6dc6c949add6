// Cluster: a PostgreSQL server of the test's own, in a scratch directory, on a Unix socket.
#pragma once

#include <string>

#include "sample/result.h"
#include "sample/testing/scratch_directory.h"

namespace weir::sample {

class Cluster {
public:
    /// Why PostgreSQL's programs are not to be had, or empty.
    static std::string missing();

    Cluster();
    ~Cluster();
    Cluster(const Cluster&) = delete;
    Cluster& operator=(const Cluster&) = delete;

    [[nodiscard]] bool running() const { return running_; }
    [[nodiscard]] std::string log() const;
    /// For --database.
    [[nodiscard]] std::string address() const;

private:
    int as_owner(const std::string& command) const;

    ScratchDirectory scratch_;
    bool running_ = false;
};

}  // namespace weir::sample
