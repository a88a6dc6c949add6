// Carrier: how an output's parcels leave: over HTTP, as datagrams, into a file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "base/time.h"
#include "telemetry/encoder.h"

namespace weir::app {

/// What became of some parcels.
struct Carried {
    enum class End : std::uint8_t {
        all,      // all are with the receiver
        later,    // nobody knows whether the next one arrived: the same bytes should be sent again
        missed,   // the next one did not arrive
        refused,  // the receiver will not have anything from us: who we are, or where it is
        bad,      // it will not have this parcel
    };
    End end = End::all;
    std::size_t parcels = 0;  // that are with the receiver, from the first on
    std::string words;        // why not all; or, of what it took, what it said of it
    base::Nanos wait{};       // it asked to be left alone for so long
};

/// On the telemetry thread's fibers. May park.
class Carrier {
public:
    virtual ~Carrier() = default;
    /// Gives up at `deadline`.
    [[nodiscard]] virtual Carried carry(std::span<const telemetry::Parcel> parcels,
                                        base::Instant deadline) = 0;
};

}  // namespace weir::app
