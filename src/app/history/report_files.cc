#include "app/history/report_files.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/history/team_request.h"
#include "base/format.h"

namespace weir::app {
namespace {

class Descriptor {
public:
    explicit Descriptor(int fd) noexcept : fd_(fd) {}
    ~Descriptor() {
        if (fd_ >= 0) ::close(fd_);
    }
    Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Descriptor& operator=(Descriptor&&) = delete;
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    [[nodiscard]] int get() const noexcept { return fd_; }
    [[nodiscard]] bool open() const noexcept { return fd_ >= 0; }

private:
    int fd_;
};

/// The run's directory; a link that somebody put in its place is none.
Descriptor open_result(const std::string& results, std::string_view run_id) {
    if (!is_run_id(run_id)) return Descriptor(-1);
    const Descriptor parent(::open(results.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!parent.open()) return Descriptor(-1);
    return Descriptor(::openat(parent.get(), std::string(run_id).c_str(),
                               O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

/// Not blocking: a pipe of that name would never answer.
Descriptor open_report(const Descriptor& result, struct stat& about) {
    Descriptor file(
        ::openat(result.get(), "report.html", O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (!file.open() || ::fstat(file.get(), &about) != 0 || !S_ISREG(about.st_mode)) {
        return Descriptor(-1);
    }
    return file;
}

base::Result<std::string> read_all(int fd, std::size_t expected) {
    std::string text;
    text.reserve(expected);
    std::array<char, 65536> chunk{};
    while (text.size() <= ReportFiles::largest) {
        const ssize_t got = ::read(fd, chunk.data(), chunk.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) {
            return base::Error{base::Code::io,
                               base::format("the report cannot be read: {}", std::strerror(errno))};
        }
        if (got == 0) return text;
        text.append(chunk.data(), static_cast<std::size_t>(got));
    }
    return base::Error{base::Code::limit, "the report is too large to be shown here"};
}

}  // namespace

ReportFiles::Place ReportFiles::find(std::string_view run_id) const {
    Place best = Place::no_result;
    for (const auto& each : results_) {
        const auto result = open_result(each, run_id);
        if (!result.open()) continue;
        struct stat about {};
        if (open_report(result, about).open()) return Place::report;
        best = Place::no_report;
    }
    return best;
}

base::Result<std::string> ReportFiles::read(std::string_view run_id) const {
    for (const auto& each : results_) {
        const auto result = open_result(each, run_id);
        if (!result.open()) continue;
        struct stat about {};
        const auto file = open_report(result, about);
        if (!file.open()) continue;
        return read_all(file.get(), std::min(static_cast<std::size_t>(about.st_size), largest));
    }
    const std::string_view words =
        find(run_id) == Place::no_report
            ? "the run's result is there, but it has no report.html: `weir report RESULT --out "
              "report.html` makes one"
            : "the run's result is not in the results directory that is served here";
    return base::Error{base::Code::not_found, std::string(words)};
}

}  // namespace weir::app
