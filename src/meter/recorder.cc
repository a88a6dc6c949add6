#include "meter/recorder.h"

#include <algorithm>
#include <charconv>
#include <deque>
#include <vector>

#include "base/assert.h"
#include "meter/http_totals.h"
#include "meter/pair_log.h"
#include "meter/sample_tap.h"
#include "meter/snapshot.h"
#include "meter/tag_sets.h"

namespace weir::meter {
namespace {

constexpr std::size_t row_unknown = SIZE_MAX;  // not looked up yet

/// One metric of a tag set. Few metrics share a tag set, so they are found by looking along.
struct Cell {
    record::MetricId metric{};
    record::Aggregate total;
};

std::uint16_t status_in(const record::Tags& tags) {
    const std::string* text = tags.find("status");
    if (text == nullptr) return 0;
    std::uint16_t status = 0;
    const auto [end, failed] = std::from_chars(text->data(), text->data() + text->size(), status);
    return failed == std::errc{} && end == text->data() + text->size() ? status : 0;
}

/// A window that was found before, and the instants that belong to it.
struct Last {
    record::Window* window = nullptr;
    base::Instant from{};
    base::Instant until{};
};

/// What one tag set's samples add up to.
struct Bundle {
    std::unique_ptr<HttpTotals> http;  // null until there is an HTTP sample
    std::vector<Cell> cells;
    std::size_t row = row_unknown;  // index among the windows' rows
    std::uint16_t status = 0;       // that the tags say
};

}  // namespace

struct Recorder::State {
    const Registry* registry;
    SampleTap* tap;
    TagSets tag_sets;
    std::deque<Bundle> bundles;  // by TagSetId
    PairLog pairs;
    record::Windows windows;
    base::Instant windows_start;
    Last ended;  // the windows that the last sample ended and
    Last begun;  // was due in: the next is mostly in them too

    [[nodiscard]] Bundle& bundle(record::TagSetId tags) {
        const auto index = static_cast<std::size_t>(tags);
        CHECK(index < bundles.size());
        return bundles[index];
    }

    [[nodiscard]] record::Window& window_at(base::Instant at, Last& last) {
        if (last.window != nullptr && last.from <= at && at < last.until) return *last.window;
        const auto* const place = windows.all().data();
        const base::Nanos width = windows.width();
        const base::Nanos since = std::max(at - windows_start, base::Nanos{});
        record::Window* const found = &windows.at(since);
        // Windows move when they grow in number or merge.
        if (windows.all().data() != place || windows.width() != width) ended = begun = {};
        last.window = found;
        last.from = windows_start + since / windows.width() * windows.width();
        last.until = last.from + windows.width();
        return *last.window;
    }
    [[nodiscard]] record::Window& window_at(base::Instant at) { return window_at(at, ended); }

    /// The part of a moment's window that belongs to a tag set.
    [[nodiscard]] record::RowWindow& row_at(base::Instant at, Bundle& own, record::TagSetId tags) {
        if (own.row == row_unknown) {
            const record::Tags& all = tag_sets.at(tags);
            own.row = windows.row_index(record::row_of(all));
            own.status = status_in(all);
        }
        return record::Windows::of_row(window_at(at, begun), own.row);
    }

    [[nodiscard]] record::Aggregate& total_of(Bundle& bundle, record::MetricId metric) const {
        for (auto& cell : bundle.cells) {
            if (cell.metric == metric) return cell.total;
        }
        bundle.cells.push_back({metric, record::aggregate_for(registry->at(metric))});
        return bundle.cells.back().total;
    }

