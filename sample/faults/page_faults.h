// PageFaults: what goes wrong while a page is made.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "sample/db/connection.h"
#include "sample/faults/fault_plan.h"
#include "sample/web/message.h"

namespace weir::sample {

/// Thread-safe, but for the connection that each request brings.
class PageFaults {
public:
    /// `dependency_url`: of the risk service, asked once a page when the plan says so.
    PageFaults(const FaultPlan& plan, std::string dependency_url);

    /// Makes the page, and lets go wrong what is planned.
    Response around(const Request& request,
                    Connection& connection,
                    const std::function<Response()>& make);
    /// When the first page was asked for; nothing before it. What begins after so many seconds
    /// counts from there.
    [[nodiscard]] std::chrono::steady_clock::duration since_first_page() const;

private:
    /// Extra work that the fix had done away with.
    void waste_queries(Connection& connection) const;
    void keep_memory();
    [[nodiscard]] bool dependency_answers() const;

    FaultPlan plan_;
    std::string dependency_url_;
    std::mutex lock_;  // the contended one
    std::mutex kept_mutex_;
    std::vector<std::unique_ptr<std::vector<char>>> kept_;
    std::atomic<std::chrono::steady_clock::rep> first_page_{0};
};

}  // namespace weir::sample
