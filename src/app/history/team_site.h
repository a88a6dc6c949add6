// TeamSite: the team's page: what is answered to whom, with which headers.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "app/history/door.h"
#include "app/history/report_pass.h"
#include "app/history/shared_reads.h"
#include "app/history/team_request.h"
#include "app/history/team_store.h"
#include "base/log.h"
#include "http/server/server.h"
#include "rt/epoll_loop.h"

namespace weir::app {

struct TeamSitePlan {
    DoorRules door;
    TeamStorePlan store;
    std::string_view page;  // the HTML; outlives the site
};

/// Lives on one loop; answer() parks the calling fiber.
class TeamSite {
public:
    /// The store and the reports are read on threads of its own.
    TeamSite(TeamSitePlan plan, rt::EpollLoop& loop, base::Log log);

    [[nodiscard]] http::ServerAnswer answer(const http::ReceivedRequest& request);
    /// Nothing is being read: the process may end in the usual way.
    [[nodiscard]] bool at_rest() const { return store_reads_.at_rest() && report_reads_.at_rest(); }

private:
    [[nodiscard]] http::ServerAnswer decide(const http::ReceivedRequest& request);
    [[nodiscard]] http::ServerAnswer document(const std::string& target, const TeamRequest& asked);
    [[nodiscard]] http::ServerAnswer report(const http::ReceivedRequest& request,
                                            const TeamRequest& asked);
    void note(TeamRequest::Kind kind, const std::string& failure);

    Door door_;
    ReportPass pass_;
    ReportFiles reports_;
    std::string_view page_;
    std::string page_policy_;
    rt::EpollLoop* loop_;
    base::Log log_;
    std::map<TeamRequest::Kind, std::string> failures_;  // that the log was told of
    std::shared_ptr<TeamStore> store_;
    SharedReads store_reads_;
    SharedReads report_reads_;
};

}  // namespace weir::app
