#include "meter/sample_file.h"

#include <cerrno>
#include <system_error>
#include <utility>

#include <zlib.h>

#include "base/format.h"
#include "meter/sample_lines.h"

namespace weir::meter {
namespace {

constexpr std::size_t text_most = std::size_t{1} << 16U;

std::string why(int error) {
    return std::generic_category().message(error);
}

}  // namespace

struct SampleFile::Sink {
    gzFile file = nullptr;
    ~Sink() {
        if (file != nullptr) (void)gzclose(file);
    }
};

SampleFile::SampleFile(SampleOutput output, std::unique_ptr<Sink> sink)
    : output_(std::move(output)), sink_(std::move(sink)) {
    if (output_.format == SampleFormat::csv) text_ = csv_lines::header();
}
SampleFile::~SampleFile() = default;

base::Result<std::unique_ptr<SampleFile>> SampleFile::open(SampleOutput output) {
    auto sink = std::make_unique<Sink>();
    errno = 0;
    // zlib's "T" writes as is; level 1, for samples come fast and compress well anyway.
    sink->file = gzopen(output.path.c_str(), output.path.ends_with(".gz") ? "wbe1" : "wbeT");
    if (sink->file == nullptr) {
        return base::Error{base::Code::io,
                           base::format("opening {} for samples (--out): {}; choose a file in a "
                                        "folder that exists and may be written to",
                                        output.path, why(errno == 0 ? ENOMEM : errno))};
    }
    return std::unique_ptr<SampleFile>(new SampleFile(std::move(output), std::move(sink)));
}

std::string SampleFile::render(const record::Tags& tags) const {
    return output_.format == SampleFormat::csv ? csv_lines::tags(tags) : json_lines::tags(tags);
}

void SampleFile::add(record::MetricId metric,
                     const record::MetricSpec& spec,
                     base::WallTime at,
                     double value,
                     const std::string& rendered_tags) {
    if (output_.format == SampleFormat::csv) {
        csv_lines::append_point(text_, spec, at, value, rendered_tags);
    } else {
        const auto index = static_cast<std::size_t>(metric);
        if (index >= declared_.size()) declared_.resize(index + 1, false);
        if (!declared_[index]) text_ += json_lines::metric(spec);
        declared_[index] = true;
        json_lines::append_point(text_, spec, at, value, rendered_tags);
    }
    ++points_in_text_;
    if (text_.size() >= text_most) write_out();
}

void SampleFile::write_out() {
    if (failure_.empty() && !text_.empty()) {
        errno = 0;
        const auto size = static_cast<unsigned>(text_.size());
        if (gzwrite(sink_->file, text_.data(), size) == 0) failure_ = why(errno == 0 ? EIO : errno);
    }
    if (!failure_.empty()) unwritten_ += points_in_text_;
    text_.clear();
    points_in_text_ = 0;
}

void SampleFile::flush() {
    write_out();
    // A flushed deflate block costs compression: only plain files are followed while they grow.
    if (!failure_.empty() || output_.path.ends_with(".gz")) return;
    errno = 0;
    if (gzflush(sink_->file, Z_SYNC_FLUSH) != Z_OK) failure_ = why(errno == 0 ? EIO : errno);
}

base::Result<void> SampleFile::close() {
    write_out();
    if (sink_->file != nullptr) {
        errno = 0;
        const int status = gzclose(std::exchange(sink_->file, nullptr));
        if (status != Z_OK && failure_.empty()) failure_ = why(errno == 0 ? EIO : errno);
    }
    if (failure_.empty()) return {};
    return base::Error{base::Code::io,
                       base::format("writing samples to {}: {}; the file is not complete (the "
                                    "run's result is, for it does not depend on the file)",
                                    output_.path, failure_)};
}

}  // namespace weir::meter
