// StackPool: guarded fiber stacks, reused warm first, so that cold pages are not faulted in again.
#pragma once

#include <cstddef>
#include <vector>

namespace weir::rt {

/// mmap'd memory with an inaccessible guard page below it. Movable; empty after a move.
class Stack {
public:
    Stack() = default;
    /// CHECKs that the mapping and its guard could be made: an unguarded stack is never handed out.
    explicit Stack(std::size_t bytes);
    ~Stack();
    Stack(Stack&& other) noexcept;
    Stack& operator=(Stack&& other) noexcept;

    [[nodiscard]] void* top() const noexcept;
    [[nodiscard]] void* bottom() const noexcept;
    [[nodiscard]] std::size_t size() const noexcept { return size_; }

private:
    void* base_ = nullptr;
    std::size_t size_ = 0;
};

/// One worker's stacks. Not thread-safe.
class StackPool {
public:
    [[nodiscard]] Stack take(std::size_t bytes);
    void give_back(Stack stack);

private:
    std::vector<Stack> warm_;
};

}  // namespace weir::rt
