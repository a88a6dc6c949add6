#include "journey/request/send.h"

#include <algorithm>
#include <atomic>
#include <utility>

#include "base/format.h"
#include "http/header_names.h"
#include "journey/evidence.h"
#include "journey/guard.h"
#include "journey/host/host.h"
#include "journey/host/timing_names.h"
#include "journey/marks.h"
#include "journey/request/debug_log.h"
#include "journey/request/error_codes.h"
#include "meter/pair_log.h"
#include "record/server_timing.h"
#include "rt/baton.h"

namespace weir::journey {

namespace {

/// Of the cookies that the script sends with `replace`, the jar's own follow behind: out with them.
void drop_replaced_cookies(http::Request& hop, const std::vector<std::string>& names) {
    for (http::Header& header : hop.headers) {
        if (!http::same_name(header.name, "Cookie")) continue;
        std::string kept;
        std::vector<std::string_view> seen;
        std::string_view rest = header.value;
        while (!rest.empty()) {
            const std::string_view pair = rest.substr(0, rest.find("; "));
            rest.remove_prefix(std::min(rest.size(), pair.size() + 2));
            const std::string_view name = pair.substr(0, pair.find('='));
            const bool replaced = std::find(names.begin(), names.end(), name) != names.end();
            if (replaced && std::find(seen.begin(), seen.end(), name) != seen.end()) continue;
            seen.push_back(name);
            if (!kept.empty()) kept += "; ";
            kept += pair;
        }
        header.value = std::move(kept);
    }
}

bool is_complete(const http::Exchange& exchange) {
    return exchange.outcome == http::Outcome::answered ||
           exchange.outcome == http::Outcome::too_many_redirects;
}

/// One hop's way into the records.
class HopRecord {
public:
    HopRecord(Host& host, Ask& ask, const http::Hop& hop, bool first)
        : host_(host), ask_(ask), hop_(hop), exchange_(hop.exchange) {
        fill(first);
    }

    void write(bool signed_out) {
        const http::Exchange& exchange = exchange_;
        const RequestError error = error_of(exchange);
        std::string_view words = error.words;
        if (signed_out) {
            sample_.expected = false;
            words = "signed out: redirected to the sign-in page";
        }
        const std::shared_ptr<NamedRequests>& named = ask_.named ? ask_.named : name_of_hop();
        sample_.finished = exchange.outcome != http::Outcome::cancelled;
        const HttpTagKey key{.status = static_cast<std::uint16_t>(exchange.status),
                             .error_code = static_cast<std::uint16_t>(error.code),
                             .method = host_.cache.tags.method_id(hop_.request.method),
                             .protocol = static_cast<std::uint8_t>(exchange.protocol),
                             .expected = static_cast<std::uint8_t>(!sample_.judged    ? 2
                                                                   : sample_.expected ? 1
                                                                                      : 0),
                             .tls = tls_minor(exchange)};
        const HttpTagTexts texts{.method = hop_.request.method,
                                 .name = named->name,
                                 .error = words,
                                 .ip = exchange.peer.ip};
        const record::TagSetId set = host_.cache.tags.set_of_http(*named, ask_.tags, key, texts);
        host_.worker.recorder->add_http(set, sample_);
        if (exchange.has_server_timing && is_complete(exchange)) measure_timings(set);
        if (host_.run.side != record::Side::alone) keep_half(named->name);
        if (host_.run.evidence != nullptr) {
            keep_evidence(*host_.run.evidence, *named, error.code, words);
        }
    }

private:
    void fill(bool first) {
        const http::Exchange& exchange = exchange_;
        sample_.start = exchange.start;
        sample_.due = first ? exchange.start - ask_.lateness : exchange.start;
        sample_.first_byte = exchange.first_byte;
        sample_.end = exchange.end;
        sample_.blocked = exchange.timings.blocked;
        sample_.connecting = exchange.timings.connecting;
        sample_.tls_handshaking = exchange.timings.tls_handshaking;
        sample_.sending = exchange.timings.sending;
        sample_.waiting = exchange.timings.waiting;
        sample_.receiving = exchange.timings.receiving;
        sample_.bytes_sent = exchange.bytes_sent;
        sample_.bytes_received = exchange.bytes_received;
        sample_.judged = ask_.judged;
        const bool complete = is_complete(exchange);
        sample_.expected =
            complete && (ask_.rule ? ask_.rule->expects(exchange.status)
                                   : StatusRule::expects_by_default(exchange.status));
    }

    [[nodiscard]] const std::shared_ptr<NamedRequests>& name_of_hop() {
        if (hop_.request.url != ask_.url->url) {
            named_hop_ = host_.cache.tags.requests_named(without_credentials(*hop_.request.url));
            return named_hop_;
        }
        KnownUrl& known = *ask_.url;
        // Forgotten by the book since: take the one that it knows now, or rows would pile up twice.
        if (known.requests == nullptr || known.generation != host_.cache.tags.generation()) {
            known.requests = host_.cache.tags.requests_named(known.clean);
            known.generation = host_.cache.tags.generation();
        }
        return known.requests;
    }

