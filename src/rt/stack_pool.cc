#include "rt/stack_pool.h"

#include <utility>

#include <sanitizer/asan_interface.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/assert.h"

namespace weir::rt {
namespace {

std::size_t page_bytes() noexcept {
    static const auto bytes = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    return bytes;
}

std::size_t whole_pages(std::size_t bytes) noexcept {
    const std::size_t page = page_bytes();
    return (bytes + page - 1) / page * page;
}

}  // namespace

Stack::Stack(std::size_t bytes) : size_(whole_pages(bytes)) {
    CHECK(size_ > 0);
    const std::size_t mapped = size_ + page_bytes();
    base_ = mmap(nullptr, mapped, PROT_READ | PROT_WRITE,
                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
    CHECK(base_ != MAP_FAILED);
    CHECK(mprotect(base_, page_bytes(), PROT_NONE) == 0);
    // Neighbouring stacks must not be merged into huge pages: an idle fiber would cost megabytes.
    // Kernels without huge pages refuse the advice, which is as good.
    static_cast<void>(madvise(base_, mapped, MADV_NOHUGEPAGE));
}

Stack::~Stack() {
    if (base_ == nullptr) return;
    // The next mapping here must not inherit what AddressSanitizer knows of this stack's frames.
    ASAN_UNPOISON_MEMORY_REGION(base_, size_ + page_bytes());
    munmap(base_, size_ + page_bytes());
}

Stack::Stack(Stack&& other) noexcept
    : base_(std::exchange(other.base_, nullptr)), size_(std::exchange(other.size_, 0)) {}

Stack& Stack::operator=(Stack&& other) noexcept {
    std::swap(base_, other.base_);
    std::swap(size_, other.size_);
    return *this;
}

void* Stack::top() const noexcept {
    return static_cast<char*>(bottom()) + size_;
}

void* Stack::bottom() const noexcept {
    return static_cast<char*>(base_) + page_bytes();
}

Stack StackPool::take(std::size_t bytes) {
    const std::size_t wanted = whole_pages(bytes);
    for (std::size_t i = warm_.size(); i-- > 0;) {  // the last one back is the warmest
        if (warm_[i].size() != wanted) continue;
        Stack found = std::move(warm_[i]);
        warm_.erase(warm_.begin() + static_cast<std::ptrdiff_t>(i));
        return found;
    }
    return Stack(wanted);
}

void StackPool::give_back(Stack stack) {
    if (stack.size() > 0) warm_.push_back(std::move(stack));
}

}  // namespace weir::rt
