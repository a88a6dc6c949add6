// JsonFields: the members of a JSON object, each asked for by name and type. For this layer's .cc
// files.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "base/time.h"

namespace weir::attest {

/// A document that somebody may have tampered with: a key twice in one object, or objects and lists
/// within each other more than `depth_most` times, are errors.
[[nodiscard]] base::Result<base::Json> parse_strict_json(std::string_view text,
                                                         int depth_most = 16);

/// A member that is missing or of another type is an Error that names it: "statement.subject is
/// missing".
class JsonFields {
public:
    /// `json` must outlive this. The error says that it is no object.
    [[nodiscard]] static base::Result<JsonFields> of(const base::Json& json, std::string name);

    [[nodiscard]] bool has(std::string_view key) const;
    [[nodiscard]] bool is_null(std::string_view key) const;  // there, and null
    [[nodiscard]] base::Result<std::string> text(std::string_view key) const;
    [[nodiscard]] base::Result<std::uint64_t> whole(std::string_view key) const;
    [[nodiscard]] base::Result<bool> flag(std::string_view key) const;
    /// null: not a number.
    [[nodiscard]] base::Result<double> number(std::string_view key) const;
    [[nodiscard]] base::Result<base::WallTime> time(std::string_view key) const;
    [[nodiscard]] base::Result<std::vector<std::string>> texts(std::string_view key) const;
    [[nodiscard]] base::Result<JsonFields> object(std::string_view key) const;
    /// The objects of a list, `most` at most.
    [[nodiscard]] base::Result<std::vector<JsonFields>> objects(std::string_view key,
                                                                std::size_t most) const;
    [[nodiscard]] base::Error error(std::string_view key, std::string_view what) const;

private:
    JsonFields(const base::Json& json, std::string name) : json_(&json), name_(std::move(name)) {}
    [[nodiscard]] const base::Json* find(std::string_view key) const;
    [[nodiscard]] base::Result<const base::Json*> list(std::string_view key) const;

    const base::Json* json_;
    std::string name_;
};

}  // namespace weir::attest
