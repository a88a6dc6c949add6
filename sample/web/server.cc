#include "sample/web/server.h"

#include <atomic>
#include <optional>
#include <variant>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include "sample/clock.h"

namespace weir::sample {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;

namespace {

constexpr std::uint32_t header_bytes_max = 16U * 1024;
constexpr std::uint64_t body_bytes_max = 64ULL * 1024;
constexpr auto idle_max = std::chrono::seconds(75);
constexpr auto write_max = std::chrono::seconds(60);
/// A request that waited this long for a thread is refused, as a connection pool would.
constexpr auto queue_wait_max = std::chrono::seconds(30);
constexpr auto accept_retry = std::chrono::milliseconds(50);

Response refusal(unsigned status, std::string_view why) {
    Response response;
    response.status = status;
    response.content_type = "text/plain; charset=utf-8";
    response.body = why;
    response.body += '\n';
    if (status == 503) response.headers.emplace_back("Retry-After", "1");
    return response;
}

unsigned status_of(const beast::error_code& error) {
    if (error == http::error::body_limit) return 413;
    if (error == http::error::header_limit) return 431;
    return error.category() == http::make_error_code(http::error::bad_method).category() ? 400 : 0;
}

std::string_view view(const beast::string_view& text) {
    return {text.data(), text.size()};
}

Request request_from(const http::request<http::string_body>& message) {
    return parse_request({.method = view(message.method_string()),
                          .target = view(message.target()),
                          .content_type = view(message[http::field::content_type]),
                          .cookie = view(message[http::field::cookie]),
                          .authorization = view(message[http::field::authorization]),
                          .body = message.body()});
}

}  // namespace

struct IoThread::Loop {
    asio::io_context context{1};
    std::optional<asio::executor_work_guard<asio::io_context::executor_type>> guard{
        context.get_executor()};
    std::thread thread;
};

IoThread::IoThread() : loop_(std::make_unique<Loop>()) {}

IoThread::~IoThread() {
    stop();
}

void IoThread::start() {
    loop_->thread = std::thread([loop = loop_.get()] { loop->context.run(); });
}

void IoThread::stop() {
    loop_->guard.reset();
    loop_->context.stop();
    if (loop_->thread.joinable()) loop_->thread.join();
}

/// Shared by the acceptor and its connections; outlives both.
struct HttpServer::Acceptor : std::enable_shared_from_this<HttpServer::Acceptor> {
    Acceptor(asio::io_context& context_, const Site& site_)
        : context(context_), socket(context_), retry(context_), site(site_) {}

    void accept();
    void accepted(const beast::error_code& error, tcp::socket peer);
    void connection_closed();

    asio::io_context& context;
    tcp::acceptor socket;
    asio::steady_timer retry;
    const Site& site;
    std::uint16_t port = 0;
    std::size_t connections = 0;  // on the I/O thread only
    bool waiting_for_room = false;
    std::atomic<std::size_t> in_flight{0};

    class Connection;
};

class HttpServer::Acceptor::Connection : public std::enable_shared_from_this<Connection> {
public:
    Connection(std::shared_ptr<Acceptor> owner, tcp::socket socket)
        : owner_(std::move(owner)), stream_(std::move(socket)) {
        ++owner_->connections;
    }
    ~Connection() { owner_->connection_closed(); }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    void read() {
        parser_.emplace();
        parser_->header_limit(header_bytes_max);
        parser_->body_limit(body_bytes_max);
        stream_.expires_after(idle_max);
        http::async_read(stream_, buffer_, *parser_,
                         [self = this->shared_from_this()](const beast::error_code& error,
                                                           std::size_t) { self->on_read(error); });
    }

private:
    void on_read(const beast::error_code& error) {
        if (error) {
            const unsigned status = status_of(error);
            if (status == 0 || error == http::error::end_of_stream) return close();
            keep_alive_ = false;
            ++owner_->in_flight;
            return write(refusal(status, "The request could not be read: " + error.message()));
        }
        stream_.expires_never();
        keep_alive_ = parser_->get().keep_alive();
        head_ = parser_->get().method() == http::verb::head;
        ++owner_->in_flight;
        dispatch(std::make_shared<Request>(request_from(parser_->get())));
    }

    void dispatch(const std::shared_ptr<Request>& request) {
        const auto queued_at = steady_now();
        const bool taken = owner_->site.lane(*request).try_submit(
            [self = this->shared_from_this(), request, queued_at](std::size_t thread) mutable {
                request->queued = steady_now() - queued_at;
                const bool stale = request->queued > queue_wait_max;
                auto response = stale ? refusal(503, "Waited too long for a free thread.")
                                      : self->respond(*request, thread);
                hand_over(std::move(self), std::move(response));
            });
        if (!taken) write(refusal(503, "The queue of this instance is full."));
    }

