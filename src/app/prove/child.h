// Child: a program that this one started; it never outlives it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

#include "base/result.h"
#include "base/time.h"

namespace weir::app {

struct ChildPlan {
    std::vector<std::string> words;  // program and arguments
    std::string directory;           // to run in; empty: this one
    std::string log;                 // standard output and error go here
};

class Child {
public:
    [[nodiscard]] static base::Result<Child> start(const ChildPlan& plan);
    ~Child();  // ends it: SIGTERM, and SIGKILL when that does not help within two seconds
    Child(Child&& other) noexcept;
    Child& operator=(Child&&) = delete;
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    /// The exit code, or 128 and the signal, once it has ended; nothing while it runs.
    [[nodiscard]] std::optional<int> ended();
    void stop();

private:
    explicit Child(pid_t pid) : pid_(pid) {}
    pid_t pid_ = -1;
    std::optional<int> code_;
};

}  // namespace weir::app
