#include "ledger/audit.h"

#include <array>
#include <span>
#include <utility>

#include "base/format.h"
#include "base/json.h"
#include "ledger/database.h"
#include "ledger/ledger.h"
#include "ledger/number_text.h"
#include "record/wall_text.h"

namespace weir::ledger {
namespace {

using attest::ChainEntry;
using attest::ChainHead;
using base::Result;

/// What rows are found by: a column each, and a member of the body, which the hash covers.
struct Key {
    std::string_view column;
    std::string_view member;
    std::string AuditEntry::*text;
};
constexpr std::array keys{Key{"suite", "suite", &AuditEntry::suite},
                          Key{"environment", "environment", &AuditEntry::environment},
                          Key{"subject", "subject", &AuditEntry::subject},
                          Key{"commit_id", "commit", &AuditEntry::commit},
                          Key{"bypass", "bypass", &AuditEntry::bypass},
                          Key{"run_id", "run", &AuditEntry::run_id}};
constexpr std::string_view columns =
    "sequence, at, kind, body, previous, hash, suite, environment, subject, commit_id, bypass, "
    "run_id";
constexpr std::size_t first_key_column = 6;

/// Databases end a text at NUL, and refuse what is no UTF-8: what is hashed is what is kept.
Result<std::string> body_of(const AuditEntry& entry) {
    auto body = base::Json::object();
    for (const auto& key : keys) {
        if (!(entry.*key.text).empty()) body[key.member] = entry.*key.text;
    }
    if (!entry.content.empty()) {
        TRY(body["content"], base::parse_json(entry.content));
    }
    return base::write_json(body);
}

/// The same as it will be read back.
AuditEntry entry_of(const ChainEntry& link) {
    AuditEntry entry;
    entry.kind = link.kind;
    const auto body = base::parse_json(link.body);
    if (!body.ok() || !body.value().is_object()) return entry;
    for (const auto& key : keys) entry.*key.text = base::text_or(body.value(), key.member, "");
    if (body.value().contains("content")) {
        entry.content = base::write_json(body.value().at("content"));
    }
    return entry;
}

AuditRow row_of(const Row& row) {
    ChainEntry link{.sequence = number_of<std::uint64_t>(row[0]),
                    .at = row[1],
                    .kind = row[2],
                    .body = row[3],
                    .previous = row[4],
                    .hash = row[5]};
    AuditEntry entry = entry_of(link);
    return {std::move(link), std::move(entry)};
}

Result<std::vector<AuditRow>> read_rows(Database& database, const AuditFilter& filter) {
    std::string sql = base::format("SELECT {} FROM weir_audit WHERE 1 = 1", columns);
    std::vector<std::string> values;
    const auto narrow = [&](std::string_view column, const std::string& value) {
        if (value.empty()) return;
        values.push_back(value);
        sql += base::format(" AND {} = ${}", column, values.size());
    };
    narrow("kind", filter.kind);
    narrow("suite", filter.suite);
    narrow("environment", filter.environment);
    narrow("subject", filter.subject);
    narrow("commit_id", filter.commit);
    narrow("bypass", filter.bypass);
    narrow("run_id", filter.run_id);
    TRY(const auto found, database.run(sql + " ORDER BY sequence", values));
    std::vector<AuditRow> rows;
    rows.reserve(found.size());
    for (const auto& each : found) rows.push_back(row_of(each));
    return rows;
}

Result<ChainHead> read_head(Database& database) {
    TRY(const auto rows,
        database.run("SELECT sequence, hash FROM weir_audit_head WHERE one = 1", {}));
    if (rows.empty()) {
        return base::Error{base::Code::io,
                           "the audit chain has lost its head (weir_audit_head is empty): restore "
                           "the store from its backup"};
    }
    return ChainHead{.sequence = number_of<std::uint64_t>(rows[0][0]), .hash = rows[0][1]};
}

/// A row that look-ups would not find, or find for another.
std::optional<ChainBreak> first_wrong_key(const std::vector<Row>& rows) {
    for (const auto& row : rows) {
        const AuditRow read = row_of(row);
        for (std::size_t i = 0; i < keys.size(); ++i) {
            if (row[first_key_column + i] == read.entry.*keys[i].text) continue;
            const auto n = read.link.sequence;
            return ChainBreak{
                .sequence = n,
                .how = "edited",
                .words = base::format("row {} was edited: its column {} is not what its body says",
                                      n, keys[i].column)};
        }
    }
    return std::nullopt;
}

Result<std::optional<ChainBreak>> check_chain(Database& database,
                                              std::span<const ChainHead> known) {
    TRY(const auto rows,
        database.run(base::format("SELECT {} FROM weir_audit ORDER BY sequence", columns), {}));
    TRY(const auto head, read_head(database));
    std::vector<ChainEntry> links;
    links.reserve(rows.size());
    for (const auto& row : rows) links.push_back(row_of(row).link);
    auto broken = find_break(links, head, known);
    auto wrong = first_wrong_key(rows);
    if (wrong && (!broken || wrong->sequence < broken->sequence)) return wrong;
    return broken;
}

}  // namespace

AuditTurn::AuditTurn(Database& database, base::WallTime now, ChainHead head)
    : database_(&database), now_(now), head_(std::move(head)) {}

Result<std::vector<AuditRow>> AuditTurn::rows(const AuditFilter& filter) {
    return read_rows(*database_, filter);
}

Result<AuditRow> AuditTurn::append(const AuditEntry& entry) {
    TRY(auto body, body_of(entry));
    AuditRow row;
    row.link = attest::next_entry(head_, record::to_text(now_), entry.kind, std::move(body));
    row.entry = entry_of(row.link);
    const auto& link = row.link;
    std::vector<std::string> values{
        std::to_string(link.sequence), link.at, link.kind, link.body, link.previous, link.hash};
    for (const auto& key : keys) values.push_back(row.entry.*key.text);
    TRY(const auto written,
        database_->run(base::format("INSERT INTO weir_audit ({}) VALUES ($1, $2, $3, $4, $5, $6, "
                                    "$7, $8, $9, $10, $11, $12)",
                                    columns),
                       values));
    head_ = {.sequence = link.sequence, .hash = link.hash};
    TRY(const auto moved,
        database_->run("UPDATE weir_audit_head SET sequence = $1, hash = $2 WHERE one = 1",
                       {std::to_string(head_.sequence), head_.hash}));
    (void)written;
    (void)moved;
    return row;
}

Result<std::optional<ChainBreak>> AuditTurn::first_broken() {
    return check_chain(*database_, {});
}

Result<void> Ledger::audit(base::WallTime here, const AuditWork& work) {
    return database_->write([&]() -> Result<void> {
        // Whoever changes the head's row has the turn until the transaction ends; what is read from
        // here on is what the ones before have left.
        TRY(const auto locked,
            database_->run("UPDATE weir_audit_head SET sequence = sequence WHERE one = 1", {}));
        (void)locked;
        TRY(auto head, read_head(*database_));
        TRY(const auto now, database_->now(here));
        AuditTurn turn(*database_, now, std::move(head));
        return work(turn);
    });
}

Result<std::vector<AuditRow>> Ledger::audit_rows(const AuditFilter& filter) {
    return read_rows(*database_, filter);
}

Result<ChainHead> Ledger::audit_head() {
    return read_head(*database_);
}

Result<std::optional<ChainBreak>> Ledger::first_broken(std::span<const ChainHead> known) {
    std::optional<ChainBreak> broken;
    const auto read = database_->read([&]() -> Result<void> {
        TRY(broken, check_chain(*database_, known));
        return {};
    });
    if (!read.ok()) return read.error();
    return broken;
}

}  // namespace weir::ledger
