// MemoryLimit: lets the process die as a pod does that outgrows its memory limit.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <thread>

#include "sample/result.h"

namespace weir::sample {

/// "256MiB", "1GiB", "500000000", "300MB" in bytes.
Result<std::uint64_t> parse_bytes(std::string_view text);

/// Lets the allocator give memory back to the system soon after it is freed. Its default is to keep
/// tens of megabytes for each thread, and then a limit would count what nothing uses. To be called
/// before threads start.
void return_freed_memory();

/// While it lives, a thread watches the memory that only the death of the process would give back
/// (resident and not shared with a file, as the kernel counts it against a container). Above the
/// limit, what the allocator holds unused is given back first, as a collector would before it
/// gives up; if that is not enough the process says so and kills itself: exit code 137 in a shell.
/// A limit on the data segment catches what grows faster than the watch.
class MemoryLimit {
public:
    /// `remove_on_death`: a file to take along, or empty.
    MemoryLimit(std::uint64_t limit_bytes, const std::string& remove_on_death);
    ~MemoryLimit();
    MemoryLimit(const MemoryLimit&) = delete;
    MemoryLimit& operator=(const MemoryLimit&) = delete;

private:
    void watch();

    const std::uint64_t limit_bytes_;
    std::atomic<bool> over_{false};
    std::thread thread_;
};

}  // namespace weir::sample
