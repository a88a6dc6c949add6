// Calls: the functions of k6/http that send requests, alone, in the background and in batches.
#pragma once

#include "journey/request/ask.h"
#include "script/bindings.h"

namespace weir::journey {

/// `magic` says which verb; see http_module.cc.
script::Value call_verb(script::Isolate& js,
                        script::Ref self,
                        script::Args args,
                        int verb) noexcept;
script::Value call_request(script::Isolate& js, script::Ref self, script::Args args, int) noexcept;
script::Value call_async_request(script::Isolate& js,
                                 script::Ref self,
                                 script::Args args,
                                 int) noexcept;
script::Value call_batch(script::Isolate& js, script::Ref self, script::Args args, int) noexcept;

/// cookie_api.cc: http.cookieJar() and the class CookieJar.
[[nodiscard]] script::ClassSpec cookie_jar_class_spec();
script::Value user_jar(script::Isolate& js, script::Ref self, script::Args args, int) noexcept;

}  // namespace weir::journey
