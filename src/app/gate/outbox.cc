#include "app/gate/outbox.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "app/result_directory.h"
#include "base/format.h"
#include "base/json.h"

namespace weir::app {
namespace {

using base::Json;
using base::Result;
using ledger::AuditEntry;

Json written(const AuditEntry& entry) {
    return {
        {"kind", entry.kind},       {"suite", entry.suite},    {"environment", entry.environment},
        {"subject", entry.subject}, {"commit", entry.commit},  {"bypass", entry.bypass},
        {"run", entry.run_id},      {"content", entry.content}};
}

AuditEntry read(const Json& json) {
    return {.kind = base::text_or(json, "kind", ""),
            .suite = base::text_or(json, "suite", ""),
            .environment = base::text_or(json, "environment", ""),
            .subject = base::text_or(json, "subject", ""),
            .commit = base::text_or(json, "commit", ""),
            .bypass = base::text_or(json, "bypass", ""),
            .run_id = base::text_or(json, "run", ""),
            .content = base::text_or(json, "content", "")};
}

Result<std::vector<AuditEntry>> read_letter(const std::string& path) {
    TRY(const auto text, read_file(path));
    TRY(const auto json, base::parse_json(text));
    std::vector<AuditEntry> entries;
    for (const auto& each : json) {
        entries.push_back(read(each));
        const auto& content = entries.back().content;
        if (entries.back().kind.empty() || (!content.empty() && !base::parse_json(content).ok())) {
            return base::Error{base::Code::invalid, "it holds no rows of a ledger"};
        }
    }
    return entries;
}

bool is_there(const std::vector<ledger::AuditRow>& rows, const AuditEntry& entry) {
    return std::any_of(rows.begin(), rows.end(), [&entry](const ledger::AuditRow& row) {
        return row.entry.content == entry.content;
    });
}

Result<void> append(ledger::AuditTurn& turn, const std::vector<AuditEntry>& entries) {
    for (const auto& entry : entries) {
        TRY(const auto before, turn.rows({.kind = entry.kind, .run_id = entry.run_id}));
        if (is_there(before, entry)) continue;
        TRY(const auto row, turn.append(entry));
        (void)row;
    }
    return {};
}

}  // namespace

Result<void> Outbox::keep(const std::string& run_id, const std::vector<AuditEntry>& entries) const {
    std::error_code failed;
    std::filesystem::create_directories(directory_, failed);
    if (failed) {
        return base::Error{base::Code::io,
                           base::format("making {}: {}", directory_, failed.message())};
    }
    auto letter = Json::array();
    for (const auto& each : entries) letter.push_back(written(each));
    return write_file(base::format("{}/{}.json", directory_, run_id), base::write_json(letter, 2));
}

Result<void> Outbox::deliver(ledger::Ledger& ledger,
                             base::WallTime here,
                             const base::Log& log) const {
    std::error_code failed;
    std::vector<std::string> files;
    for (const auto& each : std::filesystem::directory_iterator(directory_, failed)) {
        if (each.path().extension() == ".json") files.push_back(each.path().string());
    }
    std::sort(files.begin(), files.end());
    for (const auto& file : files) {
        const auto entries = read_letter(file);
        if (!entries.ok()) {
            log.warn(base::format("{} is left as it is: {}", file, entries.error().text));
            continue;
        }
        TRY_VOID(ledger.audit(
            here, [&entries](ledger::AuditTurn& turn) { return append(turn, entries.value()); }));
        std::filesystem::remove(file, failed);
    }
    return {};
}

}  // namespace weir::app
