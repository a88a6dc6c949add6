#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

#include "base/format.h"
#include "record/codec.h"

namespace weir::record {
namespace {

base::Error failed(std::string_view doing, const std::string& path, int error) {
    std::string_view advice;
    if (error == ENOSPC || error == EDQUOT) advice = ": free some space or choose another place";
    if (error == ENOENT) advice = ": make its folder first";
    if (error == EACCES || error == EROFS) advice = ": choose a place that may be written to";
    return {base::Code::io, base::format("{} {}: {}{}", doing, path,
                                         std::generic_category().message(error), advice)};
}

/// A file descriptor that is closed at the end.
class File {
public:
    explicit File(int fd) : fd_(fd) {}
    ~File() {
        if (fd_ >= 0) ::close(fd_);
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    [[nodiscard]] int get() const noexcept { return fd_; }
    /// 0, or why the file's last bytes did not reach the disk.
    [[nodiscard]] int close() noexcept {
        const int fd = fd_;
        fd_ = -1;
        return ::close(fd) == 0 ? 0 : errno;
    }

private:
    int fd_;
};

/// 0, or errno.
int write_all(int fd, std::string_view text) {
    while (!text.empty()) {
        const ssize_t wrote = ::write(fd, text.data(), text.size());
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote < 0) return errno;
        text.remove_prefix(static_cast<std::size_t>(wrote));
    }
    return 0;
}

int write_and_sync(const std::string& path, std::string_view text) {
    File file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
    if (file.get() < 0) return errno;
    if (const int error = write_all(file.get(), text); error != 0) return error;
    // Some file systems (pipes, overlays) cannot sync; the rename is then as good as it gets.
    if (::fsync(file.get()) != 0 && errno != EINVAL && errno != EROFS) return errno;
    return file.close();
}

/// So that the rename itself survives a power cut. Best effort: the text is safe either way.
void sync_folder_of(const std::string& path) {
    const auto folder = std::filesystem::path(path).parent_path();
    const File file(::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.get() >= 0) (void)::fsync(file.get());
}

}  // namespace

base::Result<void> write_whole(const std::string& path, std::string_view text) {
    const std::string beside = path + ".partial";
    (void)::unlink(beside.c_str());  // left by a run that was killed
    int error = write_and_sync(beside, text);
    if (error == 0 && ::rename(beside.c_str(), path.c_str()) != 0) error = errno;
    if (error != 0) {
        (void)::unlink(beside.c_str());
        return failed("writing", path, error);
    }
    sync_folder_of(path);
    return {};
}

base::Result<void> write_record(const std::string& path, const RunRecord& record) {
    return write_whole(path, encode(record));
}

base::Result<RunRecord> read_record(const std::string& path) {
    errno = 0;
    std::ifstream file(path, std::ios::binary);
    if (!file) return failed("reading", path, errno == 0 ? EIO : errno);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    if (file.bad()) return failed("reading", path, EIO);
    auto record = decode(text);
    if (!record.ok()) return base::within(path, record.error());
    return record;
}

}  // namespace weir::record
