// Deployment: one version to try the gate on: a URL, or a command that starts it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/prove/child.h"
#include "base/result.h"

namespace weir::app {

/// In `command`, {port} stands for a free port of this machine, where the version then answers, and
/// {ready_file} for a file that it writes when it is ready, with its URL in it ("url": "…", or the
/// first line).
struct Version {
    std::string name;
    std::string url;                 // where it is, when the command does not tell
    std::string command;             // for sh; empty: it runs already
    std::vector<std::string> words;  // a program and its arguments, instead of `command`
    bool bad = false;
};

class Deployment {
public:
    /// Starts the version and waits until it answers. `directory` is for its log and ready file.
    /// The error has the last words of its log.
    [[nodiscard]] static base::Result<Deployment> start(const Version& version,
                                                        const std::string& directory);
    [[nodiscard]] const std::string& url() const noexcept { return url_; }

private:
    Deployment(std::string url, std::optional<Child> child)
        : url_(std::move(url)), child_(std::move(child)) {}
    std::string url_;
    std::optional<Child> child_;
};

}  // namespace weir::app
