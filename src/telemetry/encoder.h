// Encoder: a tool's words for a run's figures: moments in, bytes out. No socket, no clock.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "telemetry/moment.h"

namespace weir::telemetry {

/// The bytes of one request, one datagram or one piece of a file.
struct Parcel {
    std::string body;
    /// The series [first, last) of the moment that it is the last to tell of.
    std::size_t first = 0;
    std::size_t last = 0;
};

/// One output's. Moments come in the order of time; some may be left out.
class Encoder {
public:
    virtual ~Encoder() = default;
    /// All that the receiver should be told now, in the order in which it should hear of it.
    [[nodiscard]] virtual std::vector<Parcel> encode(const Moment& moment) = 0;
    /// The receiver has a parcel of that moment. Until it is said, increments are told again as a
    /// part of later ones; outputs whose figures are cumulative need not know.
    virtual void taken(const SharedMoment& moment, const Parcel& parcel) {
        (void)moment;
        (void)parcel;
    }
    /// Increments: a parcel of which nobody knows whether it arrived must be sent again as it was,
    /// not counted anew.
    [[nodiscard]] virtual bool increments() const noexcept { return false; }
};

}  // namespace weir::telemetry
