// The JSON Schema of weir.toml and its parser name the same keys.
#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "plan/suite.h"

namespace weir::plan {
namespace {

/// A file in which each table that the parser knows appears, so that it asks for each of its keys.
constexpr std::string_view every_table = R"(
[[gate.steps]]
rate = 1
duration = "1s"
[[journey]]
script = "dashboard.js"
[environment.preprod.secrets.PASSWORD]
env = "VARIABLE"
[environment.local]
alerts = ['namespace="local"']
[[sign_in]]
url = "/auth/*"
[[condition]]
that = "at least 99 % checks"
[decision]
[baseline]
[[dependency]]
name = "d"
health_url = "http://127.0.0.1/health"
[[fact]]
name = "f"
at_least = 1
[store]
[trust]
[[bypass.person]]
name = "Ann"
key = "keys/ann.pub"
[[bypass.person]]
name = "Bob"
key = "keys/bob.pub"
[lease]
[attest.key]
env = "VARIABLE"
[marks]
[report]
[notify.slack.url]
env = "VARIABLE"
[notify.alertmanager]
url = "http://127.0.0.1:9093"
during = "alert"
username = "weir"
[notify.alertmanager.password]
env = "VARIABLE"
[notify.grafana]
url = "http://127.0.0.1:3000"
[notify.grafana.token]
env = "VARIABLE"
[attribute]
[telemetry.prometheus]
url = "http://127.0.0.1:9090"
username = "weir"
password = { env = "VARIABLE" }
secret_headers = { X-Key = { env = "VARIABLE" } }
[telemetry.otlp]
url = "http://127.0.0.1:4318"
username = "weir"
password = { env = "VARIABLE" }
secret_headers = { X-Key = { env = "VARIABLE" } }
[telemetry.statsd]
[telemetry.influxdb]
url = "http://127.0.0.1:8086"
database = "k6"
username = "weir"
password = { env = "VARIABLE" }
secret_headers = { X-Key = { env = "VARIABLE" } }
[telemetry.json]
path = "telemetry.jsonl"
)";

class SchemaKeys {
public:
    explicit SchemaKeys(const base::Json& schema) : schema_(schema) { walk(schema, ""); }
    [[nodiscard]] const std::set<std::string>& all() const { return keys_; }

private:
    void walk(const base::Json& node, const std::string& path) {
        if (node.contains("$ref")) {
            const auto name = node["$ref"].get<std::string>();
            return walk(schema_["$defs"][name.substr(name.rfind('/') + 1)], path);
        }
        const std::string before = path.empty() ? "" : path + ".";
        if (node.contains("items")) walk(node["items"], path);
        if (node.contains("additionalProperties") && node["additionalProperties"].is_object()) {
            walk(node["additionalProperties"], before + "*");
        }
        if (!node.contains("properties")) return;
        for (const auto& [key, value] : node["properties"].items()) {
            keys_.insert(before + key);
            walk(value, before + key);
        }
    }

    const base::Json& schema_;
    std::set<std::string> keys_;
};

TEST(WeirSchema, NamesExactlyTheKeysThatTheParserKnows) {
    std::ifstream file(WEIR_SCHEMA);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const auto schema = base::parse_json(text);
    ASSERT_TRUE(schema.ok()) << schema.error().text;
    const auto parsed = parse_suite(every_table, "weir.toml");
    ASSERT_TRUE(parsed.ok()) << parsed.error().text;
    auto asked = keys_asked_of(every_table);
    // What excludes what stands there.
    for (const std::string section :
         {"notify.alertmanager", "telemetry.prometheus", "telemetry.otlp", "telemetry.influxdb"}) {
        const auto more = keys_asked_of("[" + section +
                                        "]\nurl = \"http://a\"\ntoken = { env = \"VARIABLE\" }\n");
        asked.insert(asked.end(), more.begin(), more.end());
    }
    std::sort(asked.begin(), asked.end());
    asked.erase(std::unique(asked.begin(), asked.end()), asked.end());
    const SchemaKeys keys(schema.value());
    EXPECT_GT(keys.all().size(), 40U);
    EXPECT_THAT(keys.all(), testing::UnorderedElementsAreArray(asked));
}

}  // namespace
}  // namespace weir::plan