    [[nodiscard]] static std::uint8_t tls_minor(const http::Exchange& exchange) {
        if (exchange.tls == nullptr || exchange.tls->version.empty()) return 0;
        const char digit = exchange.tls->version.back();
        return digit >= '0' && digit <= '3' ? static_cast<std::uint8_t>(digit - '0' + 1) : 0;
    }

    /// What the target says of its own work; parts without a duration are none.
    void measure_timings(record::TagSetId set) {
        if (host_.run.timings == nullptr) return;
        for (const auto& part : record::parse_server_timing(server_timing())) {
            if (!part.ms) continue;
            const std::string_view timing = host_.run.timings->known_as(part.name);
            host_.emit(meter::Builtin::weir_server_timing,
                       host_.cache.tags.set_of_timing(set, timing), *part.ms, exchange_.end);
        }
    }

    /// All headers of that name, as one (RFC 9110 §5.3).
    [[nodiscard]] std::string server_timing() const {
        std::string all;
        if (!exchange_.has_server_timing) return all;
        for (const http::HeaderField field : exchange_.headers) {
            if (!http::same_name(field.name, http::server_timing_name)) continue;
            if (!all.empty()) all += ", ";
            all.append(field.value);
        }
        return all;
    }

    void keep_evidence(Evidence& evidence, NamedRequests& named, int code, std::string_view words) {
        const std::string& name = named.name;
        if (!sample_.finished) {
            evidence.note_unfinished({.name = name,
                                      .method = std::string(hop_.request.method),
                                      .url = redacted_url(*hop_.request.url),
                                      .trace_id = std::string(trace_id_of(hop_.request.headers)),
                                      .scenario = scenario(),
                                      .start = {},
                                      .age = sample_.response_time()},
                                     sample_.start);
            return;
        }
        if (sample_.judged && !sample_.expected && evidence.count_failed_request()) {
            evidence.note_failed_request(exchange_evidence(name, code, words), sample_.start);
        }
        if (!ask_.sign_in) keep_if_slow(evidence, named, code, words);
        if (exchange_.status != 0 && host_.run.marks != nullptr) note_target(evidence);
    }

    void keep_if_slow(Evidence& evidence, NamedRequests& named, int code, std::string_view words) {
        if (named.slow == nullptr) named.slow = &evidence.slow_row(named.name);
        if (!evidence.is_slow(*named.slow, sample_.response_time())) return;
        evidence.note_slow(*named.slow, exchange_evidence(named.name, code, words), sample_.start);
    }

    /// Signing in happens once per user, not once per pair; what was cut off compares nothing.
    void keep_half(const std::string& name) {
        if (ask_.sign_in || host_.signing_in || !sample_.finished) return;
        if (host_.iteration.scenario == nullptr) return;
        const auto& tags = host_.iteration.scenario->tags;
        const auto journey = tags.find("journey");
        host_.worker.recorder->pairs().add(journey == tags.end() ? scenario() : journey->second,
                                           name,
                                           {.iteration = host_.iteration.index_in_scenario,
                                            .due = sample_.due,
                                            .response_time = sample_.response_time(),
                                            .side = host_.run.side,
                                            .failed = sample_.judged && !sample_.expected});
    }

    [[nodiscard]] std::string scenario() const {
        return host_.iteration.scenario == nullptr ? std::string() : host_.iteration.scenario->name;
    }

    [[nodiscard]] record::Exchange exchange_evidence(const std::string& name,
                                                     int code,
                                                     std::string_view words) const {
        record::Exchange out;
        out.name = name;
        out.method = hop_.request.method;
        out.url = redacted_url(*hop_.request.url);
        out.status = exchange_.status;
        out.error_code = code;
        out.error = words;
        if (!words.empty() && !exchange_.failure.text.empty()) {
            out.error += ": " + exchange_.failure.text;
        }
        out.trace_id = trace_id_of(hop_.request.headers);
        out.scenario = scenario();
        out.response_time = sample_.response_time();
        out.service_time = sample_.service_time();
        out.server_timing = server_timing();
        return out;
    }

    [[nodiscard]] std::string_view first_of(const std::vector<std::string>& names) const {
        for (const std::string& name : names) {
            const std::string_view value = exchange_.header(name);
            if (!value.empty()) return value;
        }
        return {};
    }

    void note_target(Evidence& evidence) {
        const std::string_view version = first_of(evidence.settings().version_headers);
        const std::string_view instance = first_of(evidence.settings().instance_headers);
        if (version.empty() && instance.empty()) return;
        SeenTarget*& last = host_.seen_last;
        if (last == nullptr || last->version != version || last->instance != instance) {
            last = evidence.seen(version, instance, sample_.first_byte, host_.run.side);
        }
        last->note_answer(sample_.first_byte);
    }

