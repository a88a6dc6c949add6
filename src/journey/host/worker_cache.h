// WorkerCache: what the users of one worker look up again and again: URLs, tag sets, settings.
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "base/hash.h"
#include "base/result.h"
#include "base/url.h"
#include "journey/host/settings.h"
#include "journey/host/tag_book.h"
#include "journey/run_context.h"

namespace weir::journey {

/// A URL that scripts ask for.
struct KnownUrl {
    std::shared_ptr<const base::Url> url;
    std::string text;                         // as the script wrote it
    std::string clean;                        // as in tags: the same without credentials
    std::shared_ptr<NamedRequests> requests;  // named by `clean`; null until asked for
    std::uint32_t generation = 0;             // of the tag book that `requests` is from
};

/// `url` with credentials blotted out, as k6 shows URLs in tags.
[[nodiscard]] std::string without_credentials(const base::Url& url);

/// One per worker's thread; made by the first user there. Bounded like the tag book.
class WorkerCache {
public:
    static constexpr std::size_t most_urls = 4'096;

    WorkerCache(const RunContext& run, meter::Recorder& recorder);
    WorkerCache(const WorkerCache&) = delete;
    WorkerCache& operator=(const WorkerCache&) = delete;

    /// The worker's cache, made now if it has none.
    [[nodiscard]] static WorkerCache& of(const RunContext& run, WorkerContext& worker);

    /// Absolute URLs only. The error says what is wrong with `text`.
    [[nodiscard]] base::Result<std::shared_ptr<KnownUrl>> url(std::string_view text);

    /// The same text, outliving every request; for methods that are not the usual ones.
    [[nodiscard]] std::string_view method(std::string_view text);

    const Settings settings;
    TagBook tags;

private:
    base::TextMap<std::shared_ptr<KnownUrl>> urls_;
    std::set<std::string, std::less<>> methods_;
};

}  // namespace weir::journey
