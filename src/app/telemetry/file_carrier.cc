#include "app/telemetry/file_carrier.h"

#include <cerrno>
#include <system_error>
#include <utility>

#include "base/format.h"

namespace weir::app {
namespace {

base::Error error_of(const std::string& path) {
    return {base::Code::io,
            base::format("writing {}: {}", path, std::generic_category().message(errno))};
}

}  // namespace

base::Result<std::unique_ptr<FileCarrier>> FileCarrier::make(const std::string& path) {
    File file(std::fopen(path.c_str(), "wbe"));
    if (!file) return error_of(path);
    return std::unique_ptr<FileCarrier>(new FileCarrier(std::move(file), path));
}

Carried FileCarrier::carry(std::span<const telemetry::Parcel> parcels, base::Instant /*deadline*/) {
    Carried carried;
    for (const auto& parcel : parcels) {
        const auto& body = parcel.body;
        const bool written = std::fwrite(body.data(), 1, body.size(), file_.get()) == body.size();
        if (!written || std::fflush(file_.get()) != 0) {
            // A part may be there: what follows would not be read.
            carried.end = Carried::End::bad;
            carried.words = error_of(path_).text;
            return carried;
        }
        carried.parcels += 1;
    }
    return carried;
}

}  // namespace weir::app
