#include "plan/environment/dotenv.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "base/format.h"

namespace weir::plan {
namespace {

using base::Error;
using base::Result;

bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

bool begins_name(char c) {
    return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_';
}

bool continues_name(char c) {
    return begins_name(c) || std::isdigit(static_cast<unsigned char>(c)) != 0 || c == '.' ||
           c == '-';
}

class Reader {
public:
    Reader(std::string_view text, std::string_view file) : text_(text), file_(file) {}

    Result<std::map<std::string, std::string>> read() {
        if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
        while (at_ < text_.size()) {
            skip_blanks();
            if (!at_line_end() && peek() != '#') TRY_VOID(read_entry());
            TRY_VOID(end_line());
        }
        return std::move(values_);
    }

private:
    [[nodiscard]] bool at_end() const { return at_ >= text_.size(); }
    [[nodiscard]] char peek() const { return at_end() ? '\n' : text_[at_]; }
    [[nodiscard]] bool at_line_end() const { return peek() == '\n'; }
    void skip_blanks() {
        while (!at_end() && is_blank(peek())) ++at_;
    }

    [[nodiscard]] Error error_at(std::size_t place, std::string_view what) const {
        const auto before = text_.substr(0, place);
        const auto line = 1 + std::count(before.begin(), before.end(), '\n');
        const auto begin =
            before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
        return {base::Code::invalid,
                base::format("{}:{}:{}: {}", file_, line, place - begin + 1, what)};
    }

    /// What may follow a value: blanks and a comment.
    Result<void> end_line() {
        skip_blanks();
        if (peek() == '#') at_ = std::min(text_.find('\n', at_), text_.size());
        if (!at_line_end()) {
            return error_at(at_, "behind a closing quote only a # comment may follow");
        }
        ++at_;
        return {};
    }

    Result<void> read_entry() {
        std::size_t begin = at_;
        std::string_view name = read_name();
        if (name == "export" && is_blank(peek())) {
            skip_blanks();
            begin = at_;
            if (peek() != '=') name = read_name();
        }
        if (name.empty()) {
            return error_at(begin,
                            "a line is NAME=value or a # comment; a name begins with a "
                            "letter or _");
        }
        skip_blanks();
        if (peek() != '=') return error_at(at_, "a name is followed by =: NAME=value");
        ++at_;
        const std::size_t behind = at_;
        skip_blanks();
        TRY(auto value, read_value(at_ > behind));
        if (const auto zero = value.find('\0'); zero != std::string::npos) {
            return error_at(behind, "a value may not hold a zero byte");
        }
        values_.insert_or_assign(std::string(name), std::move(value));
        return {};
    }

    std::string_view read_name() {
        const std::size_t begin = at_;
        if (begins_name(peek())) {
            while (!at_end() && continues_name(peek())) ++at_;
        }
        return text_.substr(begin, at_ - begin);
    }

    Result<std::string> read_value(bool blank_before) {
        if (peek() == '"') return read_double();
        if (peek() == '\'') return read_single();
        return read_bare(blank_before);
    }

    std::string read_bare(bool blank_before) {
        const std::size_t begin = at_;
        while (!at_line_end()) {
            const bool behind_blank = at_ == begin ? blank_before : is_blank(text_[at_ - 1]);
            if (peek() == '#' && behind_blank) break;
            ++at_;
        }
        std::string_view value = text_.substr(begin, at_ - begin);
        while (!value.empty() && is_blank(value.back())) value.remove_suffix(1);
        return std::string(value);
    }

    Result<std::string> read_single() {
        const std::size_t open = at_++;
        const std::size_t close = text_.find_first_of("'\n", at_);
        if (close == std::string_view::npos || text_[close] == '\n') {
            return error_at(open,
                            "the quote ' is not closed on its line; a value of several lines "
                            "stands in double quotes");
        }
        std::string value(text_.substr(at_, close - at_));
        at_ = close + 1;
        return value;
    }

    Result<std::string> read_double() {
        const std::size_t open = at_++;
        std::string value;
        while (!at_end() && peek() != '"') {
            if (peek() == '\\' && at_ + 1 < text_.size()) {
                add_escape(value);
            } else if (text_.substr(at_, 2) == "\r\n") {
                ++at_;  // the line end of the file is not the value's
            } else {
                value += text_[at_++];
            }
        }
        if (at_end()) return error_at(open, "the quote \" that begins here is never closed");
        ++at_;
        return value;
    }

    void add_escape(std::string& value) {
        constexpr std::string_view named = "nrt\"\\$`";
        constexpr std::string_view meant = "\n\r\t\"\\$`";
        const auto which = named.find(text_[at_ + 1]);
        if (which == std::string_view::npos) {
            value += text_[at_++];
            return;
        }
        value += meant[which];
        at_ += 2;
    }

    std::string_view text_;
    std::string_view file_;
    std::size_t at_ = 0;
    std::map<std::string, std::string> values_;
};

}  // namespace

Result<std::map<std::string, std::string>> parse_dotenv(std::string_view text,
                                                        std::string_view file) {
    return Reader(text, file).read();
}

}  // namespace weir::plan
