// SampleWriter: the thread that turns tapped samples into files: --out json=… and --out csv=….
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "meter/registry.h"
#include "meter/sample_tap.h"

namespace weir::meter {

enum class SampleFormat : std::uint8_t { json, csv };

struct SampleOutput {
    SampleFormat format = SampleFormat::json;
    std::string path;  // gzip when it ends in ".gz"; "-" is refused by the caller
};

/// What turns instants into civil time.
struct Epoch {
    base::Instant instant{};
    base::WallTime wall{};
};

/// Opens its files first, then starts its thread with the first tap. finish() writes what is left.
class SampleWriter {
public:
    /// The Error names the file that could not be opened and why.
    [[nodiscard]] static base::Result<std::unique_ptr<SampleWriter>> open(
        const std::vector<SampleOutput>& outputs, const Registry& registry, Epoch epoch);
    ~SampleWriter();
    SampleWriter(const SampleWriter&) = delete;
    SampleWriter& operator=(const SampleWriter&) = delete;

    /// One for each worker; before start(). Lives as long as the writer.
    [[nodiscard]] SampleTap& add_tap();
    void start();
    /// After the workers have ended; again has no effect. The Error says what could not be written
    /// (disk full…), once.
    [[nodiscard]] base::Result<void> finish();
    /// Samples that did not reach the files, so far.
    [[nodiscard]] std::uint64_t dropped() const noexcept;

private:
    struct State;
    explicit SampleWriter(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace weir::meter
