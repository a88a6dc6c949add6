#include "sample/testing/program.h"

#include <chrono>
#include <csignal>
#include <fstream>
#include <sstream>
#include <thread>

#include <fcntl.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace weir::sample {
namespace {

constexpr auto look_again = std::chrono::milliseconds(5);
constexpr auto patience = std::chrono::seconds(60);

std::string read_file(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

}  // namespace

Program::Program(std::vector<std::string> arguments, std::string directory)
    : directory_(std::move(directory)) {
    arguments.insert(arguments.begin(), WEIR_SAMPLE_PROGRAM);
    std::vector<char*> words;
    words.reserve(arguments.size() + 1);
    for (auto& argument : arguments) words.push_back(argument.data());
    words.push_back(nullptr);
    // Its temporary files go where the test can see whether they stay.
    std::vector<std::string> variables{"TMPDIR=" + directory_ + "/tmp"};
    mkdir((directory_ + "/tmp").c_str(), 0700);
    std::vector<char*> environment{variables[0].data(), nullptr};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    const int flags = O_WRONLY | O_CREAT | O_TRUNC;
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, (directory_ + "/out").c_str(), flags,
                                     0600);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, (directory_ + "/err").c_str(), flags,
                                     0600);
    ended_ = posix_spawn(&pid_, WEIR_SAMPLE_PROGRAM, &actions, nullptr, words.data(),
                         environment.data()) != 0;
    posix_spawn_file_actions_destroy(&actions);
}

Program::~Program() {
    if (poll()) return;
    send(SIGKILL);
    wait();
}

bool Program::poll() {
    if (!ended_) ended_ = waitpid(pid_, &status_, WNOHANG) == pid_;
    return ended_;
}

void Program::send(int signal) const {
    kill(pid_, signal);
}

std::string Program::wait_until_ready() {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (std::chrono::steady_clock::now() < deadline) {
        auto text = output();
        if (text.ends_with('\n')) return text;
        if (poll()) return {};
        std::this_thread::sleep_for(look_again);
    }
    return {};
}

int Program::wait() {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (!poll()) {
        if (std::chrono::steady_clock::now() > deadline) send(SIGKILL);
        std::this_thread::sleep_for(look_again);
    }
    return WIFSIGNALED(status_) ? 128 + WTERMSIG(status_) : WEXITSTATUS(status_);
}

std::string Program::output() const {
    return read_file(directory_ + "/out");
}
std::string Program::errors() const {
    return read_file(directory_ + "/err");
}

}  // namespace weir::sample
