// The queue's part of the ledger: rows of weir_lease, at their environment's weir_lease_queue.
#include "ledger/lease.h"

#include <algorithm>

#include "ledger/database.h"
#include "ledger/ledger.h"
#include "ledger/number_text.h"
#include "record/wall_text.h"

namespace weir::ledger {
namespace {

using base::Result;

/// Who changes an environment's queue holds its row, until the transaction ends.
Result<std::vector<Row>> lock_queue(Database& database, const std::string& environment) {
    return database.run(
        "UPDATE weir_lease_queue SET last_ticket = last_ticket WHERE environment = $1 "
        "RETURNING last_ticket",
        {environment});
}

Result<std::vector<Row>> drop_silent(Database& database,
                                     const std::string& environment,
                                     base::WallTime now) {
    return database.run("DELETE FROM weir_lease WHERE environment = $1 AND beat_at < $2",
                        {environment, record::to_text(now - lease_silence)});
}

Result<LeasePlace> place_of(const Row& row) {
    LeasePlace place{.ticket = number_of<std::uint64_t>(row[0]),
                     .run_id = row[1],
                     .suite = row[2],
                     .pipeline = row[3],
                     .asked = {},
                     .held_since = {}};
    TRY(place.asked, record::wall_from_text(row[4]));
    if (row[5].empty()) return place;
    TRY(place.held_since, record::wall_from_text(row[5]));
    return place;
}

Result<LeaseQueue> read_queue(Database& database, const LeaseTicket& ticket) {
    TRY(const auto rows,
        database.run("SELECT ticket, run_id, suite, pipeline, asked_at, held_since FROM weir_lease "
                     "WHERE environment = $1 ORDER BY ticket",
                     {ticket.environment}));
    LeaseQueue queue;
    for (const auto& row : rows) {
        TRY(auto place, place_of(row));
        if (place.ticket == ticket.number) queue.mine = queue.places.size();
        queue.places.push_back(std::move(place));
    }
    return queue;
}

/// Since when the first holds the lease, written down once.
Result<void> note_holder(Database& database, LeaseQueue& queue, const LeaseTicket& ticket) {
    if (queue.places.empty() || queue.places.front().held_since != base::WallTime{}) return {};
    auto& first = queue.places.front();
    TRY(const auto now, database.run("SELECT beat_at FROM weir_lease WHERE environment = $1 AND "
                                     "ticket = $2",
                                     {ticket.environment, std::to_string(ticket.number)}));
    if (now.empty()) return {};
    TRY(first.held_since, record::wall_from_text(now[0][0]));
    TRY(const auto noted,
        database.run("UPDATE weir_lease SET held_since = $1 WHERE environment = $2 AND ticket = $3",
                     {now[0][0], ticket.environment, std::to_string(first.ticket)}));
    (void)noted;
    return {};
}

}  // namespace

Result<std::uint64_t> Ledger::join_queue(const LeaseApplicant& who, base::WallTime here) {
    std::uint64_t number = 0;
    const auto joined = database_->write([&]() -> Result<void> {
        TRY(const auto made,
            database_->run("INSERT INTO weir_lease_queue (environment, last_ticket) VALUES ($1, 0) "
                           "ON CONFLICT (environment) DO NOTHING",
                           {who.environment}));
        TRY(const auto next,
            database_->run("UPDATE weir_lease_queue SET last_ticket = last_ticket + 1 WHERE "
                           "environment = $1 RETURNING last_ticket",
                           {who.environment}));
        number = number_of<std::uint64_t>(next.at(0).at(0));
        TRY(const auto now, database_->now(here));
        const auto at = record::to_text(now);
        TRY(const auto placed,
            database_->run(
                "INSERT INTO weir_lease VALUES ($1, $2, $3, $4, $5, $6, $7, '')",
                {who.environment, next[0][0], who.run_id, who.suite, who.pipeline, at, at}));
        (void)made;
        (void)placed;
        return {};
    });
    if (!joined.ok()) return joined.error();
    return number;
}

Result<LeaseQueue> Ledger::look_at_queue(const LeaseTicket& ticket, base::WallTime here) {
    LeaseQueue queue;
    const auto looked = database_->write([&]() -> Result<void> {
        TRY(const auto locked, lock_queue(*database_, ticket.environment));
        TRY(const auto now, database_->now(here));
        TRY(const auto dropped, drop_silent(*database_, ticket.environment, now));
        TRY(const auto beaten,
            database_->run(
                "UPDATE weir_lease SET beat_at = $1 WHERE environment = $2 AND ticket = $3",
                {record::to_text(now), ticket.environment, std::to_string(ticket.number)}));
        TRY(queue, read_queue(*database_, ticket));
        (void)locked;
        (void)dropped;
        (void)beaten;
        return note_holder(*database_, queue, ticket);
    });
    if (!looked.ok()) return looked.error();
    return queue;
}

Result<void> Ledger::leave_queue(const LeaseTicket& ticket) {
    TRY(const auto left,
        database_->run("DELETE FROM weir_lease WHERE environment = $1 AND ticket = $2",
                       {ticket.environment, std::to_string(ticket.number)}));
    (void)left;
    return {};
}

}  // namespace weir::ledger
