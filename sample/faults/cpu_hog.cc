#include "sample/faults/cpu_hog.h"

#include <csignal>

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace weir::sample {

CpuHog::CpuHog(unsigned processes) {
    const pid_t parent = getpid();
    for (unsigned i = 0; i < processes; ++i) {
        const pid_t child = fork();
        if (child > 0) children_.push_back(child);
        if (child != 0) continue;
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent) _exit(0);
        while (getppid() == parent) {
        }
    }
}

CpuHog::~CpuHog() {
    for (const pid_t child : children_) kill(child, SIGKILL);
    for (const pid_t child : children_) waitpid(child, nullptr, 0);
}

}  // namespace weir::sample
