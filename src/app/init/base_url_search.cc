#include "app/init/base_url_search.h"

#include <algorithm>
#include <array>
#include <optional>
#include <regex>
#include <set>
#include <sstream>
#include <system_error>

#include "app/init/found_text.h"
#include "base/format.h"
#include "base/url.h"

namespace weir::app::init {
namespace {

namespace fs = std::filesystem;

constexpr int deepest = 4;
constexpr std::size_t most_entries = 5000;

bool skipped_folder(const std::string& name) {
    static const std::set<std::string> skipped{
        ".git",    ".weir", "node_modules", "vendor", "build",    "dist", "target",
        ".gradle", ".venv", "venv",         "out",    "coverage", "test", "tests"};
    return skipped.contains(name);
}

/// A word that stands for the environment before production.
bool says_preprod(std::string_view text) {
    static const std::regex word(
        R"((^|[^a-z])(pre-?prod(uction)?|staging|stage|uat|acceptance)([^a-z]|$))");
    return std::regex_search(in_lower_case(text), word);
}

bool says_other(std::string_view text) {
    static const std::regex word(
        R"((^|[^a-z])(prod(uction)?|live|dev(elopment)?|test|local(host)?|mock|wiremock)([^a-z]|$))");
    return std::regex_search(in_lower_case(text), word);
}

bool of_interest(const fs::path& path) {
    static const std::regex name(
        R"(^(values.*\.ya?ml|(docker-)?compose.*\.ya?ml|\.env\.[\w.-]*|.*\.env|.*ingress.*\.ya?ml|application.*\.(ya?ml|properties)|config\.yml|.*\.gitlab-ci\.yml|jenkinsfile|dockerfile|readme\.md|.*\.tfvars|app\.json|manifest.*\.ya?ml)$)");
    const std::string file = in_lower_case(path.filename().string());
    if (std::regex_match(file, name)) return true;
    const std::string folder = path.parent_path().string();
    return folder == ".github/workflows" ||
           (says_preprod(path.string()) && file.ends_with(".yaml"));
}

struct Candidate {
    std::string url;
    std::string from;
    int score = 0;
};

/// "host: x", "- host: x", "BASE_URL=x", "hosts: [x]", "- x" below "hosts:".
struct KeyAndValue {
    std::string key;
    std::string value;
};

std::optional<KeyAndValue> key_and_value(const std::string& line) {
    static const std::regex form(
        R"re(^\s*(?:-\s+)?(?:export\s+)?["']?([\w.-]+)["']?\s*[:=]\s*\[?\s*["']?([^\s"'\],#]+))re");
    std::smatch found;
    if (!std::regex_search(line, found, form)) return std::nullopt;
    return KeyAndValue{in_lower_case(found[1].str()), found[2].str()};
}

/// Keys that speak of the service itself.
int own_key(std::string key) {
    std::replace(key.begin(), key.end(), '-', '_');
    static const std::set<std::string> sure{
        "host",       "hosts",       "hostname",    "base_url",     "baseurl",         "app_url",
        "public_url", "service_url", "ingress_url", "ingress_host", "site_url",        "domain",
        "target_url", "app_host",    "preprod_url", "staging_url",  "environment_url", "url"};
    if (key == "url") return 1;
    return sure.contains(key) ? 3 : 0;
}

/// A host or address as a URL without path, when it is one of the outside world.
std::string as_base_url(const std::string& text) {
    static const std::regex host(R"(^([\w-]+\.)+[a-z]{2,}(:\d+)?$)", std::regex::icase);
    std::string url = text;
    if (url.find("://") == std::string::npos) {
        if (!std::regex_match(url, host)) return "";
        url = "https://" + url;
    }
    const auto parsed = base::parse_url(url);
    if (!parsed.ok()) return "";
    const auto& it = parsed.value();
    if ((it.scheme != "http" && it.scheme != "https") || !it.username.empty()) return "";
    if (it.host.find('.') == std::string::npos || it.host.ends_with(".local")) return "";
    if (it.host.ends_with(".svc") || it.host.starts_with("127.")) return "";
    std::string base = it.href.substr(0, it.href.size() - it.query.size() - it.fragment.size());
    while (base.ends_with('/')) base.pop_back();
    return base;
}

int score_of(const fs::path& file,
             const KeyAndValue& pair,
             const std::string& url,
             const std::string& service) {
    const int key = own_key(pair.key);
    if (key == 0) return 0;
    const bool named = says_preprod(file.string()) || says_preprod(url) || says_preprod(pair.key);
    if (!named) return 0;
    // The last part is a domain of the world: "shop.dev" is nobody's development.
    if (!says_preprod(url) && says_other(url.substr(0, url.rfind('.')))) return 0;
    int score = key;
    if (says_preprod(url)) score += 2;
    if (says_preprod(file.string())) score += 2;
    if (url.find(service) != std::string::npos) score += 3;
    return score;
}

void collect(const fs::path& directory,
             const fs::path& file,
             const std::string& service,
             std::vector<Candidate>& into) {
    std::istringstream lines(small_file(directory / file));
    std::string line;
    std::string list_key;  // of a list that goes on below it
    static const std::regex opens(R"(^\s*(?:-\s+)?["']?([\w.-]+)["']?\s*:\s*$)");
    static const std::regex item(R"re(^\s*-\s+["']?([^\s"':,{]+(?::\/\/[^\s"',]+)?)["']?\s*$)re");
    for (std::size_t number = 1; std::getline(lines, line) && into.size() < most_entries;
         ++number) {
        if (line.size() > 2000) continue;
        std::smatch found;
        std::optional<KeyAndValue> pair;
        if (std::regex_search(line, found, opens)) {
            list_key = in_lower_case(found[1].str());
            continue;
        }
        if (!list_key.empty() && std::regex_search(line, found, item)) {
            pair = KeyAndValue{list_key, found[1].str()};
        } else {
            list_key.clear();
            pair = key_and_value(line);
        }
        if (!pair) continue;
        const std::string url = as_base_url(pair->value);
        if (url.empty()) continue;
        const int score = score_of(file, *pair, url, service);
        if (score > 0) into.push_back({url, base::format("{}:{}", file.string(), number), score});
    }
}

/// The host's side of the first published port that is no database's.
std::optional<Known> compose_port(const fs::path& directory, const fs::path& file) {
    static const std::regex mapping(
        R"re(^\s*-\s+["']?(?:[\d.]+:)?(\d{2,5}):(\d{2,5})(?:/tcp)?["']?\s*(?:#.*)?$)re");
    static const std::set<std::string> stores{"5432", "3306", "6379",  "27017", "9200", "5672",
                                              "9092", "2181", "11211", "4566",  "1433"};
    std::istringstream lines(small_file(directory / file));
    std::string line;
    for (std::size_t number = 1; std::getline(lines, line); ++number) {
        std::smatch found;
        if (line.size() > 200 || !std::regex_match(line, found, mapping)) continue;
        if (stores.contains(found[2].str())) continue;
        return Known{"http://127.0.0.1:" + found[1].str(),
                     base::format("{}:{}", file.string(), number)};
    }
    return std::nullopt;
}

std::optional<Known> exposed_port(const fs::path& directory, const fs::path& file) {
    static const std::regex expose(R"(^\s*EXPOSE\s+(\d{2,5})\b.*$)", std::regex::icase);
    std::istringstream lines(small_file(directory / file));
    std::string line;
    for (std::size_t number = 1; std::getline(lines, line); ++number) {
        std::smatch found;
        if (line.size() > 200 || !std::regex_match(line, found, expose)) continue;
        return Known{"http://127.0.0.1:" + found[1].str(),
                     base::format("{}:{}", file.string(), number)};
    }
    return std::nullopt;
}

}  // namespace

std::vector<fs::path> deployment_files(const fs::path& directory) {
    std::vector<fs::path> files;
    std::error_code failed;
    std::size_t seen = 0;
    fs::recursive_directory_iterator walk(directory, fs::directory_options::skip_permission_denied,
                                          failed);
    for (; !failed && walk != fs::recursive_directory_iterator(); walk.increment(failed)) {
        if (++seen > most_entries) break;
        std::error_code ignored;
        const auto& path = walk->path();
        if (walk->is_directory(ignored)) {
            if (walk.depth() >= deepest || skipped_folder(path.filename().string())) {
                walk.disable_recursion_pending();
            }
            continue;
        }
        const auto relative = path.lexically_relative(directory);
        if (walk->is_regular_file(ignored) && of_interest(relative)) files.push_back(relative);
    }
    std::sort(files.begin(), files.end());
    return files;
}

Known preprod_url(const fs::path& directory,
                  const std::vector<fs::path>& files,
                  const std::string& service) {
    std::vector<Candidate> candidates;
    for (const auto& file : files) collect(directory, file, service, candidates);
    const auto best =
        std::max_element(candidates.begin(), candidates.end(),
                         [](const Candidate& a, const Candidate& b) { return a.score < b.score; });
    if (best == candidates.end()) return {};
    return {best->url, best->from, false};
}

Known local_url(const fs::path& directory, const std::vector<fs::path>& files) {
    for (const auto& file : files) {
        if (in_lower_case(file.filename().string()).find("compose") == std::string::npos) continue;
        if (const auto found = compose_port(directory, file)) return *found;
    }
    for (const auto& file : files) {
        if (in_lower_case(file.filename().string()) != "dockerfile") continue;
        if (const auto found = exposed_port(directory, file)) return *found;
    }
    return {"http://127.0.0.1:8080", "assumed", true};
}

}  // namespace weir::app::init
