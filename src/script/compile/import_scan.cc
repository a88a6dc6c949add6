#include "script/compile/import_scan.h"

#include <algorithm>
#include <array>

namespace weir::script {

namespace {

bool is_word_start(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' || c == '#' ||
           c == '\\' || static_cast<unsigned char>(c) >= 0x80;
}

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}
bool is_word(char c) noexcept {
    return is_word_start(c) || is_digit(c);
}

struct Token {
    enum class Kind : std::uint8_t { end, word, text, sign, other };
    Kind kind = Kind::end;
    std::string_view text;  // a text literal without its quotes, escapes left as they are
    std::size_t at = 0;
    [[nodiscard]] bool is(std::string_view sign_or_word) const noexcept {
        return (kind == Kind::sign || kind == Kind::word) && text == sign_or_word;
    }
};

/// Splits a source into tokens, leaving out comments, templates' text and regular expressions.
class Lexer {
public:
    explicit Lexer(std::string_view source) noexcept : source_(source) {}

    Token next() {
        skip_blank();
        Token token = read();
        if (token.kind != Token::Kind::end) note(token);
        return token;
    }

private:
    [[nodiscard]] char peek(std::size_t ahead = 0) const noexcept {
        return at_ + ahead < source_.size() ? source_[at_ + ahead] : '\0';
    }
    [[nodiscard]] bool done() const noexcept { return at_ >= source_.size(); }

    void skip_blank() {
        while (!done()) {
            if (static_cast<unsigned char>(peek()) <= ' ') {
                ++at_;
            } else if (peek() == '/' && peek(1) == '/') {
                at_ = std::min(source_.find('\n', at_), source_.size());
            } else if (peek() == '/' && peek(1) == '*') {
                const std::size_t end = source_.find("*/", at_ + 2);
                at_ = end == std::string_view::npos ? source_.size() : end + 2;
            } else {
                return;
            }
        }
    }

    Token read() {
        Token token;
        token.at = at_;
        if (done()) return token;
        const char c = peek();
        if (c == '"' || c == '\'') return read_text(c);
        if (c == '`') return read_template(token.at);
        if (c == '}' && !templates_.empty() && templates_.back() == depth_) {
            templates_.pop_back();
            return read_template(token.at);
        }
        if (is_word_start(c)) {
            while (!done() && is_word(peek())) ++at_;
            return finish(token, Token::Kind::word);
        }
        if (is_digit(c)) {
            while (!done() && (is_word(peek()) || peek() == '.')) ++at_;
            return finish(token, Token::Kind::other);
        }
        if (c == '/' && regex_may_start_) {
            skip_regex();
            return finish(token, Token::Kind::other);
        }
        ++at_;
        if (c == '{') ++depth_;
        if (c == '}') --depth_;
        return finish(token, Token::Kind::sign);
    }

    Token finish(Token token, Token::Kind kind) const {
        token.kind = kind;
        token.text = source_.substr(token.at, at_ - token.at);
        return token;
    }

    Token read_text(char quote) {
        Token token{Token::Kind::text, {}, at_};
        ++at_;
        while (!done() && peek() != quote && peek() != '\n') at_ += peek() == '\\' ? 2U : 1U;
        at_ = std::min(at_, source_.size());
        token.text = source_.substr(token.at + 1, at_ - token.at - 1);
        if (peek() == quote) ++at_;
        return token;
    }

    /// From a backquote or the brace that ends a substitution, to the end or the next substitution.
    Token read_template(std::size_t from) {
        ++at_;
        while (!done() && peek() != '`') {
            if (peek() == '$' && peek(1) == '{') {
                at_ += 2;
                templates_.push_back(depth_);
                return finish({Token::Kind::sign, {}, from}, Token::Kind::sign);
            }
            at_ += peek() == '\\' ? 2U : 1U;
        }
        at_ = std::min(at_ + 1, source_.size());
        return finish({Token::Kind::other, {}, from}, Token::Kind::other);
    }

    void skip_regex() {
        bool in_class = false;
        for (++at_; !done() && peek() != '\n'; ++at_) {
            if (peek() == '\\') {
                ++at_;
            } else if (peek() == '[') {
                in_class = true;
            } else if (peek() == ']') {
                in_class = false;
            } else if (peek() == '/' && !in_class) {
                ++at_;
                break;
            }
        }
        at_ = std::min(at_, source_.size());
    }

    /// After a value, `/` divides; after an operator or one of these words it begins an expression.
    void note(const Token& token) noexcept {
        static constexpr std::array<std::string_view, 12> before_expression{
            "return", "typeof", "case", "in",   "of", "delete",
            "void",   "throw",  "new",  "else", "do", "await"};
        switch (token.kind) {
            case Token::Kind::word:
                regex_may_start_ = std::find(before_expression.begin(), before_expression.end(),
                                             token.text) != before_expression.end();
                return;
            case Token::Kind::sign:
                regex_may_start_ = token.text != ")" && token.text != "]" && token.text != "}";
                return;
            case Token::Kind::text:
            case Token::Kind::other:
            case Token::Kind::end:
                regex_may_start_ = false;
                return;
        }
    }

