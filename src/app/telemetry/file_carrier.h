// FileCarrier: parcels one behind the other in a file that others may follow.
#pragma once

#include <cstdio>
#include <memory>
#include <string>

#include "app/telemetry/carrier.h"
#include "base/result.h"

namespace weir::app {

class FileCarrier final : public Carrier {
public:
    /// Makes the file, or empties it. The error names it.
    [[nodiscard]] static base::Result<std::unique_ptr<FileCarrier>> make(const std::string& path);
    [[nodiscard]] Carried carry(std::span<const telemetry::Parcel> parcels,
                                base::Instant deadline) override;

private:
    struct Close {
        void operator()(std::FILE* file) const noexcept { (void)std::fclose(file); }
    };
    using File = std::unique_ptr<std::FILE, Close>;
    FileCarrier(File file, std::string path) : file_(std::move(file)), path_(std::move(path)) {}

    File file_;
    std::string path_;
};

}  // namespace weir::app
