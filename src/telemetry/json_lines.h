// JSON lines: one object a series and push, with what is new and what there is in all.
#pragma once

#include <string>
#include <vector>

#include "telemetry/changes.h"
#include "telemetry/encoder.h"

namespace weir::telemetry {

/// docs/formats/telemetry-json.md says what stands in a line.
class JsonLines final : public Encoder {
public:
    /// `gzip`: each parcel is a member of a gzip file.
    JsonLines(std::string run_id, bool gzip) : run_id_(std::move(run_id)), gzip_(gzip) {}
    [[nodiscard]] std::vector<Parcel> encode(const Moment& moment) override;
    void taken(const SharedMoment& moment, const Parcel& parcel) override;
    [[nodiscard]] bool increments() const noexcept override { return true; }

private:
    std::string run_id_;
    bool gzip_;
    Changes changes_;
};

}  // namespace weir::telemetry
