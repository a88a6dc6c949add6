#include "journey/host/worker_cache.h"

#include <utility>

#include "base/assert.h"
#include "plan/options.h"

namespace weir::journey {

std::string without_credentials(const base::Url& url) {
    if (url.username.empty() && url.password.empty()) return url.href;
    std::string text = url.scheme + "://****";
    if (!url.password.empty()) text += ":****";
    return text + "@" + url.authority() + url.target() + url.fragment;
}

WorkerCache::WorkerCache(const RunContext& run, meter::Recorder& recorder)
    : settings(run.options == nullptr ? Settings{} : settings_from(*run.options)),
      tags(recorder, settings.system_tags, run.secrets) {}

WorkerCache& WorkerCache::of(const RunContext& run, WorkerContext& worker) {
    CHECK(worker.recorder != nullptr);
    if (worker.cache == nullptr) {
        worker.cache = std::make_shared<WorkerCache>(run, *worker.recorder);
    }
    return *worker.cache;
}

base::Result<std::shared_ptr<KnownUrl>> WorkerCache::url(std::string_view text) {
    const auto found = urls_.find(text);
    if (found != urls_.end()) return found->second;
    TRY(base::Url parsed, base::parse_url(text));
    auto made = std::make_shared<KnownUrl>();
    made->text = text;
    // k6 shows URLs as they were written ("https://host", no slash added): thresholds name them so.
    const bool has_credentials = !parsed.username.empty() || !parsed.password.empty();
    made->clean = has_credentials ? without_credentials(parsed) : made->text;
    made->url = std::make_shared<const base::Url>(std::move(parsed));
    if (urls_.size() >= most_urls) urls_.clear();
    urls_.emplace(std::string(text), made);
    return made;
}

std::string_view WorkerCache::method(std::string_view text) {
    const auto found = methods_.find(text);
    if (found != methods_.end()) return *found;
    constexpr std::size_t most_methods = 200;
    return methods_.size() < most_methods ? *methods_.emplace(text).first : std::string_view();
}

}  // namespace weir::journey
