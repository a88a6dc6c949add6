// Which proxy a URL goes through, from HTTP_PROXY, HTTPS_PROXY and NO_PROXY as Go's net/http reads
// them.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "http/client.h"

namespace weir::http {

/// Upper- and lower-case names; the upper-case one wins. The error names the variable.
using GetVariable = std::function<std::optional<std::string>(const std::string& name)>;
[[nodiscard]] base::Result<ProxySettings> proxies_from(const GetVariable& get);

/// Null: go there directly. localhost and loopback addresses are never proxied.
/// Bypass rules: "*", "host" (and all below it), ".host" or "*.host" (only below it), an address, a
/// CIDR block; all but the block with ":port" if wanted. Source: golang.org/x/net/http/httpproxy.
[[nodiscard]] std::shared_ptr<const base::Url> proxy_for(const ProxySettings& settings,
                                                         const base::Url& url);

}  // namespace weir::http
