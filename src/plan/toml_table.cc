#include "plan/toml_table.h"

#include <cmath>

#include "base/format.h"
#include "base/units.h"
#include "plan/json_reader.h"

namespace weir::plan {

using base::Error;
using base::Result;

const toml::node* TomlTable::find(std::string_view key) {
    known_.emplace(key);
    file_.keys_known.insert(path(key));
    return table_.get(key);
}

std::string TomlTable::path(std::string_view key) const {
    return path_.empty() ? std::string(key) : base::format("{}.{}", path_, key);
}

std::string TomlTable::place_of(const toml::node& node) const {
    const auto& begin = node.source().begin;
    return base::format("{}:{}:{}", file_.name, begin.line, begin.column);
}

Error TomlTable::error_at(const toml::node& node, std::string_view text) const {
    return {base::Code::invalid, base::format("{}: {}", place_of(node), text)};
}

Result<void> TomlTable::read_text(std::string_view key, std::string& into) {
    const auto* node = find(key);
    if (node == nullptr) return {};
    if (!node->is_string()) return error_at(*node, path(key) + " must be text");
    into = *node->value<std::string>();
    return {};
}

Result<void> TomlTable::read_bool(std::string_view key, bool& into) {
    const auto* node = find(key);
    if (node == nullptr) return {};
    if (!node->is_boolean()) return error_at(*node, path(key) + " must be true or false");
    into = *node->value<bool>();
    return {};
}

Result<void> TomlTable::read_number(std::string_view key, double& into, Range range) {
    const auto* node = find(key);
    if (node == nullptr) return {};
    const double value = node->is_number() ? *node->value<double>() : range.least - 1;
    if (!(value >= range.least && value <= range.most)) {
        return error_at(*node, base::format("{} must be a number from {} to {}", path(key),
                                            range.least, range.most));
    }
    into = value;
    return {};
}

Result<void> TomlTable::read_integer(std::string_view key, std::int64_t& into, Range range) {
    const auto* node = find(key);
    if (node == nullptr) return {};
    // 1e6 is a whole number, too.
    const double value = node->is_number() ? *node->value<double>() : range.least - 1;
    if (!(value >= range.least && value <= range.most) || value != std::floor(value)) {
        return error_at(*node, base::format("{} must be a whole number from {:.0f} to {:.0f}",
                                            path(key), range.least, range.most));
    }
    into = static_cast<std::int64_t>(value);
    return {};
}

Result<void> TomlTable::read_duration(std::string_view key, base::Nanos& into) {
    const auto* node = find(key);
    if (node == nullptr) return {};
    const auto text = node->value_exact<std::string>();
    // A bare number of milliseconds is k6's; here a unit is asked for.
    const bool bare = text && text->find_first_not_of("0123456789.") == std::string::npos;
    const auto parsed = base::parse_duration(text.value_or(""));
    if (!text || bare || !parsed.ok() || parsed.value() < base::Nanos{}) {
        return error_at(*node, path(key) + " must be a duration such as \"30s\" or \"1m30s\"");
    }
    into = parsed.value();
    return {};
}

Result<void> TomlTable::read_texts(std::string_view key, std::vector<std::string>& into) {
    const auto* node = find(key);
    if (node == nullptr) return {};
    const auto* list = node->as_array();
    std::vector<std::string> texts;
    if (list != nullptr) {
        for (const auto& each : *list) {
            if (auto text = each.value_exact<std::string>()) texts.push_back(std::move(*text));
        }
    }
    if (list == nullptr || texts.size() != list->size()) {
        return error_at(*node, path(key) + " must be a list of texts");
    }
    into = std::move(texts);
    return {};
}

Result<void> TomlTable::read_text_map(std::string_view key,
                                      std::map<std::string, std::string>& into) {
    const auto* node = find(key);
    if (node == nullptr) return {};
    const auto* map = node->as_table();
    if (map == nullptr) return error_at(*node, path(key) + " must be a table of texts");
    for (const auto& [name, value] : *map) {
        auto text = value.value_exact<std::string>();
        if (!text) {
            return error_at(value, base::format("{}.{} must be text", path(key), name.str()));
        }
        into[std::string(name.str())] = std::move(*text);
    }
    return {};
}

Result<void> TomlTable::read_section(std::string_view key, const Visit& visit) {
    const auto* node = find(key);
    if (node == nullptr) return {};
    const auto* table = node->as_table();
    if (table == nullptr) {
        return error_at(*node, base::format("{0} must be a table: [{0}]", path(key)));
    }
    TomlTable inner(*table, path(key), file_);
    TRY_VOID(visit(inner));
    return inner.finish();
}

Result<void> TomlTable::read_list(std::string_view key, const Visit& visit) {
    const auto* node = find(key);
    if (node == nullptr) return {};
    const auto* list = node->as_array();
    if (list == nullptr) {
        return error_at(*node, base::format("{0} must be a list of tables: [[{0}]]", path(key)));
    }
    for (const auto& each : *list) {
        const auto* table = each.as_table();
        if (table == nullptr) return error_at(each, path(key) + " must hold tables");
        TomlTable inner(*table, path(key), file_);
        TRY_VOID(visit(inner));
        TRY_VOID(inner.finish());
    }
    return {};
}

Result<void> TomlTable::read_named(std::string_view key, const VisitNamed& visit) {
    const auto* node = find(key);
    if (node == nullptr) return {};
    const auto* tables = node->as_table();
    if (tables == nullptr) {
        return error_at(*node, base::format("{0} must hold named tables: [{0}.NAME]", path(key)));
    }
    for (const auto& [name, value] : *tables) {
        const auto* table = value.as_table();
        if (table == nullptr) {
            return error_at(
                value, base::format("{0}.{1} must be a table: [{0}.{1}]", path(key), name.str()));
        }
        TomlTable inner(*table, path(key) + ".*", file_);
        TRY_VOID(visit(name.str(), inner));
        TRY_VOID(inner.finish());
    }
    return {};
}

Result<void> TomlTable::finish() const {
    for (const auto& [key, value] : table_) {
        if (known_.contains(std::string(key.str()))) continue;
        const std::vector<std::string_view> names(known_.begin(), known_.end());
        const auto near = nearest(key.str(), names);
        const auto& begin = key.source().begin;
        return Error{
            base::Code::invalid,
            base::format("{}:{}:{}: {} is unknown{}", file_.name, begin.line, begin.column,
                         path(key.str()), near.empty() ? "" : ": did you mean " + near + "?")};
    }
    return {};
}

}  // namespace weir::plan
