#include "report/document/request_rows.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string_view>
#include <variant>

#include "base/assert.h"

namespace weir::report {
namespace {

using record::Series;
using record::Tags;

enum class Subject : std::uint8_t {
    none,
    requests,
    failed,
    unfinished,
    checks,
    response_time,
    service_time,
    phase,
    server_timing
};

struct Known {
    std::string_view metric;
    Subject subject;
};
constexpr std::array known{Known{"http_reqs", Subject::requests},
                           Known{"http_req_failed", Subject::failed},
                           Known{"weir_unfinished", Subject::unfinished},
                           Known{"checks", Subject::checks},
                           Known{"weir_response_time", Subject::response_time},
                           Known{"weir_service_time", Subject::service_time},
                           Known{"http_req_blocked", Subject::phase},
                           Known{"http_req_connecting", Subject::phase},
                           Known{"http_req_tls_handshaking", Subject::phase},
                           Known{"http_req_sending", Subject::phase},
                           Known{"http_req_waiting", Subject::phase},
                           Known{"http_req_receiving", Subject::phase},
                           Known{"weir_server_timing", Subject::server_timing}};
constexpr std::string_view phase_prefix = "http_req_";
constexpr std::array phases{"blocked", "connecting", "tls_handshaking",
                            "sending", "waiting",    "receiving"};

std::string text_of(const Tags& tags, std::string_view key) {
    const auto* found = tags.find(key);
    return found == nullptr ? std::string() : *found;
}

record::Side side_of(const Tags& tags) {
    const auto side = text_of(tags, "side");
    if (side == word_of(record::Side::baseline)) return record::Side::baseline;
    return side == word_of(record::Side::candidate) ? record::Side::candidate : record::Side::alone;
}

/// The status in the tags of an answer; nothing when they do not say.
std::optional<std::uint16_t> status_in(const Tags& tags) {
    const auto* text = tags.find("status");
    if (text == nullptr) return std::nullopt;
    std::uint16_t status = 0;
    const char* const end = text->data() + text->size();
    const auto [stopped, failed] = std::from_chars(text->data(), end, status);
    if (failed != std::errc{} || stopped != end) return std::nullopt;
    return status;
}

RequestRow named(const Tags& row) {
    RequestRow made;
    made.side = side_of(row);
    const bool duet = made.side != record::Side::alone;
    const std::string_view journey =
        duet && row.find("journey") != nullptr ? "journey" : "scenario";
    made.journey = text_of(row, journey);
    made.request = record::shown_request(text_of(row, "name"));
    made.group = text_of(row, "group");
    for (const auto& pair : row.pairs()) {
        const bool told = pair.first == "name" || pair.first == "scenario" ||
                          pair.first == "group" || pair.first == journey ||
                          (duet && pair.first == "side");
        if (!told) made.tags.push_back(pair);
    }
    return made;
}

stats::Distribution& times_of(std::vector<NamedTimes>& list, const std::string& name) {
    const auto found =
        std::find_if(list.begin(), list.end(), [&](const auto& each) { return each.name == name; });
    if (found != list.end()) return found->times;
    list.push_back({name, stats::Distribution::time()});
    return list.back().times;
}

class Rows {
public:
    explicit Rows(const record::RunRecord& record) : record_(record) {
        rows_.emplace_back();
        tags_.emplace_back();
        for (std::size_t i = 0; i < record.windows.rows().size(); ++i) {
            add(record.windows.rows()[i]).window_row = i;
        }
        for (const auto& spec : record.metrics) {
            const auto found = std::find_if(known.begin(), known.end(), [&](const Known& each) {
                return each.metric == spec.name;
            });
            subjects_.push_back(found == known.end() ? Subject::none : found->subject);
        }
    }

    std::vector<RequestRow> take() {
        for (const auto& series : record_.series) {
            const auto metric = static_cast<std::size_t>(series.metric);
            if (subjects_[metric] == Subject::none) continue;
            const auto& name = record_.metrics[metric].name;
            count(rows_.front(), series, subjects_[metric], name);
            count(row_for(series, subjects_[metric]), series, subjects_[metric], name);
        }
        const double span = base::to_seconds(record_.duration);
        for (auto& row : rows_) {
            row.per_second = span > 0 ? static_cast<double>(row.count) / span : 0;
            order(row.phases);
        }
        // Checks without a request of the same tags make rows among the windows, too.
        const auto unasked = [](const RequestRow& row) { return row.count == 0; };
        rows_.erase(std::remove_if(rows_.begin() + 1, rows_.end(), unasked), rows_.end());
        return std::move(rows_);
    }

private:
    RequestRow& add(const Tags& row) {
        tags_.push_back(row);
        rows_.push_back(named(row));
        return rows_.back();
    }

    RequestRow& row_for(const Series& series, Subject subject) {
        Tags tags = record::row_of(series.tags);
        if (subject == Subject::server_timing) tags.erase("timing");
        auto found = std::find(tags_.begin() + 1, tags_.end(), tags);
        if (found == tags_.end() && tags_.size() > record::Windows::rows_most) {
            tags = {};
            tags.set("name", record::Windows::other_name);
            found = std::find(tags_.begin() + 1, tags_.end(), tags);
        }
        if (found == tags_.end()) return add(tags);
        return rows_[static_cast<std::size_t>(found - tags_.begin())];
    }

    static void count(RequestRow& row,
                      const Series& series,
                      Subject subject,
                      const std::string& metric) {
        const auto* times = std::get_if<stats::Distribution>(&series.total);
        const auto* rate = std::get_if<record::RateTotal>(&series.total);
        const auto* counter = std::get_if<record::CounterTotal>(&series.total);
        if (counter != nullptr && subject == Subject::requests) {
            row.count += counter->samples;
            if (const auto status = status_in(series.tags))
                row.statuses[*status] += counter->samples;
        } else if (rate != nullptr && subject == Subject::failed) {
            row.failed += rate->passes;
        } else if (rate != nullptr && subject == Subject::checks) {
            row.checks_passed += rate->passes;
            row.checks_failed += rate->fails;
        } else if (times != nullptr && times->kind() == stats::Distribution::Kind::time) {
            count_times(row, series, subject, metric);
        }
    }

    static void count_times(RequestRow& row,
                            const Series& series,
                            Subject subject,
                            const std::string& metric) {
        const auto& times = std::get<stats::Distribution>(series.total);
        if (subject == Subject::unfinished) {
            row.count += times.count();
            row.unfinished += times.count();
        } else if (subject == Subject::response_time) {
            if (record::was_expected(series.tags)) row.response_time.merge(times);
        } else if (subject == Subject::service_time) {
            if (record::was_expected(series.tags)) row.service_time.merge(times);
        } else if (subject == Subject::phase) {
            times_of(row.phases, metric.substr(phase_prefix.size())).merge(times);
        } else if (subject == Subject::server_timing) {
            times_of(row.server_timing, text_of(series.tags, "timing")).merge(times);
        }
    }

    static void order(std::vector<NamedTimes>& measured) {
        const auto place = [](const NamedTimes& each) {
            return std::find(phases.begin(), phases.end(), each.name) - phases.begin();
        };
        std::sort(measured.begin(), measured.end(),
                  [&](const auto& a, const auto& b) { return place(a) < place(b); });
    }

    const record::RunRecord& record_;
    std::vector<Subject> subjects_;  // by metric
    std::vector<Tags> tags_;         // of each row
    std::vector<RequestRow> rows_;
};

}  // namespace

std::vector<RequestRow> request_rows(const record::RunRecord& record) {
    return Rows(record).take();
}

}  // namespace weir::report
