// Provenance: where a result comes from: suite, commit, pipeline, what it was compared with.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "gate/decision.h"

namespace weir::gate {

/// Which command made a result.
enum class ResultKind : std::uint8_t { gate, run, duet };
[[nodiscard]] std::string_view word_of(ResultKind kind) noexcept;

/// The newest earlier run that passed.
struct LastGood {
    std::string run_id;
    std::string commit;  // empty: not known
    base::WallTime started{};
    [[nodiscard]] bool operator==(const LastGood&) const = default;
};

/// What neither the record nor the criteria say and a report needs. Empty texts are not known.
/// Nothing of it decides anything: `weir judge` does not read it.
struct Provenance {
    ResultKind kind = ResultKind::run;
    std::string suite;
    std::string config;                          // weir.toml, as the repository names it
    std::vector<std::uint32_t> condition_lines;  // of it, for each of the criteria's conditions
    std::string load;                            // "25 journeys per second for 1m"
    std::string commit;
    std::string branch;
    std::string artefact;  // SHA-256, 64 hexadecimal digits
    std::string pipeline_url;
    std::uint32_t attempt = 0;  // of the same gate, from 1; 0: not said
    std::string trace_url;      // with "{trace_id}" where the id goes
    std::optional<LastGood> last_good;
    std::optional<UsedBypass> bypass;
    [[nodiscard]] bool operator==(const Provenance&) const = default;
};

/// provenance.json (docs/formats/report.md); the same bytes for the same provenance.
[[nodiscard]] std::string encode(const Provenance& provenance);
/// Untrusted text. An absent member is not known; one of another type, or another version, is an
/// Error.
[[nodiscard]] base::Result<Provenance> decode_provenance(std::string_view text);

}  // namespace weir::gate
