#include "meter/recorder.h"

#include <algorithm>
#include <deque>
#include <vector>

#include "base/assert.h"
#include "meter/http_totals.h"
#include "meter/sample_tap.h"
#include "meter/snapshot.h"
#include "meter/tag_sets.h"

namespace weir::meter {
namespace {

constexpr std::size_t name_unknown = SIZE_MAX;      // not looked up yet
constexpr std::size_t name_missing = SIZE_MAX - 1;  // the tag set has no name

/// One metric of a tag set. Few metrics share a tag set, so they are found by looking along.
struct Cell {
    record::MetricId metric{};
    record::Aggregate total;
};

/// What one tag set's samples add up to.
struct Bundle {
    std::unique_ptr<HttpTotals> http;  // null until there is an HTTP sample
    std::vector<Cell> cells;
    std::size_t name = name_unknown;  // index among the windows' names
};

}  // namespace

struct Recorder::State {
    const Registry* registry;
    SampleTap* tap;
    TagSets tag_sets;
    std::deque<Bundle> bundles;  // by TagSetId
    record::Windows windows;
    base::Instant windows_start;
    record::Window* window = nullptr;  // that of the last sample: the next is mostly in it too
    base::Instant window_from{};
    base::Instant window_until{};

    [[nodiscard]] Bundle& bundle(record::TagSetId tags) {
        const auto index = static_cast<std::size_t>(tags);
        CHECK(index < bundles.size());
        return bundles[index];
    }

    [[nodiscard]] record::Window& window_at(base::Instant at) {
        if (window != nullptr && window_from <= at && at < window_until) return *window;
        const base::Nanos since = std::max(at - windows_start, base::Nanos{});
        window = &windows.at(since);
        window_from = windows_start + since / windows.width() * windows.width();
        window_until = window_from + windows.width();
        return *window;
    }

    [[nodiscard]] record::Aggregate& total_of(Bundle& bundle, record::MetricId metric) const {
        for (auto& cell : bundle.cells) {
            if (cell.metric == metric) return cell.total;
        }
        bundle.cells.push_back({metric, record::aggregate_for(registry->at(metric))});
        return bundle.cells.back().total;
    }

