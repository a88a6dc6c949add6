#include "sample/testing/cluster.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

namespace weir::sample {
namespace {

namespace fs = std::filesystem;

/// Debian keeps each version's programs in a folder of its own: the newest.
std::string programs() {
    std::vector<std::string> found;
    std::error_code error;
    for (const auto& version : fs::directory_iterator("/usr/lib/postgresql", error)) {
        const auto folder = version.path() / "bin";
        if (fs::exists(folder / "initdb", error)) found.push_back(folder.string());
    }
    return found.empty() ? std::string() : *std::max_element(found.begin(), found.end());
}

}  // namespace

std::string Cluster::missing() {
    if (!programs().empty()) return {};
    return "PostgreSQL's server is not installed: the Debian package `postgresql` has it";
}

Cluster::Cluster() {
    const auto& path = scratch_.path();
    // The server refuses to run as root; Debian's package brings a user for it.
    if (geteuid() == 0) {
        const auto given = std::system(("chown postgres " + path).c_str());
        if (given != 0) return;
    }
    const auto bin = programs();
    const auto data = path + "/data";
    if (as_owner(bin + "/initdb -D " + data +
                 " -U postgres -A trust --no-sync --no-locale -E UTF8 > " + path + "/log 2>&1") !=
        0) {
        return;
    }
    running_ =
        as_owner(bin + "/pg_ctl -D " + data + " -l " + path + "/log -w -t 60 -o \"-k " + path +
                 " -c listen_addresses='' -c fsync=off\" start > /dev/null 2>&1") == 0;
}

Cluster::~Cluster() {
    if (!running_) return;
    as_owner(programs() + "/pg_ctl -D " + scratch_.path() +
             "/data -w -t 60 -m immediate stop > /dev/null 2>&1");
}

int Cluster::as_owner(const std::string& command) const {
    const auto in_place = "cd " + scratch_.path() + " && " + command;
    if (geteuid() != 0) return std::system(in_place.c_str());
    return std::system(("runuser -u postgres -- sh -c '" +
                        [&] {
                            std::string quoted;
                            for (const char c : in_place) {
                                if (c == '\'')
                                    quoted += "'\\''";
                                else
                                    quoted += c;
                            }
                            return quoted;
                        }() +
                        "'")
                           .c_str());
}

std::string Cluster::log() const {
    std::ostringstream text;
    text << std::ifstream(scratch_.path() + "/log").rdbuf();
    return text.str();
}

std::string Cluster::address() const {
    return "postgresql://postgres@/postgres?host=" + scratch_.path();
}

}  // namespace weir::sample