    std::string_view source_;
    std::size_t at_ = 0;
    int depth_ = 0;
    std::vector<int> templates_;  // brace depth at each open substitution
    bool regex_may_start_ = true;
};

class Scanner {
public:
    explicit Scanner(std::string_view source) : source_(source), lexer_(source) {}

    ImportScan run() {
        Token before;
        advance();
        while (token_.kind != Token::Kind::end) {
            const Token here = token_;
            const bool member = before.is(".");
            if (!member && here.is("import")) {
                scan_import();
            } else if (!member && here.is("export")) {
                scan_export();
            } else if (!member && here.is("require")) {
                advance();
                scan_call(ImportUse::Kind::require);
            } else {
                if (!member && (here.is("module") || here.is("exports"))) scan_commonjs(here);
                if (same_token(here)) advance();
            }
            before = here;
        }
        return std::move(found_);
    }

private:
    void advance() { token_ = lexer_.next(); }
    [[nodiscard]] bool same_token(const Token& other) const noexcept {
        return token_.kind == other.kind && token_.at == other.at;
    }

    /// Tokens come in order, so lines are counted once.
    TextPlace place(std::size_t at) {
        for (; counted_ < at; ++counted_) {
            if (source_[counted_] != '\n') continue;
            ++line_;
            line_start_ = counted_ + 1;
        }
        return {line_, static_cast<std::uint32_t>(at - line_start_ + 1)};
    }

    /// At `exports` or `module`.
    void scan_commonjs(const Token& here) {
        advance();
        if (here.is("module")) {
            if (!token_.is(".")) return;
            advance();
            if (!token_.is("exports")) return;
            found_.commonjs_syntax = true;
            advance();
        }
        if (!token_.is(".")) return;
        found_.commonjs_syntax = true;
        advance();
        if (token_.kind == Token::Kind::word) found_.exported.emplace_back(token_.text);
    }

    /// At what follows `require` or `import`: "(", a literal, and nothing added to it.
    void scan_call(ImportUse::Kind kind) {
        if (!token_.is("(")) return;
        if (kind == ImportUse::Kind::require) found_.commonjs_syntax = true;
        advance();
        if (token_.kind != Token::Kind::text) return;
        ImportUse use;
        use.kind = kind;
        use.at = place(token_.at);
        use.specifier = token_.text;
        advance();
        if (token_.is(")") || token_.is(",")) found_.uses.push_back(std::move(use));
    }

    void scan_import() {
        advance();
        if (token_.is(".")) {
            found_.module_syntax = true;
            return;
        }
        if (token_.is("(")) {
            scan_call(ImportUse::Kind::dynamic);
            return;
        }
        found_.module_syntax = true;
        ImportUse use;
        if (token_.kind == Token::Kind::word) {
            use.names.push_back({"default", place(token_.at)});
            advance();
            if (token_.is(",")) advance();
        }
        scan_bindings(use);
        finish_statement(std::move(use));
    }

    void scan_export() {
        found_.module_syntax = true;
        advance();
        if (!token_.is("*") && !token_.is("{")) return;
        ImportUse use;
        scan_bindings(use);
        if (token_.is("from")) finish_statement(std::move(use));
    }

    /// `* as a`, `*` or `{ c as d, "e" as f }`.
    void scan_bindings(ImportUse& use) {
        if (token_.is("{")) {
            advance();
            scan_names(use);
        } else if (token_.is("*")) {
            use.names.push_back({"*", place(token_.at)});
            advance();
            if (!token_.is("as")) return;
            advance();
            advance();
        }
    }

    /// `from "specifier"`, or the specifier alone.
    void finish_statement(ImportUse use) {
        if (token_.is("from")) advance();
        if (token_.kind != Token::Kind::text) return;
        use.at = place(token_.at);
        use.specifier = token_.text;
        found_.uses.push_back(std::move(use));
        advance();
    }

    /// Inside the braces, up to and over the closing one.
    void scan_names(ImportUse& use) {
        bool alias = false;
        while (token_.kind != Token::Kind::end && !token_.is("}")) {
            if (token_.is(",")) {
                alias = false;
            } else if (token_.is("as") && !alias && !use.names.empty()) {
                alias = true;
            } else if (!alias &&
                       (token_.kind == Token::Kind::word || token_.kind == Token::Kind::text)) {
                use.names.push_back({std::string(token_.text), place(token_.at)});
                alias = true;
            }
            advance();
        }
        advance();
    }

    std::string_view source_;
    Lexer lexer_;
    Token token_;
    ImportScan found_;
    std::size_t counted_ = 0;
    std::size_t line_start_ = 0;
    std::uint32_t line_ = 1;
};

}  // namespace

ImportScan scan_imports(std::string_view source) {
    return Scanner(source).run();
}

}  // namespace weir::script
