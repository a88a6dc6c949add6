#include "meter/http_totals.h"

#include "meter/registry.h"

namespace weir::meter {

void HttpTotals::add(const record::HttpSample& sample) {
    requests += 1;
    bytes_sent += sample.bytes_sent;
    bytes_received += sample.bytes_received;
    if (sample.judged) failed.add(sample.expected ? 0 : 1);
    duration.add_nanos(duration_of(sample).count());
    blocked.add_nanos(sample.blocked.count());
    connecting.add_nanos(sample.connecting.count());
    tls_handshaking.add_nanos(sample.tls_handshaking.count());
    sending.add_nanos(sample.sending.count());
    waiting.add_nanos(sample.waiting.count());
    receiving.add_nanos(sample.receiving.count());
    response_time.add_nanos(sample.response_time().count());
    service_time.add_nanos(sample.service_time().count());
}

void HttpTotals::append_series(std::vector<record::Series>& series,
                               const record::Tags& tags,
                               const std::vector<bool>& trends) const {
    const auto put = [&](Builtin metric, record::Aggregate total) {
        series.push_back({id_of(metric), tags, std::move(total)});
    };
    const auto put_sum = [&](Builtin metric, std::uint64_t sum) {
        record::CounterTotal total;
        total.sum.add(static_cast<double>(sum));
        total.samples = requests;
        put(metric, total);
    };
    const auto put_trend = [&](Builtin metric, const stats::Distribution& total) {
        const auto index = static_cast<std::size_t>(metric);
        if (index < trends.size() && trends[index]) put(metric, total);
    };
    put_sum(Builtin::http_reqs, requests);
    if (failed.samples() > 0) put(Builtin::http_req_failed, failed);
    put_trend(Builtin::http_req_duration, duration);
    put_trend(Builtin::http_req_blocked, blocked);
    put_trend(Builtin::http_req_connecting, connecting);
    put_trend(Builtin::http_req_tls_handshaking, tls_handshaking);
    put_trend(Builtin::http_req_sending, sending);
    put_trend(Builtin::http_req_waiting, waiting);
    put_trend(Builtin::http_req_receiving, receiving);
    put_sum(Builtin::data_sent, bytes_sent);
    put_sum(Builtin::data_received, bytes_received);
    put_trend(Builtin::weir_response_time, response_time);
    put_trend(Builtin::weir_service_time, service_time);
}

}  // namespace weir::meter
