// Ask: one HTTP call as a script made it: the request and how its answers are to be recorded.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "http/session.h"
#include "journey/host/tag_book.h"
#include "journey/host/worker_cache.h"
#include "journey/request/status_rule.h"
#include "script/isolate.h"
#include "script/value.h"

namespace weir::journey {

class Host;

enum class BodyForm : std::uint8_t { text, binary, none };

/// Holds no script values, so that any fiber may send it.
struct Ask {
    http::Request request;
    http::FetchSettings settings;
    std::shared_ptr<http::CookieJar> jar;  // params.jar; null: the user's own
    std::shared_ptr<KnownUrl> url;
    std::shared_ptr<NamedRequests> named;    // by the tag `name`; null: by each hop's URL
    BaseTags tags;                           // all but those that the answer brings
    std::shared_ptr<const StatusRule> rule;  // null: k6's default
    bool judged = true;                      // false: http_req_failed is not for it
    bool sign_in = false;
    bool throws = false;
    BodyForm body_form = BodyForm::text;
    base::Nanos timeout{};
    std::string compression;                    // params.compression, for the body
    std::vector<std::string> replaced_cookies;  // the jar's of these names are not sent
    base::Nanos lateness{};                     // of its first hop
    /// Set by the read-only guard: what was not sent.
    std::string refusal;
    /// Where in the script, for what the guard may refuse.
    std::string location;
};

/// The arguments of http.request(method, url, body, params). `method` must outlive the Ask (see
/// known_method).
struct CallArgs {
    std::string_view method;
    script::Ref url;
    script::Ref body;
    script::Ref params;
};
/// False: threw; or the URL cannot be used, and `bad_url` says why: the call answers with error
/// 1020.
[[nodiscard]] bool read_ask(script::Isolate& js,
                            const CallArgs& args,
                            Ask& ask,
                            std::string& bad_url);

/// Upper case, and outliving the run; "" for what cannot be a method.
[[nodiscard]] std::string_view known_method(Host& host, std::string_view method);

/// params.cc: fills `ask` from k6's Params; `flat` gains its tags. False: threw.
[[nodiscard]] bool read_params(script::Isolate& js,
                               script::Ref params,
                               Ask& ask,
                               std::string& flat);

/// body.cc: the request's body from any of the kinds that k6 takes. False: threw.
[[nodiscard]] bool read_body(script::Isolate& js, script::Ref body, Ask& ask);

}  // namespace weir::journey
