#include "app/result_directory.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/format.h"

namespace weir::app {
namespace {

base::Error io_error(std::string_view doing, const std::string& path, int number) {
    return {number == ENOENT ? base::Code::not_found : base::Code::io,
            base::format("{} {}: {}", doing, path, std::strerror(number))};
}

/// Closes on every way out.
class Descriptor {
public:
    explicit Descriptor(int fd) noexcept : fd_(fd) {}
    ~Descriptor() {
        if (fd_ >= 0) ::close(fd_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    [[nodiscard]] int get() const noexcept { return fd_; }
    [[nodiscard]] int release() noexcept { return std::exchange(fd_, -1); }

private:
    int fd_;
};

bool write_all(int fd, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(fd, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

}  // namespace

base::Result<std::string> read_file(const std::string& path) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.get() < 0) return io_error("reading", path, errno);
    std::string text;
    std::array<char, 65536> chunk{};
    while (true) {
        const ssize_t got = ::read(file.get(), chunk.data(), chunk.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return io_error("reading", path, errno);
        if (got == 0) return text;
        text.append(chunk.data(), static_cast<std::size_t>(got));
    }
}

base::Result<void> write_file(const std::string& path, std::string_view bytes) {
    const std::string beside = path + ".partial";
    Descriptor file(::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
    if (file.get() < 0) return io_error("writing", path, errno);
    const bool written = write_all(file.get(), bytes) && ::fsync(file.get()) == 0;
    const int cause = errno;
    const bool closed = ::close(file.release()) == 0;
    if (!written || !closed) {
        ::unlink(beside.c_str());
        return io_error("writing", path, written ? errno : cause);
    }
    if (::rename(beside.c_str(), path.c_str()) != 0) return io_error("writing", path, errno);
    return {};
}

base::Result<ResultDirectory> ResultDirectory::make(const std::string& parent,
                                                    const std::string& run_id) {
    const std::string path = (std::filesystem::path(parent) / run_id).string();
    std::error_code failed;
    std::filesystem::create_directories(path, failed);
    if (failed) {
        return base::Error{base::Code::io,
                           base::format("making the result directory {}: {}; choose another place "
                                        "with --results",
                                        path, failed.message())};
    }
    return ResultDirectory(path);
}

base::Result<ResultDirectory> ResultDirectory::open(const std::string& path) {
    std::error_code ignored;
    const std::filesystem::path given(path);
    const auto directory =
        std::filesystem::is_directory(given, ignored) ? given : given.parent_path();
    ResultDirectory opened(directory.empty() ? "." : directory.string());
    if (!std::filesystem::exists(opened.file("record.json"), ignored)) {
        return base::Error{base::Code::not_found,
                           base::format("{} holds no record.json: name a result directory, such as "
                                        ".weir/results/<run id>",
                                        path)};
    }
    return opened;
}

std::string ResultDirectory::file(std::string_view name) const {
    return (std::filesystem::path(path_) / name).string();
}

base::Result<void> ResultDirectory::write(std::string_view name, std::string_view bytes) const {
    return write_file(file(name), bytes);
}

base::Result<std::string> ResultDirectory::read(std::string_view name) const {
    return read_file(file(name));
}

}  // namespace weir::app