    void count_request(Bundle& own, record::TagSetId tags, const record::HttpSample& sample);
    void count_in_window(record::MetricId metric, double value, base::Instant at);
    [[nodiscard]] Snapshot snapshot(const std::vector<bool>& trends) const;
};

/// The windows' view of one finished request.
void Recorder::State::count_request(Bundle& own,
                                    record::TagSetId tags,
                                    const record::HttpSample& sample) {
    record::Window& now = window_at(sample.end);
    const bool failed = sample.judged && !sample.expected;
    now.requests += 1;
    now.failed += failed ? 1 : 0;
    now.bytes_sent += sample.bytes_sent;
    now.bytes_received += sample.bytes_received;
    if (own.name == name_unknown) {
        const std::string* name = tag_sets.at(tags).find("name");
        own.name = name == nullptr ? name_missing : windows.name_index(*name);
    }
    if (own.name == name_missing) return;
    auto& named = record::Windows::of_name(now, own.name);
    named.requests += 1;
    if (failed) {
        named.failed += 1;
    } else {
        named.response_time.add(std::max<std::int64_t>(sample.response_time().count(), 0));
    }
}

void Recorder::State::count_in_window(record::MetricId metric, double value, base::Instant at) {
    if (metric == id_of(Builtin::iterations)) {
        window_at(at).iterations_finished += static_cast<std::uint64_t>(value);
    } else if (metric == id_of(Builtin::dropped_iterations)) {
        window_at(at).iterations_dropped += static_cast<std::uint64_t>(value);
    } else if (metric == id_of(Builtin::vus)) {
        record::Window& now = window_at(at);
        now.vus = std::max(now.vus, value);
    }
}

Snapshot Recorder::State::snapshot(const std::vector<bool>& trends) const {
    Snapshot snapshot;
    const auto wanted = [&trends](const Cell& cell) {
        const auto index = static_cast<std::size_t>(cell.metric);
        return !std::holds_alternative<stats::Distribution>(cell.total) ||
               (index < trends.size() && trends[index]);
    };
    for (std::size_t i = 0; i < bundles.size(); ++i) {
        const Bundle& bundle = bundles[i];
        const record::Tags& tags = tag_sets.at(static_cast<record::TagSetId>(i));
        if (bundle.http) bundle.http->append_series(snapshot.series, tags, trends);
        for (const auto& cell : bundle.cells) {
            if (wanted(cell)) snapshot.series.push_back({cell.metric, tags, cell.total});
        }
    }
    snapshot.tag_sets = tag_sets.size();
    snapshot.tag_sets_collapsed = tag_sets.collapsed();
    snapshot.samples_untapped = tap == nullptr ? 0 : tap->dropped();
    return snapshot;
}

Recorder::Recorder(const Registry& registry, base::Instant run_start, SampleTap* tap)
    : Recorder(registry, run_start, tap, default_tag_sets_most) {}

Recorder::Recorder(const Registry& registry,
                   base::Instant run_start,
                   SampleTap* tap,
                   std::size_t tag_sets_most)
    : state_(std::make_unique<State>(State{.registry = &registry,
                                           .tap = tap,
                                           .tag_sets = TagSets(tag_sets_most),
                                           .bundles = {},
                                           .windows = {},
                                           .windows_start = run_start})) {}
Recorder::~Recorder() = default;

record::TagSetId Recorder::intern(const record::Tags& tags) {
    const auto [id, fresh] = state_->tag_sets.intern(tags);
    if (fresh) {
        state_->bundles.emplace_back();
        if (state_->tap != nullptr) state_->tap->define(id, state_->tag_sets.at(id));
    }
    return id;
}

void Recorder::add_http(record::TagSetId tags, const record::HttpSample& sample) {
    if (!sample.finished) {
        const base::Nanos age = std::max(sample.response_time(), base::Nanos{});
        add(id_of(Builtin::weir_unfinished), tags, base::to_ms(age), sample.end);
        return;
    }
    Bundle& own = state_->bundle(tags);
    if (!own.http) own.http = std::make_unique<HttpTotals>();
    own.http->add(sample);
    state_->count_request(own, tags, sample);
    if (state_->tap != nullptr) state_->tap->add_http(tags, sample);
}

void Recorder::add(record::MetricId metric, record::TagSetId tags, double value, base::Instant at) {
    record::add(state_->total_of(state_->bundle(tags), metric), value, at);
    if (metric <= id_of(Builtin::dropped_iterations)) state_->count_in_window(metric, value, at);
    if (state_->tap != nullptr) state_->tap->add(metric, tags, value, at);
}

void Recorder::start_windows(base::Instant run_start) {
    state_->windows = {};
    state_->windows_start = run_start;
    state_->window = nullptr;
    for (auto& bundle : state_->bundles) bundle.name = name_unknown;
}

void Recorder::note_iteration_start(base::Instant at) {
    state_->window_at(at).iterations_started += 1;
}

Snapshot Recorder::take_snapshot() const {
    Snapshot snapshot = state_->snapshot(std::vector<bool>(state_->registry->size(), true));
    snapshot.windows = state_->windows;
    return snapshot;
}

Snapshot Recorder::take_snapshot(std::span<const record::MetricId> trends) const {
    std::vector<bool> marked(state_->registry->size(), false);
    for (const auto metric : trends) marked[static_cast<std::size_t>(metric)] = true;
    return state_->snapshot(marked);
}

void Snapshot::merge(Snapshot other) {
    record::merge_series(series, std::move(other.series));
    windows.merge(other.windows);
    tag_sets += other.tag_sets;
    tag_sets_collapsed += other.tag_sets_collapsed;
    samples_untapped += other.samples_untapped;
}

}  // namespace weir::meter
