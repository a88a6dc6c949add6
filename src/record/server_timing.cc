#include "record/server_timing.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <system_error>
#include <utility>

namespace weir::record {
namespace {

constexpr std::string_view blanks = " \t\r\n\f";

char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

bool is_name(std::string_view text, std::string_view lower_name) noexcept {
    if (text.size() != lower_name.size()) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (lower(text[i]) != lower_name[i]) return false;
    }
    return true;
}

std::string_view stripped(std::string_view text) noexcept {
    const auto begin = text.find_first_not_of(blanks);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

/// HTML's rules for parsing floating-point number values: what follows the number is passed over,
/// "Infinity" and "NaN" are none.
std::optional<double> duration_of(std::string_view text) {
    text = stripped(text);
    if (text.starts_with('+')) text.remove_prefix(1);
    const auto digits = text.find_first_not_of('.');
    if (digits == std::string_view::npos || text[digits] < '0' || text[digits] > '9') return {};
    double value = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    if (read.ec != std::errc{} || !std::isfinite(value) || value < 0) return {};
    return value;
}

/// Walks over one header, from front to back.
class Reader {
public:
    explicit Reader(std::string_view text) : text_(text) {}

    /// The next metric; nothing at the end.
    std::optional<ServerTiming> next() {
        while (at_ < text_.size()) {
            ServerTiming metric = read_metric();
            end_ = at_;
            if (at_ < text_.size()) at_ += 1;  // the comma
            if (!metric.name.empty()) return metric;
        }
        return std::nullopt;
    }
    /// Where the last metric ended: at its comma, or at the header's end.
    [[nodiscard]] std::size_t metric_end() const noexcept { return end_; }

private:
    ServerTiming read_metric() {
        ServerTiming metric;
        metric.name = stripped(until(";,"));
        bool timed = false;
        bool described = false;
        while (at_ < text_.size() && text_[at_] == ';') {
            at_ += 1;
            const std::string_view name = stripped(until(";,="));
            std::string value;
            if (at_ < text_.size() && text_[at_] == '=') {
                at_ += 1;
                value = read_value();
            }
            if (is_name(name, "dur") && !std::exchange(timed, true)) {
                metric.ms = duration_of(value);
            } else if (is_name(name, "desc") && !std::exchange(described, true)) {
                metric.description = std::move(value);
            }
        }
        return metric;
    }

    std::string read_value() {
        at_ = std::min(text_.find_first_not_of(blanks, at_), text_.size());
        if (at_ == text_.size() || text_[at_] != '"') return std::string(stripped(until(";,")));
        std::string value = read_quoted();
        static_cast<void>(until(";,"));  // what follows a quoted string is none of it
        return value;
    }

    /// Fetch, "collect an HTTP quoted string": one that is never closed ends with the header.
    std::string read_quoted() {
        std::string value;
        for (at_ += 1; at_ < text_.size() && text_[at_] != '"'; ++at_) {
            if (text_[at_] == '\\' && at_ + 1 < text_.size()) at_ += 1;
            value += text_[at_];
        }
        if (at_ < text_.size()) at_ += 1;
        return value;
    }

    std::string_view until(std::string_view ends) noexcept {
        const std::size_t begin = at_;
        at_ = std::min(text_.find_first_of(ends, at_), text_.size());
        return text_.substr(begin, at_ - begin);
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t end_ = 0;
};

}  // namespace

std::vector<ServerTiming> parse_server_timing(std::string_view header) {
    std::vector<ServerTiming> all;
    Reader reader(header);
    while (all.size() < server_timings_most) {
        auto metric = reader.next();
        if (!metric) break;
        all.push_back(std::move(*metric));
    }
    return all;
}

std::string bounded_server_timing(std::string header) {
    if (header.size() <= server_timing_bytes_most) return header;
    std::size_t keep = 0;
    Reader reader(header);
    while (reader.next() && reader.metric_end() <= server_timing_bytes_most) {
        keep = reader.metric_end();
    }
    header.resize(keep);
    return header;
}

}  // namespace weir::record
