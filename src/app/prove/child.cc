#include "app/prove/child.h"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <thread>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/format.h"

namespace weir::app {
namespace {

/// In the child, between fork and exec: nothing but system calls.
[[noreturn]] void become(char* const* words, const char* directory, int log, pid_t parent) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(127);  // it died before we asked
    setpgid(0, 0);                        // Ctrl-C is the parent's to pass on
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    dup2(log, STDOUT_FILENO);
    dup2(log, STDERR_FILENO);
    if (*directory != '\0' && chdir(directory) != 0) _exit(127);
    execvp(words[0], words);
    _exit(127);
}

}  // namespace

base::Result<Child> Child::start(const ChildPlan& plan) {
    const auto trouble = [&plan](int error) {
        return base::Error{base::Code::io, base::format("starting {}: {}", plan.words.front(),
                                                        std::strerror(error))};
    };
    const int log = open(plan.log.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (log < 0) return trouble(errno);
    std::vector<std::string> words = plan.words;
    std::vector<char*> argv;
    for (auto& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    const pid_t parent = getpid();
    const pid_t pid = fork();
    if (pid == 0) become(argv.data(), plan.directory.c_str(), log, parent);
    const int error = errno;
    close(log);
    if (pid < 0) return trouble(error);
    return Child(pid);
}

Child::Child(Child&& other) noexcept : pid_(other.pid_), code_(other.code_) {
    other.pid_ = -1;
}

Child::~Child() {
    stop();
}

std::optional<int> Child::ended() {
    if (code_ || pid_ < 0) return code_;
    int status = 0;
    if (waitpid(pid_, &status, WNOHANG) != pid_) return std::nullopt;
    code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return code_;
}

void Child::stop() {
    if (pid_ < 0 || ended()) return;
    kill(pid_, SIGTERM);
    constexpr auto patience = std::chrono::seconds(2);
    constexpr auto step = std::chrono::milliseconds(10);
    for (auto waited = std::chrono::milliseconds(0); waited < patience && !ended();
         waited += step) {
        std::this_thread::sleep_for(step);
    }
    if (ended()) return;
    kill(-pid_, SIGKILL);
    int status = 0;
    waitpid(pid_, &status, 0);
    code_ = 128 + SIGKILL;
}

}  // namespace weir::app
