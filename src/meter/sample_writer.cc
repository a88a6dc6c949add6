#include "meter/sample_writer.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include "meter/sample_file.h"
#include "meter/sample_lines.h"

namespace weir::meter {
namespace {

constexpr std::size_t batch_most = 4096;
/// How long the thread sleeps when no tap had anything: a ring holds far more than comes meanwhile.
constexpr auto rest = std::chrono::milliseconds(20);

/// A tap and what the writer knows of its tag sets.
struct Line {
    SampleTap tap;
    std::vector<record::Tags> tags;
    std::vector<std::vector<std::string>> rendered;  // by file, then by TagSetId
};

}  // namespace

struct SampleWriter::State {
    const Registry* registry;
    Epoch epoch;
    std::vector<std::unique_ptr<SampleFile>> files;
    std::vector<std::unique_ptr<Line>> lines;
    std::vector<record::MetricSpec> specs;
    std::vector<TappedSample> batch;
    std::vector<Point> points;
    std::atomic<std::uint64_t> unwritten{0};
    std::mutex stopping;
    std::condition_variable stop_asked;
    bool stop = false;  // guarded by stopping
    std::thread thread;

    void run();
    [[nodiscard]] bool drain_all();
    void learn_tags(Line& line) const;
    void write(const Line& line, const TappedSample& sample);
};

/// Samples are drained before tag sets are learnt: a sample's tags were defined before it was
/// added.
bool SampleWriter::State::drain_all() {
    bool any = false;
    for (const auto& line : lines) {
        batch.clear();
        if (!line->tap.drain(batch, batch_most)) continue;
        any = true;
        learn_tags(*line);
        for (const auto& sample : batch) write(*line, sample);
    }
    std::uint64_t lost = 0;
    for (const auto& file : files) lost += file->unwritten();
    unwritten.store(lost, std::memory_order_relaxed);
    return any;
}

void SampleWriter::State::learn_tags(Line& line) const {
    const std::size_t known = line.tags.size();
    line.tap.drain_tags(line.tags);
    for (std::size_t f = 0; f < files.size(); ++f) {
        for (std::size_t i = known; i < line.tags.size(); ++i) {
            line.rendered[f].push_back(files[f]->render(line.tags[i]));
        }
    }
}

void SampleWriter::State::write(const Line& line, const TappedSample& sample) {
    points.clear();
    if (sample.is_http) {
        append_points(points, sample.http);
    } else {
        points.push_back({sample.metric, sample.value});
    }
    const base::WallTime at = epoch.wall + (sample.at - epoch.instant);
    for (const auto& point : points) {
        const auto metric = static_cast<std::size_t>(point.metric);
        if (metric >= specs.size()) specs = registry->specs();
        for (std::size_t f = 0; f < files.size(); ++f) {
            const std::string& tags = line.rendered[f][static_cast<std::size_t>(sample.tags)];
            files[f]->add(point.metric, specs[metric], at, point.value, tags);
        }
    }
}

void SampleWriter::State::run() {
    while (true) {
        if (drain_all()) continue;
        for (const auto& file : files) file->flush();
        std::unique_lock lock(stopping);
        if (stop_asked.wait_for(lock, rest, [this] { return stop; })) break;
    }
    while (drain_all()) {
    }
}

SampleWriter::SampleWriter(std::unique_ptr<State> state) : state_(std::move(state)) {}

base::Result<std::unique_ptr<SampleWriter>> SampleWriter::open(
    const std::vector<SampleOutput>& outputs, const Registry& registry, Epoch epoch) {
    auto state = std::make_unique<State>();
    state->registry = &registry;
    state->epoch = epoch;
    for (const auto& output : outputs) {
        TRY(auto file, SampleFile::open(output));
        state->files.push_back(std::move(file));
    }
    return std::unique_ptr<SampleWriter>(new SampleWriter(std::move(state)));
}

SampleWriter::~SampleWriter() {
    (void)finish();
}

SampleTap& SampleWriter::add_tap() {
    auto line = std::make_unique<Line>();
    line->rendered.resize(state_->files.size());
    state_->lines.push_back(std::move(line));
    return state_->lines.back()->tap;
}

void SampleWriter::start() {
    state_->thread = std::thread([this] { state_->run(); });
}

base::Result<void> SampleWriter::finish() {
    if (state_->thread.joinable()) {
        {
            const std::scoped_lock lock(state_->stopping);
            state_->stop = true;
        }
        state_->stop_asked.notify_one();
        state_->thread.join();
    }
    base::Result<void> result;
    std::uint64_t lost = 0;
    for (const auto& file : state_->files) {
        auto closed = file->close();
        if (!closed.ok() && result.ok()) result = closed;
        lost += file->unwritten();
    }
    state_->unwritten.store(lost, std::memory_order_relaxed);
    return result;
}

std::uint64_t SampleWriter::dropped() const noexcept {
    std::uint64_t lost = state_->unwritten.load(std::memory_order_relaxed);
    for (const auto& line : state_->lines) lost += line->tap.dropped();
    return lost;
}

}  // namespace weir::meter