    /// On a lane's thread. Libraries below may throw; a page that breaks is a 500, not a crash.
    Response respond(const Request& request, std::size_t thread) const {
        try {
            return owner_->site.respond(request, thread);
        } catch (const std::exception& broken) {
            return refusal(500, broken.what());
        }
    }

    /// From a lane's thread back to the I/O thread, which alone may end a connection: so the lane
    /// gives its reference away.
    static void hand_over(std::shared_ptr<Connection> self, Response response) {
        auto& context = self->owner_->context;
        auto shared = std::make_shared<Response>(std::move(response));
        asio::post(context, [self = std::move(self), shared = std::move(shared)] {
            self->write(std::move(*shared));
        });
    }

    template <typename Message>
    void fill(Message& message, Response& response) {
        message.version(11);
        message.result(response.status);
        message.set(http::field::server, "weir-sample");
        message.set(http::field::content_type, response.content_type);
        message.set(http::field::cache_control, "no-store");
        for (auto& [name, value] : owner_->site.headers) message.insert(name, value);
        for (auto& [name, value] : response.headers) message.insert(name, value);
        message.keep_alive(keep_alive_);
        message.content_length(response.body.size());
    }

    void write(Response response) {
        if (head_) return send(http::response<http::empty_body>{}, std::move(response));
        send(http::response<http::string_body>{}, std::move(response));
    }

    template <typename Message>
    void send(Message message, Response response) {
        fill(message, response);
        if constexpr (std::is_same_v<typename Message::body_type, http::string_body>) {
            message.body() = std::move(response.body);
        }
        auto shared = std::make_shared<Message>(std::move(message));
        stream_.expires_after(write_max);
        http::async_write(
            stream_, *shared,
            [self = this->shared_from_this(), shared](const beast::error_code& error, std::size_t) {
                self->on_written(error);
            });
    }

    void on_written(const beast::error_code& error) {
        --owner_->in_flight;
        if (error || !keep_alive_) return close();
        read();
    }

    void close() {
        beast::error_code ignored;
        stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
    }

    std::shared_ptr<Acceptor> owner_;
    beast::tcp_stream stream_;
    beast::flat_buffer buffer_;
    std::optional<http::request_parser<http::string_body>> parser_;
    bool keep_alive_ = false;
    bool head_ = false;
};

void HttpServer::Acceptor::accept() {
    if (!socket.is_open()) return;
    if (connections >= max_connections) {
        waiting_for_room = true;
        return;
    }
    socket.async_accept(
        [self = shared_from_this()](const beast::error_code& error, tcp::socket peer) {
            self->accepted(error, std::move(peer));
        });
}

void HttpServer::Acceptor::accepted(const beast::error_code& error, tcp::socket peer) {
    if (error == asio::error::operation_aborted) return;
    if (error) {  // out of descriptors, say: try again in a while rather than spin
        retry.expires_after(accept_retry);
        retry.async_wait([self = shared_from_this()](const beast::error_code& stopped) {
            if (!stopped) self->accept();
        });
        return;
    }
    beast::error_code ignored;
    peer.set_option(tcp::no_delay(true), ignored);
    std::make_shared<Connection>(shared_from_this(), std::move(peer))->read();
    accept();
}

void HttpServer::Acceptor::connection_closed() {
    --connections;
    if (!waiting_for_room) return;
    waiting_for_room = false;
    asio::post(context, [self = shared_from_this()] { self->accept(); });
}

HttpServer::HttpServer(IoThread& io, const Site& site)
    : acceptor_(std::make_shared<Acceptor>(io.loop().context, site)) {}

HttpServer::~HttpServer() = default;

Result<void> HttpServer::listen(const std::string& address, std::uint16_t port) {
    const auto failed = [&](const beast::error_code& error) {
        return Error{"Cannot listen on " + address + ":" + std::to_string(port) + ": " +
                     error.message() +
                     ". Choose another address or port; port 0 takes a free one."};
    };
    beast::error_code error;
    const auto ip = asio::ip::make_address(address, error);
    if (error) return failed(error);
    auto& socket = acceptor_->socket;
    const tcp::endpoint endpoint(ip, port);
    socket.open(endpoint.protocol(), error);
    if (error) return failed(error);
    socket.set_option(asio::socket_base::reuse_address(true), error);
    if (!error) socket.bind(endpoint, error);
    if (!error) socket.listen(asio::socket_base::max_listen_connections, error);
    if (error) return failed(error);
    acceptor_->port = socket.local_endpoint(error).port();
    if (error) return failed(error);
    asio::post(acceptor_->context, [acceptor = acceptor_] { acceptor->accept(); });
    return {};
}

std::uint16_t HttpServer::port() const {
    return acceptor_->port;
}

void HttpServer::stop_accepting() {
    asio::post(acceptor_->context, [acceptor = acceptor_] {
        beast::error_code ignored;
        acceptor->socket.close(ignored);
    });
}

std::size_t HttpServer::in_flight() const {
    return acceptor_->in_flight.load();
}

}  // namespace weir::sample
