// `weir key`: key pairs for signing verdicts and bypasses.
#include <cerrno>
#include <cstring>
#include <string>

#include <CLI/CLI.hpp>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/command.h"
#include "app/command_line.h"
#include "app/result_directory.h"
#include "app/terminal.h"
#include "attest/keys.h"
#include "base/format.h"

namespace weir::app {
namespace {

using base::Error;
using base::Result;
using gate::ExitCode;

constexpr std::string_view usage =
    "weir key: key pairs (Ed25519) for signing verdicts and bypasses\n\n"
    "  weir key new --out FILE     a new pair: FILE signs and is kept secret, FILE.pub checks\n"
    "  weir key id FILE            the id of a key, private or public\n\n"
    "weir key COMMAND --help says more; docs/attestation.md says what keys are for.\n";

Error failed(std::string_view doing, const std::string& path) {
    return {base::Code::io, base::format("{} {}: {}", doing, path, std::strerror(errno))};
}

/// A new file that only its owner can read, from its first byte on. A file or link that is there
/// already is never written into.
Result<void> write_secret(const std::string& path, std::string_view bytes) {
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0) return failed("writing", path);
    std::string_view left = bytes;
    bool good = ::fchmod(file, 0600) == 0;  // whatever the mask
    while (good && !left.empty()) {
        const auto written = ::write(file, left.data(), left.size());
        if (written > 0) left.remove_prefix(static_cast<std::size_t>(written));
        good = written > 0 || errno == EINTR;
    }
    good = good && ::fsync(file) == 0;
    const auto error = failed("writing", path);
    ::close(file);
    if (good) return {};
    ::unlink(path.c_str());
    return error;
}

bool exists(const std::string& path) {
    struct stat ignored {};
    return ::lstat(path.c_str(), &ignored) == 0;
}

Result<void> make_key_pair(const std::string& path, bool force) {
    const std::string public_path = path + ".pub";
    for (const auto& each : {path, public_path}) {
        if (force || !exists(each)) continue;
        return Error{base::Code::invalid,
                     base::format("{} is there already, and a key that is replaced is lost; "
                                  "--force replaces it",
                                  each)};
    }
    TRY(const auto key, attest::PrivateKey::generate());
    // Beside it first: a full disk leaves the old key.
    const std::string beside = path + ".new";
    ::unlink(beside.c_str());
    const auto pem = key.pem();
    TRY_VOID(write_secret(beside, pem.view()));
    if (auto kept = write_file(public_path, key.public_key().pem()); !kept.ok()) {
        ::unlink(beside.c_str());
        return kept;
    }
    if (::rename(beside.c_str(), path.c_str()) != 0) {
        auto error = failed("writing", path);
        ::unlink(beside.c_str());
        return error;
    }
    print(base::format("private   {} (mode 0600: keep it secret)\npublic    {}\nid        {}\n",
                       path, public_path, key.public_key().id()));
    return {};
}

/// Of either half of a pair.
Result<std::string> id_in(const std::string& path) {
    TRY(auto text, read_file(path));
    const attest::SecretText pem(std::move(text));
    const auto open = attest::PublicKey::from_pem(pem.view());
    if (open.ok()) return open.value().id();
    if (pem.view().find("PRIVATE KEY-----") == std::string_view::npos) {
        return base::within(path, open.error());
    }
    const auto secret = attest::PrivateKey::from_pem(pem.view());
    if (!secret.ok()) return base::within(path, secret.error());
    return secret.value().public_key().id();
}

ExitCode complain(const Error& error) {
    print_error("error: " + error.text + "\n");
    return error.code == base::Code::io ? ExitCode::gate_error : ExitCode::usage;
}

ExitCode new_key(const Arguments& arguments) {
    std::string out;
    bool force = false;
    CLI::App app("Make a key pair.", "weir key new");
    app.add_option("--out", out, "file of the private key; the public one gets .pub behind it")
        ->required();
    app.add_flag("--force", force, "replace files that are there");
    if (const auto early = read_arguments(app, arguments)) return *early;
    if (auto made = make_key_pair(out, force); !made.ok()) return complain(made.error());
    return ExitCode::ok;
}

ExitCode key_id(const Arguments& arguments) {
    std::string file;
    CLI::App app("Print the id of a key.", "weir key id");
    app.add_option("FILE", file, "a key in PEM, private or public")->required();
    if (const auto early = read_arguments(app, arguments)) return *early;
    const auto id = id_in(file);
    if (!id.ok()) return complain(id.error());
    print(id.value() + "\n");
    return ExitCode::ok;
}

}  // namespace

ExitCode key_command(const Arguments& arguments) {
    const std::string command = arguments.empty() ? "" : arguments[0];
    const Arguments rest(arguments.begin() + (arguments.empty() ? 0 : 1), arguments.end());
    if (command == "new") return new_key(rest);
    if (command == "id") return key_id(rest);
    const bool help = command == "--help" || command == "-h";
    help ? print(usage) : print_error(usage);
    return help ? ExitCode::ok : ExitCode::usage;
}

}  // namespace weir::app
