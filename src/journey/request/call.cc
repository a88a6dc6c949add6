#include "journey/request/call.h"

#include <array>
#include <memory>
#include <utility>

#include "journey/host/host.h"
#include "journey/request/answer.h"
#include "journey/request/send.h"

namespace weir::journey {

namespace {

using script::Args;
using script::ErrorKind;
using script::Isolate;
using script::Ref;
using script::Value;

Ref arg(Args args, std::size_t index) {
    return index < args.size() ? args[index] : Ref();
}

Value perform(Isolate& js, const CallArgs& call) {
    Host& host = Host::of(js);
    if (!host.require_running(js, "Making http requests")) return Value::thrown();
    Ask ask;
    std::string bad_url;
    if (!read_ask(js, call, ask, bad_url)) {
        return bad_url.empty() ? Value::thrown() : answer_bad_url(js, call, bad_url);
    }
    if (!ask.sign_in) ask.lateness = host.take_lateness();
    std::vector<http::Hop> hops;
    {
        const Isolate::Parked parked(js);
        hops = send(host, ask);
    }
    if (js.cancelled()) return js.throw_cancelled();
    return answer(js, ask, std::move(hops));
}

/// http.request(method, url, body, params); the body of GET and HEAD is sent too if there is one.
bool read_request(Isolate& js, Args args, CallArgs& call) {
    const script::Text method = arg(args, 0).to_text(js);
    if (!method.ok()) return false;
    call = {known_method(Host::of(js), method.view()), arg(args, 1), arg(args, 2), arg(args, 3)};
    if (!call.method.empty()) return true;
    script::throw_error(js, ErrorKind::type, "invalid HTTP method '" + method.str() + "'");
    return false;
}

Value rejected(Isolate& js) {
    const Value reason = js.take_exception_value();
    const script::Deferred promise = script::new_deferred(js);
    if (promise.promise.threw()) return Value::thrown();
    if (promise.reject.call(js, {}, {reason}).threw()) return Value::thrown();
    return promise.promise.own(js);
}

void settle(Isolate& js, const script::Deferred& promise, Ask& ask, std::vector<http::Hop> hops) {
    const Value response = answer(js, ask, std::move(hops));
    if (response.threw()) {
        const Value reason = js.take_exception_value();
        static_cast<void>(promise.reject.call(js, {}, {reason}));
    } else {
        static_cast<void>(promise.resolve.call(js, {}, {response}));
    }
}

Value begin(Isolate& js, const CallArgs& call) {
    Host& host = Host::of(js);
    const auto ask = std::make_shared<Ask>();
    std::string bad_url;
    const bool usable = read_ask(js, call, *ask, bad_url);
    if (!usable && bad_url.empty()) return Value::thrown();
    script::Deferred promise = script::new_deferred(js);
    if (promise.promise.threw()) return Value::thrown();
    Value waiting = promise.promise.own(js);
    if (!usable) {
        const Value response = answer_bad_url(js, call, bad_url);
        if (response.threw()) return Value::thrown();
        static_cast<void>(promise.resolve.call(js, {}, {response}));
        return waiting;
    }
    if (!ask->sign_in) ask->lateness = host.take_lateness();
    const Backlog::Ticket ticket = host.backlog.expect(std::move(promise));
    host.spawn([&host, ask, ticket] {
        auto hops = std::make_shared<std::vector<http::Hop>>(send(host, *ask));
        host.backlog.finish(ticket, [ask, hops](Isolate& isolate, const script::Deferred& waiter) {
            settle(isolate, waiter, *ask, std::move(*hops));
        });
    });
    return waiting;
}

struct Verb {
    std::string_view method;
    bool has_body;
};
constexpr std::array<Verb, 7> verbs{{{"GET", false},
                                     {"HEAD", false},
                                     {"POST", true},
                                     {"PUT", true},
                                     {"PATCH", true},
                                     {"DELETE", true},
                                     {"OPTIONS", true}}};

}  // namespace

Value call_verb(Isolate& js, Ref, Args args, int verb) noexcept {
    const auto& [method, has_body] = verbs[static_cast<std::size_t>(verb)];
    if (has_body) return perform(js, {method, arg(args, 0), arg(args, 1), arg(args, 2)});
    if (args.size() > 2) {
        Host& host = Host::of(js);
        constexpr std::string_view words =
            "http.get() and http.head() take a URL and params; further arguments are ignored";
        if (host.run.evidence != nullptr && host.run.evidence->first_time(words)) {
            host.run.log.warn(words);
        }
    }
    return perform(js, {method, arg(args, 0), {}, arg(args, 1)});
}

Value call_request(Isolate& js, Ref, Args args, int) noexcept {
    CallArgs call;
    return read_request(js, args, call) ? perform(js, call) : Value::thrown();
}

Value call_async_request(Isolate& js, Ref, Args args, int) noexcept {
    if (!Host::of(js).require_running(js, "Making http requests")) return Value::thrown();
    CallArgs call;
    if (!read_request(js, args, call)) return rejected(js);
    Value promise = begin(js, call);
    return promise.threw() ? rejected(js) : std::move(promise);
}

}  // namespace weir::journey
