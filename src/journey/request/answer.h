// Answer: the Response object that scripts see, computed field by field as it is read.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "http/session.h"
#include "journey/request/ask.h"
#include "script/bindings.h"

namespace weir::journey {

/// What lies behind a Response.
struct Answer {
    std::vector<http::Hop> hops;  // empty only when the URL could not be used
    BodyForm body_form = BodyForm::text;
    int error_code = 0;
    std::string error;
    std::string asked_method;             // when there are no hops
    std::string asked_url;                // the same
    std::shared_ptr<const KnownUrl> url;  // of the first hop

    [[nodiscard]] const http::Exchange* exchange() const noexcept {
        return hops.empty() ? nullptr : &hops.back().exchange;
    }
    /// As the script wrote it, unless a redirect led elsewhere.
    [[nodiscard]] const std::string& final_url() const noexcept {
        if (hops.empty()) return asked_url;
        const auto& last = hops.back().request.url;
        return last == url->url ? url->text : last->href;
    }
};

/// A Response; or thrown, when the guard refused, or the request failed and the call throws.
[[nodiscard]] script::Value answer(script::Isolate& js, Ask& ask, std::vector<http::Hop> hops);
/// For a URL that cannot be used.
[[nodiscard]] script::Value answer_bad_url(script::Isolate& js,
                                           const CallArgs& args,
                                           const std::string& why);

[[nodiscard]] script::ClassSpec response_class_spec();

/// "content-type" → "Content-Type", as Go writes header names.
[[nodiscard]] std::string canonical_header_name(std::string_view name);

/// answer_fields.cc: the larger fields, for answer.cc.
[[nodiscard]] script::Value headers_field(script::Isolate& js, const Answer& answer);
[[nodiscard]] script::Value cookies_field(script::Isolate& js, const Answer& answer);
[[nodiscard]] script::Value timings_field(script::Isolate& js, const Answer& answer);
[[nodiscard]] script::Value request_field(script::Isolate& js, const Answer& answer);

}  // namespace weir::journey
