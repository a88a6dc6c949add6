#include "journey/request/error_codes.h"

namespace weir::journey {

namespace {

RequestError of_fault(net::Fault fault) noexcept {
    using net::Fault;
    switch (fault) {
        case Fault::dns_not_found:
            return {1101, "lookup: no such host"};
        case Fault::dns_failed:
            return {1100, "lookup: the name server did not answer"};
        case Fault::blocked_address:
            return {1110, "ip is in a blacklisted range"};
        case Fault::blocked_host:
            return {1111, "hostname is in a blocked pattern"};
        case Fault::dial_timed_out:
            return {1211, "dial: i/o timeout"};
        case Fault::connection_refused:
            return {1212, "dial: connection refused"};
        case Fault::dial_failed:
            return {1210, "dial: failed to connect"};
        case Fault::no_local_resource:
            return {1210, "dial: the load generator is out of descriptors or local ports"};
        case Fault::tls_handshake:
            return {1300, "tls: handshake failed"};
        case Fault::tls_untrusted:
            return {1310, "x509: unknown authority"};
        case Fault::tls_wrong_host:
            return {1311, "x509: certificate doesn't match hostname"};
        case Fault::tls_expired:
            return {1300, "x509: certificate is not valid at this time"};
        case Fault::timed_out:
            return {1050, "request timeout"};
        case Fault::closed:
            return {1000, "connection closed before the response was complete"};
        case Fault::reset:
            return {1220, "read: connection reset by peer"};
        case Fault::proxy_refused:
            return {1000, "the proxy refused to connect"};
        case Fault::none:
        case Fault::cancelled:
        case Fault::io:
            break;
    }
    return {1000, "input/output error"};
}

}  // namespace

RequestError error_of(const http::Exchange& exchange) noexcept {
    using http::Outcome;
    switch (exchange.outcome) {
        case Outcome::answered:
        case Outcome::too_many_redirects:
            return exchange.status >= 400 ? RequestError{1000 + exchange.status, {}}
                                          : RequestError{};
        case Outcome::connection_failed:
            return of_fault(exchange.failure.fault);
        case Outcome::timed_out:
            return {1050, "request timeout"};
        case Outcome::truncated:
            if (exchange.failure.fault == net::Fault::reset) return of_fault(net::Fault::reset);
            return of_fault(net::Fault::closed);
        case Outcome::not_http:
            return {1000, "malformed HTTP response"};
        case Outcome::headers_too_large:
            return {1000, "response headers are too large"};
        case Outcome::body_too_large:
            return {1000, "response body is too large"};
        case Outcome::bad_encoding:
            return {1701, "response decompression failed"};
        case Outcome::cancelled:
            break;
    }
    return {1000, "cancelled"};
}

}  // namespace weir::journey
