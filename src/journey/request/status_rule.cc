#include "journey/request/status_rule.h"

#include <memory>

#include "base/format.h"
#include "journey/api/api.h"
#include "journey/host/host.h"

namespace weir::journey {

namespace {

using script::Args;
using script::ErrorKind;
using script::Isolate;
using script::Ref;
using script::Value;
using Rule = std::shared_ptr<const StatusRule>;

void finalize(void* object) noexcept {
    delete static_cast<Rule*>(object);
}

bool read_range(Isolate& js, Ref range, StatusRule& rule) {
    const Value low = range.get(js, "min");
    const Value high = range.get(js, "max");
    if (!low.is_number() || !high.is_number()) return false;
    rule.add(static_cast<int>(low.as_number()), static_cast<int>(high.as_number()));
    return true;
}

}  // namespace

script::ClassSpec status_rule_class_spec() {
    return {.name = "ExpectedStatuses", .finalize = finalize};
}

/// Source: k6 documentation, "expectedStatuses( statuses )".
Value expected_statuses(Isolate& js, Ref, Args args, int) noexcept {
    if (args.empty()) return script::throw_error(js, ErrorKind::type, "no arguments");
    auto rule = std::make_shared<StatusRule>();
    for (std::size_t i = 0; i < args.size(); ++i) {
        if (args[i].is_number()) {
            const int status = static_cast<int>(args[i].as_number());
            rule->add(status, status);
        } else if (!args[i].is_object() || !read_range(js, args[i], *rule)) {
            return script::throw_error(
                js, ErrorKind::type,
                base::format("argument number {} to expectedStatuses was neither "
                             "an integer nor an object like {{min:100, max:329}}",
                             i + 1));
        }
    }
    return script::new_native(js, api::status_rule_class, std::make_unique<Rule>(rule).release());
}

/// Source: k6 documentation, "setResponseCallback( callback )".
Value set_response_callback(Isolate& js, Ref, Args args, int) noexcept {
    Host& host = Host::of(js);
    const Ref callback = args.empty() ? Ref() : args[0];
    const auto* const rule = script::native_as<Rule>(js, callback, api::status_rule_class);
    if (rule == nullptr && !callback.is_null()) {
        return script::throw_error(
            js, ErrorKind::type,
            "unsupported argument to setResponseCallback: http.expectedStatuses() or null");
    }
    host.judges_status = rule != nullptr;
    host.status_rule = rule == nullptr ? nullptr : *rule;
    return {};
}

}  // namespace weir::journey
