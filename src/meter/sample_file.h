// SampleFile: one output of samples: text in k6's form, to a file that is gzipped when it ends in
// .gz.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "meter/sample_writer.h"
#include "record/metric.h"
#include "record/tags.h"

namespace weir::meter {

/// Not thread-safe. After a failed write it swallows what comes and counts it.
class SampleFile {
public:
    [[nodiscard]] static base::Result<std::unique_ptr<SampleFile>> open(SampleOutput output);
    ~SampleFile();
    SampleFile(const SampleFile&) = delete;
    SampleFile& operator=(const SampleFile&) = delete;

    /// Tags as this form writes them, to be kept and handed to add().
    [[nodiscard]] std::string render(const record::Tags& tags) const;
    void add(record::MetricId metric,
             const record::MetricSpec& spec,
             base::WallTime at,
             double value,
             const std::string& rendered_tags);
    /// Hands everything so far to the operating system, so that a reader sees it.
    void flush();
    [[nodiscard]] std::uint64_t unwritten() const noexcept { return unwritten_; }
    /// Flushes and closes. The Error says why not everything was written.
    [[nodiscard]] base::Result<void> close();

private:
    struct Sink;  // a zlib file
    SampleFile(SampleOutput output, std::unique_ptr<Sink> sink);
    void write_out();

    SampleOutput output_;
    std::unique_ptr<Sink> sink_;
    std::string text_;
    std::uint64_t points_in_text_ = 0;
    std::uint64_t unwritten_ = 0;
    std::vector<bool> declared_;  // json: metrics whose line has been written
    std::string failure_;
};

}  // namespace weir::meter
