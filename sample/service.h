// Service: the whole sample in one object: data, two origins, and the threads that serve them.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sample/cases/access.h"
#include "sample/cases/dashboard.h"
#include "sample/clock.h"
#include "sample/db/database.h"
#include "sample/faults/fault_plan.h"
#include "sample/result.h"

namespace weir::sample {

struct ServiceOptions {
    std::string listen = "127.0.0.1";
    std::uint16_t port = 0;       // 0: any free one
    std::uint16_t auth_port = 0;  // likewise
    std::uint16_t dependency_port = 0;
    std::string public_url;  // as browsers see it; empty: from listen and port
    std::string public_auth_url;
    DashboardKind dashboard = DashboardKind::paginated;
    std::string database;  // postgresql://…; empty: SQLite
    std::string data_dir;  // where the SQLite file is kept; empty: nowhere
    SeedPlan plan;
    std::string version = "dev";
    std::chrono::seconds session_lifetime{1200};
    std::chrono::seconds token_lifetime{1200};
    int sign_in_attempts = 5;
    std::size_t workers = 10;       // requests answered at once, each with a database connection
    std::size_t queue_limit = 200;  // requests that may wait for one; more are refused with 503
    FaultPlan faults;
    WallClock clock = system_clock();
};

/// What a running service says of itself.
struct ServiceFacts {
    std::string url;
    std::string auth_url;
    std::string version;
    std::string instance;  // another one at each start
    std::string dashboard;
    std::string database;
    std::size_t referrals = 0;
    std::string digest;  // SHA-256 of the seeded data
    bool data_reused = false;
    std::string dependency_url;

    [[nodiscard]] std::string json() const;
};

class Service {
public:
    /// Makes or finds the data, binds both origins and starts to answer.
    static Result<std::unique_ptr<Service>> start(ServiceOptions options);
    /// Stops as stop() does.
    ~Service();
    Service(const Service&) = delete;
    Service& operator=(const Service&) = delete;

    [[nodiscard]] const ServiceFacts& facts() const;
    /// Whether the plan says that this process gives way to another one now.
    [[nodiscard]] bool must_restart() const;
    /// Accepts no more, gives what is being answered a few seconds, closes all. Safe to call twice.
    void stop();

private:
    struct Parts;
    explicit Service(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

/// Makes or finds the data of these options, without serving it.
Result<std::unique_ptr<Database>> open_database(const ServiceOptions& options);

/// All provider users and what they see, heaviest first.
Result<std::vector<Subject>> list_subjects(const ServiceOptions& options);

}  // namespace weir::sample
