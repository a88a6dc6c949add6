#include "sample/testing/running.h"

#include <array>
#include <cstdlib>

#include <gtest/gtest.h>

namespace weir::sample {
namespace {

/// Owned by the test program, so that services stop and data goes before it ends.
class Running : public testing::Environment {
public:
    void TearDown() override {
        for (auto& service : services) service.reset();
        data.reset();
    }

    std::unique_ptr<ScratchDirectory> data = std::make_unique<ScratchDirectory>();
    std::array<std::unique_ptr<Service>, 3> services;
};

// GoogleTest takes ownership.
Running* const environment = static_cast<Running*>(testing::AddGlobalTestEnvironment(new Running));

}  // namespace

ServiceOptions shared_options() {
    ServiceOptions options;
    options.data_dir = environment->data->path();
    options.workers = 4;
    return options;
}

Service& running(DashboardKind kind) {
    auto& service = environment->services[static_cast<std::size_t>(kind)];
    if (!service) {
        auto options = shared_options();
        options.dashboard = kind;
        auto started = Service::start(options);
        if (!started.ok()) {
            ADD_FAILURE() << started.error().text;
            std::abort();
        }
        service = std::move(started.value());
    }
    return *service;
}

std::string url(const std::string& path, DashboardKind kind) {
    return running(kind).facts().url + path;
}

}  // namespace weir::sample
