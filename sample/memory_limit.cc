#include "sample/memory_limit.h"

#include <array>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstring>
#include <new>

#include <fcntl.h>
#include <fmt/format.h>
#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

namespace weir::sample {
namespace {

constexpr auto interval = std::chrono::milliseconds(10);
/// Mapped but not always used: thread stacks and the allocator's reserves.
constexpr std::uint64_t data_slack_bytes = 256ULL << 20U;

// The new-handler takes no arguments, so what it has to say and remove lies here.
struct Obituary {
    std::array<char, 256> text{};
    std::array<char, 512> file{};
};
Obituary& obituary() {
    static Obituary one;
    return one;
}

[[noreturn]] void die() {
    const auto& last = obituary();
    if (last.file[0] != '\0') unlink(last.file.data());
    const auto written = write(STDERR_FILENO, last.text.data(), std::strlen(last.text.data()));
    static_cast<void>(written);
    kill(getpid(), SIGKILL);
    _exit(137);
}

/// Resident pages that no file backs, in bytes (proc(5), statm: resident minus shared).
std::uint64_t own_memory(int statm) {
    std::array<char, 128> text{};
    const auto size = pread(statm, text.data(), text.size() - 1, 0);
    if (size <= 0) return 0;
    std::array<std::uint64_t, 3> pages{};
    const char* at = text.data();
    const char* const end = text.data() + size;
    for (auto& value : pages) {
        const auto parsed = std::from_chars(at, end, value);
        at = parsed.ptr == end ? end : parsed.ptr + 1;
    }
    const auto page = static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
    return pages[1] > pages[2] ? (pages[1] - pages[2]) * page : 0;
}

}  // namespace

Result<std::uint64_t> parse_bytes(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const auto unit = text.substr(static_cast<std::size_t>(end - text.data()));
    struct Unit {
        std::string_view name;
        std::uint64_t bytes;
    };
    constexpr std::array<Unit, 9> units{{{"", 1},
                                         {"B", 1},
                                         {"kB", 1'000},
                                         {"KiB", 1ULL << 10U},
                                         {"MB", 1'000'000},
                                         {"MiB", 1ULL << 20U},
                                         {"Mi", 1ULL << 20U},
                                         {"GB", 1'000'000'000},
                                         {"GiB", 1ULL << 30U}}};
    for (const auto& one : units) {
        if (error == std::errc{} && value > 0 && one.name == unit) return value * one.bytes;
    }
    return Error{fmt::format("\"{}\" is no amount of memory: write it as 256MiB or 1GiB", text)};
}

void return_freed_memory() {
    constexpr int arenas = 2;
    mallopt(M_ARENA_MAX, arenas);
    mallopt(M_TRIM_THRESHOLD, 1 << 20);
    mallopt(M_MMAP_THRESHOLD, 1 << 20);
}

MemoryLimit::MemoryLimit(std::uint64_t limit_bytes, const std::string& remove_on_death)
    : limit_bytes_(limit_bytes) {
    auto& last = obituary();
    // Written now: when memory is out, nothing can be formatted.
    fmt::format_to_n(last.text.data(), last.text.size() - 1,
                     "weir-sample: out of memory: more than the limit of {} MiB is in use; killed, "
                     "as a pod would be (exit code 137)\n",
                     limit_bytes >> 20U);
    remove_on_death.copy(last.file.data(), last.file.size() - 1);
    std::set_new_handler(die);
    const rlimit data{limit_bytes + data_slack_bytes, limit_bytes + data_slack_bytes};
    setrlimit(RLIMIT_DATA, &data);
    thread_ = std::thread([this] { watch(); });
}

MemoryLimit::~MemoryLimit() {
    over_ = true;
    thread_.join();
    std::set_new_handler(nullptr);
}

void MemoryLimit::watch() {
    const int statm = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    while (!over_) {
        if (own_memory(statm) > limit_bytes_) {
            malloc_trim(0);
            if (own_memory(statm) > limit_bytes_) die();
        }
        std::this_thread::sleep_for(interval);
    }
    close(statm);
}

}  // namespace weir::sample
