// TomlTable: one table of a TOML file, read key by key, each with its type and place. For this
// layer's .cc files.
#pragma once

#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <toml++/toml.h>

#include "base/result.h"
#include "base/time.h"

namespace weir::plan {

/// What all tables of one file share.
struct TomlFile {
    std::string_view name;             // for errors
    std::set<std::string> keys_known;  // every path that was asked for: "condition.under"
};

/// An absent key leaves the default; a wrong type or value is an Error with file:line:column and
/// the key's path; finish() complains about keys that nobody asked for.
class TomlTable {
public:
    TomlTable(const toml::table& table, std::string path, TomlFile& file)
        : table_(table), path_(std::move(path)), file_(file) {}

    [[nodiscard]] bool has(std::string_view key) const { return table_.contains(key); }
    /// The node of a key, which counts as known from now on; null when absent.
    [[nodiscard]] const toml::node* find(std::string_view key);
    /// "file:line:column"
    [[nodiscard]] std::string place_of(const toml::node& node) const;
    [[nodiscard]] base::Error error_at(const toml::node& node, std::string_view text) const;
    /// Where the table begins, from 1.
    [[nodiscard]] std::uint32_t line() const { return table_.source().begin.line; }
    /// At the table itself.
    [[nodiscard]] base::Error error(std::string_view text) const { return error_at(table_, text); }

    [[nodiscard]] base::Result<void> read_text(std::string_view key, std::string& into);
    [[nodiscard]] base::Result<void> read_bool(std::string_view key, bool& into);
    /// A number from `least` to `most`, both included.
    struct Range {
        double least = 0;
        double most = 0;
    };
    [[nodiscard]] base::Result<void> read_number(std::string_view key, double& into, Range range);
    [[nodiscard]] base::Result<void> read_share(std::string_view key, double& into) {
        return read_number(key, into, {0, 1});
    }
    template <typename T>
    [[nodiscard]] base::Result<void> read_whole(std::string_view key, T& into, Range range) {
        auto value = static_cast<std::int64_t>(into);
        TRY_VOID(read_integer(key, value, range));
        into = static_cast<T>(value);
        return {};
    }
    [[nodiscard]] base::Result<void> read_duration(std::string_view key, base::Nanos& into);
    [[nodiscard]] base::Result<void> read_texts(std::string_view key,
                                                std::vector<std::string>& into);
    [[nodiscard]] base::Result<void> read_text_map(std::string_view key,
                                                   std::map<std::string, std::string>& into);

    using Visit = std::function<base::Result<void>(TomlTable&)>;
    using VisitNamed = std::function<base::Result<void>(std::string_view name, TomlTable&)>;
    /// [key]
    [[nodiscard]] base::Result<void> read_section(std::string_view key, const Visit& visit);
    /// [[key]], each of them
    [[nodiscard]] base::Result<void> read_list(std::string_view key, const Visit& visit);
    /// [key.NAME], each of them; the path of all is "key.*"
    [[nodiscard]] base::Result<void> read_named(std::string_view key, const VisitNamed& visit);

    /// After all reads: a key that was never asked for is a mistake; names its nearest neighbour.
    [[nodiscard]] base::Result<void> finish() const;

private:
    [[nodiscard]] std::string path(std::string_view key) const;
    [[nodiscard]] base::Result<void> read_integer(std::string_view key,
                                                  std::int64_t& into,
                                                  Range range);

    const toml::table& table_;
    std::string path_;
    TomlFile& file_;
    std::set<std::string> known_;
};

}  // namespace weir::plan
