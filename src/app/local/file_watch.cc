#include "app/local/file_watch.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include <sys/inotify.h>
#include <unistd.h>

#include "base/format.h"

namespace weir::app {
namespace {

namespace fs = std::filesystem;

/// Saved in place, moved over, made, or gone. A file that is only touched counts, too.
constexpr std::uint32_t wanted =
    IN_MODIFY | IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE | IN_DELETE | IN_ONLYDIR;

}  // namespace

base::Result<std::unique_ptr<FileWatch>> FileWatch::open() {
    const int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (fd < 0) {
        return base::Error{base::Code::io,
                           base::format("watching files: {}", std::strerror(errno))};
    }
    return std::unique_ptr<FileWatch>(new FileWatch(fd));
}

FileWatch::~FileWatch() {
    close(fd_);
}

void FileWatch::add(const std::string& path) {
    std::error_code failed;
    const fs::path whole = fs::absolute(path, failed).lexically_normal();
    const std::lock_guard lock(mutex_);
    if (!files_.insert(whole.string()).second) return;
    watch(whole.string(), whole.string());
    const fs::path real = fs::weakly_canonical(whole, failed);
    if (!failed && real != whole) watch(real.string(), whole.string());
}

/// The path, or the nearest above it whose folder is there.
void FileWatch::watch(const std::string& path, const std::string& shown) {
    fs::path each(path);
    while (each.has_relative_path()) {
        const fs::path folder = each.parent_path();
        const int number = inotify_add_watch(fd_, folder.c_str(), wanted);
        if (number >= 0) {
            names_[{number, each.filename().string()}] = shown;
            return;
        }
        each = folder;
    }
}

void FileWatch::clear() {
    const std::lock_guard lock(mutex_);
    files_.clear();
    names_.clear();
}

std::size_t FileWatch::files() const {
    const std::lock_guard lock(mutex_);
    return files_.size();
}

/// True when it is about a watched file.
bool FileWatch::note(const inotify_event& event, const char* name) {
    if ((event.mask & IN_Q_OVERFLOW) != 0) {
        changed_.insert(files_.begin(), files_.end());  // which ones is not known
        return true;
    }
    if ((event.mask & IN_IGNORED) != 0) {  // the folder is gone, and with it all that was in it
        bool any = false;
        for (const auto& [key, file] : names_) {
            if (key.first != event.wd) continue;
            changed_.insert(file);
            any = true;
        }
        return any;
    }
    if (event.len == 0) return false;
    const auto found = names_.find({event.wd, name});
    if (found == names_.end()) return false;
    changed_.insert(found->second);
    return true;
}

bool FileWatch::drain() {
    alignas(inotify_event) std::array<char, 16384> buffer{};
    const std::lock_guard lock(mutex_);
    bool any = false;
    while (true) {
        const ssize_t got = read(fd_, buffer.data(), buffer.size());
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return any;
        for (std::size_t at = 0; at < static_cast<std::size_t>(got);) {
            inotify_event event{};
            std::memcpy(&event, buffer.data() + at, sizeof event);
            const char* const name = buffer.data() + at + sizeof event;
            any = note(event, name) || any;
            at += sizeof event + event.len;
        }
    }
}

bool FileWatch::changed() const {
    const std::lock_guard lock(mutex_);
    return !changed_.empty();
}

std::vector<std::string> FileWatch::take() {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> all(changed_.begin(), changed_.end());
    changed_.clear();
    return all;
}

}  // namespace weir::app
