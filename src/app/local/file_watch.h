// FileWatch: knows when one of a set of files was saved, in place or by replacing it.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"

struct inotify_event;

namespace weir::app {

/// Watches the folders that the files lie in (inotify), since an editor that replaces a file leaves
/// the old one behind; a file that is not there yet is waited for, in the nearest folder that is.
/// Thread-safe.
class FileWatch {
public:
    /// The error says what the kernel refused.
    [[nodiscard]] static base::Result<std::unique_ptr<FileWatch>> open();
    ~FileWatch();
    FileWatch(const FileWatch&) = delete;
    FileWatch& operator=(const FileWatch&) = delete;

    /// From now on. Before the file is read: then no save between the two is missed. A symbolic
    /// link is watched at both its ends.
    void add(const std::string& path);
    /// Forgets all files; saves that were not taken stay.
    void clear();
    [[nodiscard]] std::size_t files() const;

    /// Becomes readable when something happened in one of the folders: then drain().
    [[nodiscard]] int descriptor() const noexcept { return fd_; }
    /// Reads what the kernel has, without waiting. True when a watched file was among it.
    bool drain();
    /// True when saves wait to be taken.
    [[nodiscard]] bool changed() const;
    /// The files that were saved since the last call, as they were added.
    [[nodiscard]] std::vector<std::string> take();

private:
    explicit FileWatch(int fd) : fd_(fd) {}
    void watch(const std::string& path, const std::string& shown);
    bool note(const inotify_event& event, const char* name);

    int fd_;
    mutable std::mutex mutex_;
    std::set<std::string> files_;
    /// Folder's number and name in it → the file that it stands for.
    std::map<std::pair<int, std::string>, std::string> names_;
    std::set<std::string> changed_;
};

}  // namespace weir::app