    Host& host_;
    Ask& ask_;
    const http::Hop& hop_;
    const http::Exchange& exchange_;
    record::HttpSample sample_;
    std::shared_ptr<NamedRequests> named_hop_;
};

/// False: the guard refuses this hop; a violation is on record.
bool may_send(Host& host, Ask& ask, const http::Request& hop) {
    const GuardPolicy* const guard = host.run.guard;
    if (guard == nullptr || guard->allows(hop.method, *hop.url)) return true;
    ask.refusal = guard_refusal(hop.method, *hop.url);
    if (host.run.evidence != nullptr) {
        host.run.evidence->note_violation({.method = std::string(hop.method),
                                           .url = redacted_url(*hop.url),
                                           .location = ask.location,
                                           .count = 0});
    }
    return false;
}

/// Option rps: requests of all users begin at least so far apart. The wait is in no measurement, as
/// in k6. False: the user was cancelled.
bool await_turn(Host& host) {
    const base::Nanos apart = host.settings.between_requests;
    if (apart == base::Nanos::zero() || host.run.progress == nullptr) return true;
    std::atomic<std::int64_t>& next = host.run.progress->next_request_ns;
    const std::int64_t now = host.now().time_since_epoch().count();
    std::int64_t planned = next.load();
    std::int64_t mine = 0;
    do {
        mine = std::max(planned, now);
    } while (!next.compare_exchange_weak(planned, mine + apart.count()));
    return mine == now || rt::sleep_until(host.loop(), base::Instant(base::Nanos(mine)));
}

/// Source: k6 warns so too, unless the request itself said how many redirects it wants.
void warn_of_redirects(Host& host, const Ask& ask, const http::Hop& last) {
    if (last.exchange.outcome != http::Outcome::too_many_redirects) return;
    if (ask.settings.redirects_max != host.settings.redirects_max) return;
    const std::string words = base::format(
        "{} {}: {}: the last redirect is the answer; give the request {{ redirects: n }}, or the "
        "run --max-redirects, for more",
        last.request.method, last.request.url->origin() + last.request.url->path,
        last.exchange.failure.text);
    if (host.run.evidence != nullptr && host.run.evidence->first_time(words)) {
        host.run.log.warn(words);
    }
}

void warn_of_failure(Host& host, const http::Hop& last) {
    const RequestError error = error_of(last.exchange);
    if (error.words.empty() || last.exchange.outcome == http::Outcome::cancelled) return;
    if (host.run.evidence == nullptr) return;
    const std::string words =
        base::format("request failed: {} {}: {}", last.request.method,
                     last.request.url->origin() + last.request.url->path, error.words);
    if (!host.run.evidence->first_time(words)) return;
    host.run.log.warn(last.exchange.failure.text.empty()
                          ? words
                          : base::format("{} ({})", words, last.exchange.failure.text));
}

}  // namespace

std::vector<http::Hop> send(Host& host, Ask& ask) {
    // A cancelled wait needs no care: the request itself then ends as cancelled.
    static_cast<void>(await_turn(host));
    const bool watched = host.run.guard != nullptr || host.run.marks != nullptr;
    if (watched || !ask.replaced_cookies.empty()) {
        ask.settings.before_hop = [&host, &ask](http::Request& hop) {
            if (!may_send(host, ask, hop)) return false;
            if (!ask.replaced_cookies.empty()) drop_replaced_cookies(hop, ask.replaced_cookies);
            if (host.run.marks != nullptr) mark(hop, *host.run.marks, host.trace_random);
            return true;
        };
    }
    // This turn's instant will do: a timeout is no measurement.
    ask.settings.send.deadline = host.loop().now() + ask.timeout;
    std::vector<http::Hop> hops = http::fetch(host.client, std::move(ask.request), ask.settings);
    if (!ask.refusal.empty()) hops.pop_back();
    // Half an answer is none, as in k6: a status that was read before the connection broke must not
    // look like success to a check.
    for (http::Hop& hop : hops) {
        if (!is_complete(hop.exchange)) hop.exchange.status = 0;
    }
    const GuardPolicy* const guard = host.run.guard;
    for (std::size_t i = 0; i < hops.size(); ++i) {
        const bool signed_out = i > 0 && guard != nullptr && guard->expect_signed_in &&
                                !ask.sign_in && guard->is_sign_in_page(*hops[i].request.url);
        HopRecord(host, ask, hops[i], i == 0).write(signed_out);
    }
    if (host.settings.debug != HttpDebug::off) log_hops(host, ask, hops);
    if (!hops.empty()) {
        warn_of_failure(host, hops.back());
        warn_of_redirects(host, ask, hops.back());
    }
    return hops;
}

}  // namespace weir::journey
