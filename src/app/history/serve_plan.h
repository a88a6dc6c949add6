// ServePlan: the command line of `weir history serve`, resolved; what would be unsafe is refused.
#pragma once

#include <string>
#include <vector>

#include <CLI/App.hpp>

#include "app/history/team_site.h"
#include "base/result.h"
#include "net/address.h"

namespace weir::app {

struct ServeFlags {
    std::vector<std::string> configs;  // none: weir.toml
    std::string store;
    std::vector<std::string> results;
    std::string listen = "127.0.0.1:8780";
    std::vector<std::string> hosts;
    std::string token_variable;
    std::string token_file;
    bool quiet = false;

    void add_to(CLI::App& app);
};

struct ServePlan {
    TeamSitePlan site;
    net::Endpoint listen;
};

/// Reads the configurations, people's keys and the token. The error says which flag is to be
/// changed.
[[nodiscard]] base::Result<ServePlan> resolve(const ServeFlags& flags, std::string_view page);

/// 127.0.0.0/8 and ::1: nobody else's machine reaches it.
[[nodiscard]] bool is_loopback(const net::IpAddress& address) noexcept;

}  // namespace weir::app
