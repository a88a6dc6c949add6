#include "app/history/serve_plan.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include <CLI/CLI.hpp>

#include "app/process_environment.h"
#include "app/result_directory.h"
#include "attest/digest.h"
#include "base/format.h"
#include "plan/suite.h"

namespace weir::app {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr std::size_t token_shortest = 16;

Error refused(std::string text) {
    return {Code::invalid, std::move(text)};
}

/// Of a file its first line, as with every secret of Weir.
Result<std::string> read_token(const ServeFlags& flags) {
    if (flags.token_variable.empty() && flags.token_file.empty()) return std::string();
    if (!flags.token_variable.empty() && !flags.token_file.empty()) {
        return refused("--token-env and --token-file: one of them is enough");
    }
    std::string token;
    std::string where = "--token-env " + flags.token_variable;
    if (!flags.token_variable.empty()) {
        const auto value = environment_variable(flags.token_variable);
        if (!value) return refused(where + ": the variable is not set");
        token = *value;
    } else {
        where = "--token-file " + flags.token_file;
        auto text = read_file(flags.token_file);
        if (!text.ok()) return base::within(where, text.error());
        token = text.value().substr(0, text.value().find_first_of("\r\n"));
    }
    const bool printable =
        std::all_of(token.begin(), token.end(), [](char c) { return c > ' ' && c <= '~'; });
    if (token.size() >= token_shortest && printable) return token;
    return refused(base::format(
        "{}: a token is {} or more printable characters without spaces, such as `openssl rand -hex "
        "24` makes",
        where, token_shortest));
}

/// What one weir.toml has to say; `results` are added to.
Result<void> take_config(const std::string& config,
                         const ServeFlags& flags,
                         TeamStorePlan& into,
                         std::vector<std::string>& results) {
    TRY(const auto text, read_file(config));
    TRY(const auto suite, plan::parse_suite(text, config));
    if (flags.store.empty()) {
        if (suite.store.empty()) {
            return refused(config + " keeps no history: its store.url is empty");
        }
        if (!into.url.empty() && into.url != suite.store) {
            return refused(base::format(
                "{} has another store than the configuration before it: one page shows "
                "one store",
                config));
        }
        into.url = suite.store;
    }
    const bool known = std::find(results.begin(), results.end(), suite.results) != results.end();
    if (flags.results.empty() && !known) results.push_back(suite.results);
    if (!suite.bypass.people.empty()) {
        TRY(into.people[suite.name], read_people(suite.bypass, config));
    }
    return {};
}

Result<TeamStorePlan> store_plan(const ServeFlags& flags) {
    TeamStorePlan made;
    made.url = flags.store;
    auto configs = flags.configs;
    const std::string by_default = "weir.toml";
    std::error_code ignored;
    // Without one, --store is enough to show runs.
    if (configs.empty() && (flags.store.empty() || std::filesystem::exists(by_default, ignored))) {
        configs.push_back(by_default);
    }
    std::vector<std::string> results = flags.results;
    for (const auto& each : configs) TRY_VOID(take_config(each, flags, made, results));
    if (results.empty()) results.push_back(plan::Suite{}.results);
    made.reports = ReportFiles(std::move(results));
    return made;
}

/// Who may call us what: on the own machine its names, elsewhere what --host says; without it any
/// name, because a token is asked for there.
std::vector<std::string> hosts_of(const ServeFlags& flags, const net::IpAddress& listen) {
    std::vector<std::string> hosts;
    for (const auto& each : flags.hosts) hosts.push_back(host_of(each));
    if (!is_loopback(listen) && hosts.empty()) return hosts;
    for (const auto& each :
         {std::string("localhost"), std::string("127.0.0.1"), std::string("::1"), listen.text()}) {
        hosts.push_back(each);
    }
    return hosts;
}

}  // namespace

bool is_loopback(const net::IpAddress& address) noexcept {
    constexpr std::uint8_t loopback_net = 127;
    if (!address.v6()) return address.bytes()[0] == loopback_net;
    const auto& bytes = address.bytes();
    return std::all_of(bytes.begin(), bytes.end() - 1, [](auto each) { return each == 0; }) &&
           bytes.back() == 1;
}

void ServeFlags::add_to(CLI::App& app) {
    app.add_option(
        "-c,--config", configs,
        "weir.toml, for the store, the results and who may bypass; may be given for each "
        "suite of the store [weir.toml]");
    app.add_option("--store", store, "sqlite:PATH or postgresql://…, instead")
        ->envname("WEIR_STORE");
    app.add_option(
        "--results", results,
        "directory of results, whose reports are linked to, instead; may be given again");
    app.add_option(
           "--listen", listen,
           "address and port; any but the own machine's asks for a token; port 0: a free one")
        ->capture_default_str();
    app.add_option("--host", hosts,
                   "name that people use for this page, where that is not localhost; may be given "
                   "again");
    app.add_option("--token-env", token_variable, "variable with the token that is asked for");
    app.add_option("--token-file", token_file, "file with the token, in its first line");
    app.add_flag("-q,--quiet", quiet, "only warnings");
}

Result<ServePlan> resolve(const ServeFlags& flags, std::string_view page) {
    ServePlan made;
    const auto listen = net::Endpoint::parse(flags.listen);
    if (!listen || flags.listen.find(':') == std::string::npos) {
        return refused(
            base::format("--listen {}: not an address with a port, such as "
                         "127.0.0.1:8780 or [::1]:8780",
                         flags.listen));
    }
    made.listen = *listen;
    for (const auto& each : flags.hosts) {
        if (host_of(each).empty()) return refused(base::format("--host {}: not a name", each));
    }
    TRY(const auto token, read_token(flags));
    if (token.empty() && !is_loopback(listen->ip)) {
        return refused(
            base::format("--listen {}: others than this machine could read along: name a "
                         "token, --token-env NAME or --token-file FILE, or listen on "
                         "127.0.0.1",
                         flags.listen));
    }
    TRY(made.site.store, store_plan(flags));
    if (!token.empty()) {
        made.site.door.token_sha256 = attest::sha256_hex(token);
        made.site.store.pass = ReportPass::with_new_key();
    }
    made.site.door.hosts = hosts_of(flags, listen->ip);
    made.site.page = page;
    return made;
}

}  // namespace weir::app
