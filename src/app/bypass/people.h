// People: who may ask for a bypass and who may allow one, by the keys that weir.toml names.
#pragma once

#include <set>
#include <string>

#include "attest/bypass.h"
#include "attest/keys.h"
#include "base/result.h"
#include "plan/suite.h"

namespace weir::app {

struct BypassPeople {
    attest::BypassPolicy policy;
    std::set<std::string> may_request;  // names
    std::set<std::string> may_approve;
};

/// Reads everybody's public key. `config`: weir.toml, from where the files are named. The error
/// names the person whose key cannot be read.
[[nodiscard]] base::Result<BypassPeople> read_people(const plan::BypassRule& rule,
                                                     const std::string& config);

/// `where`: a file, or env:NAME for a variable that holds the PEM text itself. The error quotes
/// none of it.
[[nodiscard]] base::Result<attest::PrivateKey> read_private_key(const std::string& where);

/// Somebody who signs: the name that goes with the key.
struct Signer {
    std::string name;
    attest::PrivateKey key;
};
/// `as`: the name that is claimed; empty: whoever the key belongs to. The error says when the key
/// is nobody's, or another's; then `refused` is true: it is no mistake of the command line.
[[nodiscard]] base::Result<Signer> read_signer(const BypassPeople& people,
                                               const std::string& as,
                                               const std::string& where,
                                               bool& refused);

}  // namespace weir::app
