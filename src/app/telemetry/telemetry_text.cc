#include "app/telemetry/telemetry_text.h"

#include <filesystem>
#include <string_view>

#include "app/secrets/secret_value.h"
#include "base/format.h"
#include "base/units.h"

namespace weir::app {
namespace {

class Lines {
public:
    explicit Lines(std::string directory) : directory_(std::move(directory)) {}

    void add(std::string_view kind, const plan::HttpReceiver& to, base::Nanos interval) {
        add(kind, to.url, interval);
        const auto missing = [&](const std::string& key, const plan::SecretSource& source) {
            if (!source.given()) return;
            const auto value =
                secret_value(base::format("telemetry.{}.{}", kind, key), source, directory_);
            if (!value.ok()) text_.insert(text_.size() - 1, "; off: " + value.error().text);
        };
        missing("token", to.token);
        missing("password", to.password);
        for (const auto& [name, source] : to.secret_headers) missing(name, source);
    }
    void add(std::string_view kind, std::string_view where, base::Nanos interval) {
        text_ += base::format("telemetry    {}: {}, each {}\n", kind, where,
                              base::write_duration(interval));
    }
    [[nodiscard]] std::string take() { return std::move(text_); }

private:
    std::string directory_;
    std::string text_;
};

}  // namespace

std::string telemetry_text(const plan::TelemetryRules& rules, const std::string& config_file) {
    Lines lines(std::filesystem::absolute(config_file).parent_path().string());
    if (rules.prometheus) lines.add("prometheus", rules.prometheus->to, rules.prometheus->interval);
    if (rules.otlp) lines.add("otlp", rules.otlp->to, rules.otlp->interval);
    if (rules.statsd) lines.add("statsd", rules.statsd->address, rules.statsd->interval);
    if (rules.influxdb) lines.add("influxdb", rules.influxdb->to, rules.influxdb->interval);
    if (rules.json) lines.add("json", rules.json->path, rules.json->interval);
    return lines.take();
}

}  // namespace weir::app
