// BypassDesk: what every `weir bypass` command needs: the suite, its people, and its ledger.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <CLI/App.hpp>

#include "app/bypass/book.h"
#include "app/bypass/people.h"
#include "base/result.h"
#include "gate/exit_code.h"
#include "ledger/ledger.h"
#include "notify/notice.h"
#include "plan/suite.h"
#include "report/bypass_text.h"

namespace weir::app {

struct DeskFlags {
    std::string config = "weir.toml";
    std::string store;        // empty: the suite's
    std::string environment;  // empty: the first
    bool json = false;

    void add_to(CLI::App& app);
};

struct BypassDesk {
    std::string config;  // weir.toml
    plan::Suite suite;
    std::string environment;
    BypassPeople people;
    ledger::Ledger ledger;
};

/// Rows that waited in the outbox are written, too. The error says what is missing.
[[nodiscard]] base::Result<BypassDesk> open_desk(const DeskFlags& flags);

/// Says why there is no desk; the code to end with.
[[nodiscard]] gate::ExitCode desk_error(const base::Error& error);

/// Who signs: --as and --key; without --key the variable WEIR_KEY.
struct SignerFlags {
    std::string as;
    std::string key;

    void add_to(CLI::App& app);
};

/// What a command comes to.
struct DeskOutcome {
    gate::ExitCode code = gate::ExitCode::ok;
    std::string text;  // for standard output; of a refusal: standard error
    std::vector<notify::Notice> notices{};
};

/// Something that may not be: exit code 14, a row that says who wanted what and why not, a notice.
[[nodiscard]] base::Result<DeskOutcome> refuse(ledger::AuditTurn& turn,
                                               ledger::AuditEntry about,
                                               const std::string& what,
                                               const std::string& who,
                                               const std::string& why);

/// One turn at the desk's ledger, in which it is noted first what has expired; prints what comes
/// of it, and sends its notices.
using DeskWork = std::function<base::Result<DeskOutcome>(ledger::AuditTurn&)>;
[[nodiscard]] gate::ExitCode at_desk(BypassDesk& desk, const DeskWork& work);

/// Sends notices as the desk's weir.toml says.
void tell(const BypassDesk& desk, const std::vector<notify::Notice>& told);

/// The book of the desk's suite and environment.
[[nodiscard]] base::Result<BypassBook> book_of(const BypassDesk& desk, ledger::AuditTurn& turn);
[[nodiscard]] report::BypassLine line_of(const BookedBypass& bypass,
                                         const attest::BypassStanding& standing);

[[nodiscard]] gate::ExitCode bypass_request(const std::vector<std::string>& arguments);
[[nodiscard]] gate::ExitCode bypass_approve(const std::vector<std::string>& arguments);
[[nodiscard]] gate::ExitCode bypass_revoke(const std::vector<std::string>& arguments);
[[nodiscard]] gate::ExitCode bypass_list(const std::vector<std::string>& arguments);
[[nodiscard]] gate::ExitCode bypass_verify(const std::vector<std::string>& arguments);

}  // namespace weir::app
