// Module k6/http: what it exports. Source: k6 documentation, "k6/http".
#include <array>
#include <string>

#include "base/assert.h"
#include "journey/api/api.h"
#include "journey/host/host.h"
#include "journey/request/answer.h"
#include "journey/request/call.h"
#include "journey/request/file_data.h"
#include "journey/request/status_rule.h"

namespace weir::journey::api {

namespace {

using script::Args;
using script::Isolate;
using script::Ref;
using script::Value;

/// http.url`https://host/${id}`: the request's name keeps "${}" where values differ.
Value tagged_url(Isolate& js, Ref, Args args, int) noexcept {
    if (args.empty() || !args[0].is_object()) {
        return script::throw_error(js, script::ErrorKind::type,
                                   "http.url is a tag for template literals: http.url`https://…`");
    }
    const auto parts = args[0].length(js);
    if (!parts) return Value::thrown();
    std::string url, name;
    for (std::uint32_t i = 0; i < *parts; ++i) {
        const script::Text part = args[0].at(js, i).to_text(js);
        if (!part.ok()) return Value::thrown();
        url += part.view();
        name += part.view();
        if (i + 1 >= args.size()) continue;
        const script::Text value = args[i + 1].to_text(js);
        if (!value.ok()) return Value::thrown();
        url += value.view();
        name += "${}";
    }
    Value out = script::new_object(js);
    out.set(js, "name", script::new_string(js, name));
    out.set(js, "url", script::new_string(js, url));
    return out;
}

constexpr std::array functions{
    script::FunctionSpec{"get", call_verb, 2, 0},
    script::FunctionSpec{"head", call_verb, 2, 1},
    script::FunctionSpec{"post", call_verb, 3, 2},
    script::FunctionSpec{"put", call_verb, 3, 3},
    script::FunctionSpec{"patch", call_verb, 3, 4},
    script::FunctionSpec{"del", call_verb, 3, 5},
    script::FunctionSpec{"options", call_verb, 3, 6},
    script::FunctionSpec{"request", call_request, 4},
    script::FunctionSpec{"asyncRequest", call_async_request, 4},
    script::FunctionSpec{"batch", call_batch, 1},
    script::FunctionSpec{"file", make_file, 3},
    script::FunctionSpec{"url", tagged_url, 1},
    script::FunctionSpec{"expectedStatuses", expected_statuses, 1},
    script::FunctionSpec{"setResponseCallback", set_response_callback, 1},
    script::FunctionSpec{"cookieJar", user_jar, 0},
};

constexpr std::array<std::string_view, 17> constants{
    "tls1.0",
    "tls1.1",
    "tls1.2",
    "tls1.3",
    "good",
    "revoked",
    "server_failed",
    "unknown",
    "unspecified",
    "key_compromise",
    "ca_compromise",
    "affiliation_changed",
    "superseded",
    "cessation_of_operation",
    "certificate_hold",
    "remove_from_crl",
    "privilege_withdrawn",
};

Value constant(Isolate& js, Ref, Args, int which) noexcept {
    return script::new_string(js, constants[static_cast<std::size_t>(which)]);
}

constexpr std::array values{
    script::ValueSpec{"TLS_1_0", constant, 0},
    script::ValueSpec{"TLS_1_1", constant, 1},
    script::ValueSpec{"TLS_1_2", constant, 2},
    script::ValueSpec{"TLS_1_3", constant, 3},
    script::ValueSpec{"OCSP_STATUS_GOOD", constant, 4},
    script::ValueSpec{"OCSP_STATUS_REVOKED", constant, 5},
    script::ValueSpec{"OCSP_STATUS_SERVER_FAILED", constant, 6},
    script::ValueSpec{"OCSP_STATUS_UNKNOWN", constant, 7},
    script::ValueSpec{"OCSP_REASON_UNSPECIFIED", constant, 8},
    script::ValueSpec{"OCSP_REASON_KEY_COMPROMISE", constant, 9},
    script::ValueSpec{"OCSP_REASON_CA_COMPROMISE", constant, 10},
    script::ValueSpec{"OCSP_REASON_AFFILIATION_CHANGED", constant, 11},
    script::ValueSpec{"OCSP_REASON_SUPERSEDED", constant, 12},
    script::ValueSpec{"OCSP_REASON_CESSATION_OF_OPERATION", constant, 13},
    script::ValueSpec{"OCSP_REASON_CERTIFICATE_HOLD", constant, 14},
    script::ValueSpec{"OCSP_REASON_REMOVE_FROM_CRL", constant, 15},
    script::ValueSpec{"OCSP_REASON_PRIVILEGE_WITHDRAWN", constant, 16},
};

constexpr std::array classes{
    script::ClassExport{"CookieJar", cookie_jar_class},
    script::ClassExport{"FileData", file_data_class},
};

}  // namespace

void add_http(script::Bindings& bindings) {
    register_class(bindings, response_class_spec(), response_class);
    register_class(bindings, file_data_class_spec(), file_data_class);
    register_class(bindings, cookie_jar_class_spec(), cookie_jar_class);
    register_class(bindings, status_rule_class_spec(), status_rule_class);
    bindings.add_module(
        {.name = "k6/http", .functions = functions, .values = values, .classes = classes});
}

}  // namespace weir::journey::api
