#include "journey/bindings.h"

#include <array>

#include "base/assert.h"
#include "journey/api/api.h"
#include "script/web/web.h"

namespace weir::journey {

namespace api {

void register_class(script::Bindings& bindings, const script::ClassSpec& spec, script::ClassId id) {
    CHECK(bindings.add_class(spec).index == id.index);
}

void add_refusals(script::Bindings& bindings) {
    constexpr std::array refused{
        script::RefusedModule{"k6/experimental/browser", "it was removed from k6"},
        script::RefusedModule{"k6/experimental/grpc",
                              "it was removed from k6; k6/net/grpc took its place"},
        script::RefusedModule{"k6/experimental/timers",
                              "it was removed from k6: use the globals, or k6/timers"},
        script::RefusedModule{"k6/experimental/tracing",
                              "it was removed from k6: use jslib's http-instrumentation-tempo"},
        script::RefusedModule{"k6/experimental/webcrypto",
                              "it was removed from k6: use the global crypto"},
        script::RefusedModule{"k6/experimental/redis",
                              "it was removed from k6: it needs an extension"},
        script::RefusedModule{
            "k6/browser",
            "journeys in a browser are not supported: Weir measures the service's answers"},
        script::RefusedModule{"k6/x/",
                              "k6 extensions are programs of their own and cannot be loaded"},
        script::RefusedModule{"k6/html",
                              "it is not supported yet: read pages with regular expressions"},
        script::RefusedModule{"k6/ws", "WebSockets are not supported yet"},
        script::RefusedModule{"k6/websockets", "WebSockets are not supported yet"},
        script::RefusedModule{"k6/experimental/websockets", "WebSockets are not supported yet"},
        script::RefusedModule{"k6/net/grpc", "gRPC is not supported yet"},
        script::RefusedModule{"k6/crypto/x509", "it is not supported yet"},
        script::RefusedModule{"k6/secrets",
                              "it is not supported yet: pass secrets by environment variables"},
        script::RefusedModule{"k6/experimental/", "it is not supported yet"},
    };
    for (const script::RefusedModule& each : refused) bindings.refuse_module(each);
}

}  // namespace api

std::unique_ptr<const script::Bindings> make_bindings() {
    auto bindings = std::make_unique<script::Bindings>();
    api::add_http(*bindings);
    api::add_metrics(*bindings);
    api::add_crypto(*bindings);
    api::add_data(*bindings);
    api::add_execution(*bindings);
    api::add_web_crypto(*bindings);
    api::add_k6(*bindings);
    api::add_encoding(*bindings);
    api::add_timers(*bindings);
    api::add_console(*bindings);
    api::add_files(*bindings);
    api::add_environment(*bindings);
    script::add_web_globals(*bindings);
    bindings->add_module({.name = "k6/options"});
    api::add_refusals(*bindings);
    return bindings;
}

}  // namespace weir::journey
