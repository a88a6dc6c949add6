// Courier: carries HTTP calls, all at once, within a time that is given.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "http/client.h"
#include "net/net_dialer.h"
#include "notify/http_call.h"

namespace weir::app {

/// Direct, or through the proxies that HTTP_PROXY, HTTPS_PROXY and NO_PROXY name.
[[nodiscard]] http::ClientSettings courier_settings();

/// One call on the loop of a fiber, once.
[[nodiscard]] notify::HttpAnswer carry_once(http::Client& client,
                                            const notify::HttpCall& call,
                                            const std::shared_ptr<const base::Url>& url,
                                            base::Instant deadline);

/// One call on the loop of a fiber: up to `tries`, while there is time and a further one may help.
[[nodiscard]] notify::HttpAnswer carry(http::Client& client,
                                       rt::Loop& loop,
                                       const notify::HttpCall& call,
                                       base::Instant deadline,
                                       int tries);

/// From the calling thread, on a loop of its own. The answers in the order of the calls; each call
/// has one, if only that there was no time.
[[nodiscard]] std::vector<notify::HttpAnswer> carry_all(const std::vector<notify::HttpCall>& calls,
                                                        base::Nanos limit);

}  // namespace weir::app
