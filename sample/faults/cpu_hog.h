// CpuHog: a process beside the service that wants all CPU; somebody else's job on the machine.
#pragma once

#include <vector>

#include <sys/types.h>

namespace weir::sample {

/// To be made before threads start. Its processes die with it, and with the service.
class CpuHog {
public:
    explicit CpuHog(unsigned processes);
    ~CpuHog();
    CpuHog(const CpuHog&) = delete;
    CpuHog& operator=(const CpuHog&) = delete;

private:
    std::vector<pid_t> children_;
};

}  // namespace weir::sample
