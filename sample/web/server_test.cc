#include "sample/web/server.h"

#include <atomic>
#include <future>
#include <latch>
#include <thread>

#include <gtest/gtest.h>

#include "sample/testing/browser.h"

namespace weir::sample {
namespace {

/// A server of one lane with two threads and a short queue.
struct Serving {
    explicit Serving(std::function<Response(const Request&)> answer, std::size_t queue = 64)
        : lane(2, queue) {
        site.lane = [this](const Request&) -> Lane& { return lane; };
        site.respond = [answer = std::move(answer)](const Request& request, std::size_t) {
            return answer(request);
        };
        site.headers = {{"X-Mark", "yes"}};
        const auto bound = server.listen("127.0.0.1", 0);
        EXPECT_TRUE(bound.ok());
        io.start();
    }
    ~Serving() {
        lane.close();
        io.stop();
    }
    [[nodiscard]] std::string url(const std::string& path) const {
        return "http://127.0.0.1:" + std::to_string(server.port()) + path;
    }

    Site site;
    Lane lane;
    IoThread io;
    HttpServer server{io, site};
};

Response echo(const Request& request) {
    return html_response(200, request.path);
}

TEST(HttpServer, AnswersAndMarksItsAnswers) {
    const Serving serving(echo);
    Browser browser;
    const auto page = browser.get_once(serving.url("/a%20b?x=1"));
    EXPECT_EQ(page.status, 200U);
    EXPECT_EQ(page.body, "/a b");
    EXPECT_EQ(page.header("X-Mark"), "yes");
}

TEST(HttpServer, ManyIdleConnectionsHoldUpNobody) {
    const Serving serving(echo);  // two threads
    std::vector<Browser> visitors(300);
    for (auto& visitor : visitors) {
        ASSERT_EQ(visitor.get_once(serving.url("/first")).status, 200U);
    }
    // All of them are still connected, and each is answered again on its connection.
    for (auto& visitor : visitors) {
        ASSERT_EQ(visitor.get_once(serving.url("/again")).body, "/again");
    }
}

TEST(HttpServer, RefusesWhenTheQueueIsFull) {
    std::promise<void> release;
    auto gate = release.get_future().share();
    std::latch both_busy(2);
    const Serving serving(
        [&](const Request& request) {
            if (request.path == "/wait") both_busy.count_down();
            gate.wait();
            return html_response(200, "done");
        },
        1);
    std::atomic<int> answered{0};
    std::vector<std::thread> visitors;
    const auto visit = [&](const std::string& path) {
        visitors.emplace_back([&, path] {
            Browser browser;
            if (browser.get_once(serving.url(path)).status == 200) ++answered;
        });
    };
    visit("/wait");
    visit("/wait");
    both_busy.wait();
    // Both threads are busy; one request may wait, so of two more exactly one is refused.
    Browser third;
    Browser fourth;
    auto waiting = std::async(std::launch::async,
                              [&] { return third.get_once(serving.url("/queued")).status; });
    auto other = std::async(std::launch::async,
                            [&] { return fourth.get_once(serving.url("/queued")).status; });
    std::size_t refused = 0;
    while (refused == 0) {
        for (auto* one : {&waiting, &other}) {
            if (one->wait_for(std::chrono::milliseconds(1)) == std::future_status::ready) ++refused;
        }
    }
    release.set_value();
    const auto first_status = waiting.get();
    const auto second_status = other.get();
    EXPECT_EQ(std::min(first_status, second_status), 200U);
    EXPECT_EQ(std::max(first_status, second_status), 503U);
    for (auto& visitor : visitors) visitor.join();
    EXPECT_EQ(answered, 2);
}

TEST(HttpServer, ABrokenPageIsA500) {
    const Serving serving(
        [](const Request&) { return html_response(200, std::string().substr(1)); });
    Browser browser;
    EXPECT_EQ(browser.get_once(serving.url("/")).status, 500U);
    EXPECT_EQ(browser.get_once(serving.url("/")).status, 500U) << "and the service goes on";
}

TEST(HttpServer, BoundsWhatItReads) {
    const Serving serving(echo);
    Browser browser;
    EXPECT_EQ(browser.get_once(serving.url("/" + std::string(64 * 1024, 'x'))).status, 431U);
    EXPECT_EQ(browser.post_once(serving.url("/"), {{"a", std::string(200 * 1024, 'x')}}).status,
              413U);
    EXPECT_EQ(browser.get_once(serving.url("/fine")).status, 200U);
}

TEST(HttpServer, SaysWhyItCannotListen) {
    const Serving serving(echo);
    HttpServer second(const_cast<Serving&>(serving).io, serving.site);
    const auto bound = second.listen("127.0.0.1", serving.server.port());
    ASSERT_FALSE(bound.ok());
    EXPECT_NE(bound.error().text.find("Address already in use"), std::string::npos);
    EXPECT_FALSE(second.listen("not an address", 0).ok());
}

}  // namespace
}  // namespace weir::sample
