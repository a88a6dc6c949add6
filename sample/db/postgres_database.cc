#include "sample/db/database.h"
#include "sample/db/postgres.h"

namespace weir::sample {
namespace {

class PostgresDatabase final : public Database {
public:
    PostgresDatabase(std::string address, SeedFacts facts)
        : address_(std::move(address)), facts_(std::move(facts)) {}

    [[nodiscard]] std::string_view kind() const override { return "postgresql"; }
    [[nodiscard]] const SeedFacts& facts() const override { return facts_; }

    Result<std::vector<std::unique_ptr<Connection>>> connect(std::size_t count) override {
        std::vector<std::unique_ptr<Connection>> connections;
        for (std::size_t i = 0; i < count; ++i) {
            auto opened = open_postgres(address_);
            if (!opened.ok()) return opened.error();
            connections.push_back(std::move(opened.value()));
        }
        return connections;
    }

private:
    std::string address_;
    SeedFacts facts_;
};

}  // namespace

Result<std::unique_ptr<Database>> open_postgres_database(const std::string& address,
                                                         const SeedPlan& plan,
                                                         const Seeder& seeder) {
    auto opened = open_postgres(address);
    if (!opened.ok()) return opened.error();
    Connection& connection = *opened.value();
    SeedFacts facts{seeded_digest(connection, plan), true};
    if (facts.digest.empty()) {
        const std::string schema(postgres_schema);
        const auto made = connection.execute("drop schema if exists " + schema +
                                             " cascade; create schema " + schema);
        if (!made.ok()) return made.error();
        auto digest = fill(connection, Dialect::postgres, plan, seeder);
        if (!digest.ok()) return digest.error();
        facts = {digest.value(), false};
    }
    std::unique_ptr<Database> database =
        std::make_unique<PostgresDatabase>(address, std::move(facts));
    return database;
}

}  // namespace weir::sample