    void count_request(Bundle& own, record::TagSetId tags, const record::HttpSample& sample);
    void count_unfinished(Bundle& own, record::TagSetId tags, const record::HttpSample& sample);
    void count_in_window(record::MetricId metric, double value, base::Instant at);
    /// Of the tag sets [first, last), and what is known of all of them.
    void add_series(Snapshot& into,
                    std::size_t first,
                    std::size_t last,
                    const std::vector<bool>& trends) const;
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
    auto& row = row_at(sample.due, own, tags);
    row.requests += 1;
    if (own.status != 0) row.add_status(own.status, 1);
    if (failed) {
        row.failed += 1;
    } else {
        row.response_time.add(std::max<std::int64_t>(sample.response_time().count(), 0));
    }
}

void Recorder::State::count_unfinished(Bundle& own,
                                       record::TagSetId tags,
                                       const record::HttpSample& sample) {
    auto& row = row_at(sample.due, own, tags);
    row.requests += 1;
    row.unfinished.add(std::max<std::int64_t>(sample.response_time().count(), 0));
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

void Recorder::State::add_series(Snapshot& into,
                                 std::size_t first,
                                 std::size_t last,
                                 const std::vector<bool>& trends) const {
    const auto wanted = [&trends](const Cell& cell) {
        const auto index = static_cast<std::size_t>(cell.metric);
        return !std::holds_alternative<stats::Distribution>(cell.total) ||
               (index < trends.size() && trends[index]);
    };
    for (std::size_t i = first; i < last; ++i) {
        const Bundle& bundle = bundles[i];
        const record::Tags& tags = tag_sets.at(static_cast<record::TagSetId>(i));
        if (bundle.http) bundle.http->append_series(into.series, tags, trends);
        for (const auto& cell : bundle.cells) {
            if (wanted(cell)) into.series.push_back({cell.metric, tags, cell.total});
        }
    }
    into.tag_sets = tag_sets.size();
    into.tag_sets_collapsed = tag_sets.collapsed();
    into.samples_untapped = tap == nullptr ? 0 : tap->dropped();
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
                                           .pairs = PairLog(),
                                           .windows = {},
                                           .windows_start = run_start,
                                           .ended = {},
                                           .begun = {}})) {}
Recorder::~Recorder() = default;

record::TagSetId Recorder::intern(const record::Tags& tags) {
    const auto [id, fresh] = state_->tag_sets.intern(tags);
    if (fresh) {
        state_->bundles.emplace_back();
        if (state_->tap != nullptr) state_->tap->define(id, state_->tag_sets.at(id));
    }
    return id;
}

const record::Tags& Recorder::tags_of(record::TagSetId id) const {
    CHECK(static_cast<std::size_t>(id) < state_->tag_sets.size());
    return state_->tag_sets.at(id);
}

void Recorder::add_http(record::TagSetId tags, const record::HttpSample& sample) {
    if (!sample.finished) {
        const base::Nanos age = std::max(sample.response_time(), base::Nanos{});
        add(id_of(Builtin::weir_unfinished), tags, base::to_ms(age), sample.end);
        state_->count_unfinished(state_->bundle(tags), tags, sample);
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
    if (metric == id_of(Builtin::checks)) {
        auto& row = state_->row_at(at, state_->bundle(tags), tags);
        value != 0 ? ++row.checks_passed : ++row.checks_failed;
    }
    if (state_->tap != nullptr) state_->tap->add(metric, tags, value, at);
}

void Recorder::start_windows(base::Instant run_start) {
    state_->windows = {};
    state_->windows_start = run_start;
    state_->ended = state_->begun = {};
    for (auto& bundle : state_->bundles) bundle.row = row_unknown;
}

PairLog& Recorder::pairs() noexcept {
    return state_->pairs;
}

void Recorder::note_iteration_start(base::Instant at) {
    state_->window_at(at).iterations_started += 1;
}

Snapshot Recorder::take_snapshot() const {
    Snapshot snapshot;
    state_->add_series(snapshot, 0, state_->bundles.size(),
                       std::vector<bool>(state_->registry->size(), true));
    snapshot.windows = state_->windows;
    return snapshot;
}

Snapshot Recorder::take_snapshot(std::span<const record::MetricId> trends) const {
    std::vector<bool> marked(state_->registry->size(), false);
    for (const auto metric : trends) marked[static_cast<std::size_t>(metric)] = true;
    Snapshot snapshot;
    state_->add_series(snapshot, 0, state_->bundles.size(), marked);
    return snapshot;
}

std::optional<std::size_t> Recorder::add_part(Snapshot& into,
                                              std::size_t from,
                                              std::size_t most) const {
    const std::size_t last = std::min(from + most, state_->bundles.size());
    state_->add_series(into, from, last, std::vector<bool>(state_->registry->size(), true));
    return last < state_->bundles.size() ? std::optional(last) : std::nullopt;
}

const record::Windows& Recorder::windows() const noexcept {
    return state_->windows;
}

void Snapshot::merge(Snapshot other) {
    record::merge_series(series, std::move(other.series));
    windows.merge(other.windows);
    tag_sets += other.tag_sets;
    tag_sets_collapsed += other.tag_sets_collapsed;
    samples_untapped += other.samples_untapped;
}

}  // namespace weir::meter
