// Program: weir-sample as a process of its own, as users start it.
#pragma once

#include <string>
#include <vector>

#include <sys/types.h>

namespace weir::sample {

class Program {
public:
    /// Starts it with these arguments; output goes to files in the directory.
    Program(std::vector<std::string> arguments, std::string directory);
    /// Kills what still runs.
    ~Program();
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    /// Waits until it says that it is ready, and gives that line; empty if it ends before.
    std::string wait_until_ready();
    void send(int signal) const;
    /// Waits for its end: the exit code, or 128 and the signal that killed it, as a shell has it.
    int wait();

    [[nodiscard]] std::string output() const;
    [[nodiscard]] std::string errors() const;

private:
    bool poll();

    std::string directory_;
    pid_t pid_ = -1;
    bool ended_ = false;
    int status_ = 0;
};

}  // namespace weir::sample
