#include "app/prove/deployment.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <thread>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "app/prove/loopback.h"
#include "app/result_directory.h"
#include "base/format.h"
#include "base/json.h"
#include "rt/clock.h"

namespace weir::app {
namespace {

using base::Error;
using base::Result;

constexpr auto patience = std::chrono::seconds(120);
constexpr auto glance = std::chrono::milliseconds(50);

/// Free a moment ago, which is all that anyone can say.
std::uint16_t free_port() {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    auto address = loopback(0);
    socklen_t size = sizeof address;
    ::bind(socket, reinterpret_cast<sockaddr*>(&address), size);
    getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
    close(socket);
    return ntohs(address.sin_port);
}

bool listens(std::uint16_t port) {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const auto address = loopback(port);
    const bool connected =
        connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    close(socket);
    return connected;
}

void replace_all(std::string& text, std::string_view word, const std::string& by) {
    for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + by.size())) {
        text.replace(at, word.size(), by);
    }
}

/// What a ready file says; nothing while it is not there.
std::string url_in(const std::string& path) {
    const auto text = read_file(path);
    if (!text.ok()) return {};
    const auto json = base::parse_json(text.value());
    if (json.ok() && json.value().is_object()) return base::text_or(json.value(), "url", "");
    return text.value().substr(0, text.value().find_first_of("\r\n"));
}

std::string last_words(const std::string& log) {
    auto text = read_file(log);
    if (!text.ok() || text.value().empty()) return "it said nothing";
    constexpr std::size_t most = 400;
    const auto& all = text.value();
    return "it said last: " + all.substr(all.size() - std::min(all.size(), most));
}

}  // namespace

Result<Deployment> Deployment::start(const Version& version, const std::string& directory) {
    if (version.command.empty() && version.words.empty()) {
        return Deployment(version.url, std::nullopt);
    }
    const std::string log = directory + "/" + version.name + ".log";
    const std::string ready = directory + "/" + version.name + ".ready";
    std::error_code ignored;
    std::filesystem::remove(ready, ignored);
    ChildPlan plan{.words = version.words, .directory = {}, .log = log};
    if (plan.words.empty()) plan.words = {"/bin/sh", "-c", version.command};
    const std::uint16_t port = free_port();
    bool by_port = false;
    bool by_file = false;
    for (auto& word : plan.words) {
        by_port = by_port || word.find("{port}") != std::string::npos;
        by_file = by_file || word.find("{ready_file}") != std::string::npos;
        replace_all(word, "{port}", std::to_string(port));
        replace_all(word, "{ready_file}", ready);
    }
    if (!by_port && !by_file && version.url.empty()) {
        return Error{
            base::Code::invalid,
            base::format("the command of the {} version tells nobody where it answers: use "
                         "{{port}} or {{ready_file}} in it, or give its URL",
                         version.name)};
    }
    TRY(auto child, Child::start(plan));
    std::string url = version.url;
    if (by_port && url.empty()) url = base::format("http://127.0.0.1:{}", port);
    const auto until = rt::SystemClock().now() + patience;
    while (rt::SystemClock().now() < until) {
        if (const auto code = child.ended()) {
            return Error{base::Code::io, base::format("the {} version ended with code {}: {}",
                                                      version.name, *code, last_words(log))};
        }
        if (by_file) {
            if (auto told = url_in(ready); !told.empty()) {
                return Deployment(std::move(told), std::move(child));
            }
        } else if (!by_port || listens(port)) {
            return Deployment(std::move(url), std::move(child));
        }
        std::this_thread::sleep_for(glance);
    }
    return Error{base::Code::timeout,
                 base::format("the {} version was not ready in two minutes: {}", version.name,
                              last_words(log))};
}

}  // namespace weir::app
