// Question: what `weir verify` is asked, and what it answers.
#pragma once

#include <string>
#include <vector>

#include "app/bypass/people.h"
#include "attest/admission.h"
#include "attest/keys.h"
#include "base/result.h"
#include "notify/notice.h"
#include "plan/suite.h"

namespace weir::app {

struct VerifyQuestion {
    plan::Suite suite;
    attest::AdmissionWanted wanted;
    std::vector<attest::Candidate> presented;  // files; empty: what the store holds
    std::vector<attest::PublicKey> trusted;
    BypassPeople people;
    std::string no_bypass;  // why none can be judged: a person's key cannot be read
    bool require_store = false;
};

struct VerifyAnswer {
    attest::Admission admission;
    std::string bypass;                   // its id, when the deployment is admitted by one
    std::vector<notify::Notice> notices;  // to be sent: the use of a bypass
};

/// Public keys: attest.trusted, relative to `config`, and `more`, relative to here. The error names
/// the file.
[[nodiscard]] base::Result<std::vector<attest::PublicKey>> read_trusted(
    const plan::AttestRule& rule, const std::string& config, const std::vector<std::string>& more);

/// Asks the store, where there is one, and writes down what it was asked and answered there: an
/// admission by a bypass takes one of its uses. Without the store a pass can be admitted, with a
/// warning. `here`: this machine's time.
[[nodiscard]] VerifyAnswer answer(const VerifyQuestion& question, base::WallTime here);

}  // namespace weir::app
