// `weir demo`: the sample service, which is a program of its own beside this one.
#include <array>
#include <cerrno>
#include <climits>
#include <cstring>
#include <filesystem>
#include <vector>

#include <unistd.h>

#include "app/command.h"
#include "app/terminal.h"
#include "base/format.h"

namespace weir::app {

gate::ExitCode demo_command(const Arguments& arguments) {
    std::error_code failed;
    const auto self = std::filesystem::read_symlink("/proc/self/exe", failed);
    const std::string program = (self.parent_path() / "weir-sample").string();
    std::vector<std::string> words{program};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> argv;
    for (auto& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    ::execv(program.c_str(), argv.data());
    print_error(base::format("error: starting {}: {}; build it with make build\n", program,
                             std::strerror(errno)));
    return gate::ExitCode::gate_error;
}

}  // namespace weir::app
