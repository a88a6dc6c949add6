// http.batch(): many requests at once, at most so many in all and to one host.
#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/format.h"
#include "base/hash.h"
#include "journey/host/host.h"
#include "journey/request/answer.h"
#include "journey/request/call.h"
#include "journey/request/send.h"
#include "rt/baton.h"

namespace weir::journey {

namespace {

using script::Args;
using script::ErrorKind;
using script::Isolate;
using script::Ref;
using script::Value;

/// Outlives the call: a cancelled user leaves it to its requests.
class BatchRun : public std::enable_shared_from_this<BatchRun> {
public:
    explicit BatchRun(Host& host) : host_(&host), done_(host.loop()) {}

    void add(std::unique_ptr<Ask> ask) { entries_.push_back({std::move(ask), {}, false}); }
    [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }
    [[nodiscard]] Ask& ask(std::size_t i) { return *entries_[i].ask; }
    [[nodiscard]] std::vector<http::Hop> take(std::size_t i) { return std::move(entries_[i].hops); }

    /// False: the user was cancelled.
    [[nodiscard]] bool run() {
        const bool judged = std::any_of(entries_.begin(), entries_.end(),
                                        [](const Entry& entry) { return !entry.ask->sign_in; });
        const base::Nanos lateness = judged ? host_->take_lateness() : base::Nanos::zero();
        for (Entry& entry : entries_) {
            if (!entry.ask->sign_in) entry.ask->lateness = lateness;
        }
        if (entries_.size() == 1) {
            entries_[0].hops = send(*host_, *entries_[0].ask);
            return true;
        }
        start_more();
        while (finished_ < entries_.size()) {
            if (done_.wait() != rt::Wake::cancelled) continue;
            abandoned_ = true;
            return false;
        }
        return true;
    }

private:
    struct Entry {
        std::unique_ptr<Ask> ask;
        std::vector<http::Hop> hops;
        bool started;
    };

    void start_more() {
        for (std::size_t i = 0; i < entries_.size() && !abandoned_; ++i) {
            if (active_ >= std::max(1U, host_->settings.batch)) return;
            Entry& entry = entries_[i];
            if (entry.started) continue;
            std::uint32_t& there = by_host_[entry.ask->request.url->host];
            if (there >= std::max(1U, host_->settings.batch_per_host)) continue;
            there += 1;
            active_ += 1;
            entry.started = true;
            host_->spawn([self = shared_from_this(), i] { self->perform(i); });
        }
    }

    void perform(std::size_t i) {
        const std::string name = entries_[i].ask->request.url->host;
        entries_[i].hops = send(*host_, *entries_[i].ask);
        active_ -= 1;
        by_host_[name] -= 1;
        finished_ += 1;
        start_more();
        if (finished_ == entries_.size()) done_.post();
    }

    Host* host_;
    rt::Baton done_;
    std::vector<Entry> entries_;
    base::TextMap<std::uint32_t> by_host_;
    std::uint32_t active_ = 0;
    std::size_t finished_ = 0;
    bool abandoned_ = false;
};

/// What one entry says, with the values that it borrows from.
struct EntryArgs {
    Value method, url, body, params;
    CallArgs call;
};

bool is_text(Ref value) {
    return value.is_string();
}

bool read_method(Isolate& js, EntryArgs& out) {
    if (out.method.is_undefined()) {
        out.call.method = "GET";
        return true;
    }
    const script::Text text = out.method.to_text(js);
    if (!text.ok()) return false;
    out.call.method = known_method(Host::of(js), text.view());
    if (!out.call.method.empty()) return true;
    script::throw_error(js, ErrorKind::type, "invalid HTTP method '" + text.str() + "' in a batch");
    return false;
}

/// "url", http.url`…`, [method, url, body, params] or {method, url, body, params}.
bool read_entry(Isolate& js, Ref entry, EntryArgs& out) {
    if (entry.is_array()) {
        out.method = entry.at(js, 0);
        out.url = entry.at(js, 1);
        out.body = entry.at(js, 2);
        out.params = entry.at(js, 3);
    } else if (entry.is_object()) {
        out.method = entry.get(js, "method");
        out.url = entry.get(js, "url");
        out.body = entry.get(js, "body");
        out.params = entry.get(js, "params");
        const Value name = entry.get(js, "name");
        if (out.method.is_undefined() && is_text(out.url) && is_text(name)) out.url = entry.own(js);
    } else {
        out.url = entry.own(js);
    }
    if (out.method.threw() || out.url.threw() || out.body.threw() || out.params.threw())
        return false;
    if (!read_method(js, out)) return false;
    out.call.url = out.url;
    // As k6: a body makes no sense with these two, and scripts pass null or {} there.
    if (out.call.method != "GET" && out.call.method != "HEAD") out.call.body = out.body;
    out.call.params = out.params;
    return true;
}

/// One result slot: a response already (the URL could not be used), or an entry of the run.
struct Slot {
    std::string key;  // of an object's batch
    Value ready;
    std::size_t entry = 0;
};

bool add_entry(Isolate& js, Ref entry, BatchRun& run, Slot& slot) {
    EntryArgs args;
    if (entry.threw() || !read_entry(js, entry, args)) return false;
    auto ask = std::make_unique<Ask>();
    std::string bad_url;
    if (read_ask(js, args.call, *ask, bad_url)) {
        slot.entry = run.size();
        run.add(std::move(ask));
        return true;
    }
    if (bad_url.empty()) return false;
    slot.ready = answer_bad_url(js, args.call, bad_url);
    return !slot.ready.threw();
}

bool add_entries(Isolate& js, Ref requests, BatchRun& run, std::vector<Slot>& slots) {
    if (requests.is_array()) {
        const auto length = requests.length(js);
        if (!length) return false;
        for (std::uint32_t i = 0; i < *length; ++i) {
            slots.emplace_back();
            if (!add_entry(js, requests.at(js, i), run, slots.back())) return false;
        }
        return true;
    }
    const auto keys = script::own_keys(js, requests);
    if (!keys) return false;
    for (const std::string& key : *keys) {
        slots.emplace_back().key = key;
        if (!add_entry(js, requests.get(js, key), run, slots.back())) return false;
    }
    return true;
}

}  // namespace

/// Source: k6 documentation, "batch( requests )".
Value call_batch(Isolate& js, Ref, Args args, int) noexcept {
    Host& host = Host::of(js);
    if (!host.require_running(js, "Making http requests")) return Value::thrown();
    if (args.empty() || !args[0].is_object()) {
        return script::throw_error(js, ErrorKind::type,
                                   "http.batch() takes an array or an object of requests");
    }
    const auto run = std::make_shared<BatchRun>(host);
    std::vector<Slot> slots;
    if (!add_entries(js, args[0], *run, slots)) return Value::thrown();
    if (run->size() > 0) {
        const Isolate::Parked parked(js);
        if (!run->run()) return js.throw_cancelled();
    }
    const bool as_array = args[0].is_array();
    Value out = as_array ? script::new_array(js) : script::new_object(js);
    for (std::uint32_t i = 0; i < slots.size(); ++i) {
        Slot& slot = slots[i];
        Value response = slot.ready.is_undefined()
                             ? answer(js, run->ask(slot.entry), run->take(slot.entry))
                             : std::move(slot.ready);
        if (response.threw()) return Value::thrown();
        const bool stored = as_array ? out.set_at(js, i, std::move(response))
                                     : out.set(js, slot.key, std::move(response));
        if (!stored) return Value::thrown();
    }
    return out;
}

}  // namespace weir::journey
