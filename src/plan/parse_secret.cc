#include "plan/parse_secret.h"

#include "base/format.h"

namespace weir::plan {

base::Result<void> read_secret_keys(TomlTable& secret, SecretSource& into) {
    TRY_VOID(secret.read_text("env", into.from_variable));
    TRY_VOID(secret.read_text("file", into.from_file));
    if (into.from_variable.empty() != into.from_file.empty()) return {};
    return secret.error("a secret has either env = \"VARIABLE\" or file = \"path\"");
}

base::Result<void> read_secret(TomlTable& table, std::string_view key, SecretSource& into) {
    const auto* node = table.find(key);
    if (node == nullptr) return {};
    if (!node->is_table()) {
        return table.error_at(*node, base::format("{} is a secret: {{ env = \"VARIABLE\" }} or {{ "
                                                  "file = \"path\" }}, never the value itself",
                                                  key));
    }
    return table.read_section(
        key, [&into](TomlTable& secret) { return read_secret_keys(secret, into); });
}

}  // namespace weir::plan
