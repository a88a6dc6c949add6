#include "sample/faults/page_faults.h"

#include <thread>
#include <utility>

#include <httplib.h>

namespace weir::sample {
namespace {

using Steady = std::chrono::steady_clock;

bool is_dashboard(const Request& request) {
    return request.path.starts_with("/service-provider/dashboard");
}

bool is_slow_page(const std::string& name, const Request& request) {
    if (name == "dashboard") return is_dashboard(request);
    return name == "referral" && request.path.starts_with("/referrals/");
}

/// Busy, as code that became slower is.
void stay_busy(Steady::duration time) {
    const auto until = Steady::now() + time;
    while (Steady::now() < until) {
    }
}

}  // namespace

PageFaults::PageFaults(const FaultPlan& plan, std::string dependency_url)
    : plan_(plan), dependency_url_(std::move(dependency_url)) {}

Steady::duration PageFaults::since_first_page() const {
    const auto first = first_page_.load();
    return first == 0 ? Steady::duration::zero()
                      : Steady::now().time_since_epoch() - Steady::duration(first);
}

void PageFaults::waste_queries(Connection& connection) const {
    std::vector<std::string> ids;
    if (plan_.n_plus_one) {
        const auto listed =
            connection.query("select r.id from referral r where r.concluded_at is null limit 10000",
                             {}, [&ids](const Row& row) { ids.push_back(row.string(0)); });
        for (const auto& id : ids) {
            if (!listed.ok()) break;
            for (const char* sql : {"select first_name from referral_service_user_data where "
                                    "referral_id = $1",
                                    "select id from action_plan where referral_id = $1",
                                    "select id from appointment where referral_id = $1"}) {
                const std::vector<std::string> key{id};
                (void)connection.query(sql, key, [](const Row&) {});
            }
        }
    }
    if (!plan_.missing_index) return;
    // What an index on these columns would have answered at once.
    constexpr int lookups = 12;
    for (int i = 0; i < lookups; ++i) {
        (void)connection.query(
            "select count(*) from referral r where r.reference_number || '' = 'none' or "
            "r.service_usercrn || '' = 'none'",
            {}, [](const Row&) {});
    }
}

void PageFaults::keep_memory() {
    if (plan_.memory_growth_kib == 0) return;
    auto more = std::make_unique<std::vector<char>>(plan_.memory_growth_kib * 1024, 'x');
    const std::lock_guard holding(kept_mutex_);
    kept_.push_back(std::move(more));
}

bool PageFaults::dependency_answers() const {
    httplib::Client client(dependency_url_);
    client.set_read_timeout(std::chrono::seconds(20));
    const auto answer = client.Get("/risk");
    return answer && answer->status == 200;
}

Response PageFaults::around(const Request& request,
                            Connection& connection,
                            const std::function<Response()>& make) {
    if (!is_dashboard(request) && !is_slow_page("referral", request)) return make();
    Steady::rep nobody = 0;
    first_page_.compare_exchange_strong(nobody, Steady::now().time_since_epoch().count());
    std::unique_lock<std::mutex> holding;
    if (plan_.lock_contention) {
        holding = std::unique_lock(lock_);
        constexpr auto held = std::chrono::milliseconds(80);
        std::this_thread::sleep_for(held);
    }
    const auto begin = Steady::now();
    if (is_dashboard(request)) waste_queries(connection);
    keep_memory();
    if (plan_.dependency && !dependency_answers()) {
        return html_response(502, "<h1>The risk service does not answer</h1>");
    }
    Response response = make();
    if (plan_.slow_percent > 0 && is_slow_page(plan_.slow_page, request)) {
        stay_busy(std::chrono::duration_cast<Steady::duration>((Steady::now() - begin) *
                                                               (plan_.slow_percent / 100)));
    }
    return response;
}

}  // namespace weir::sample
