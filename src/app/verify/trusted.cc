#include <filesystem>
#include <utility>

#include "app/result_directory.h"
#include "app/verify/question.h"

namespace weir::app {
namespace {

base::Result<void> add_key(const std::string& path, std::vector<attest::PublicKey>& keys) {
    auto pem = read_file(path);
    if (!pem.ok()) return base::within("a trusted key", pem.error());
    auto key = attest::PublicKey::from_pem(pem.value());
    if (!key.ok()) return base::within("the trusted key " + path, key.error());
    keys.push_back(std::move(key).value());
    return {};
}

}  // namespace

base::Result<std::vector<attest::PublicKey>> read_trusted(const plan::AttestRule& rule,
                                                          const std::string& config,
                                                          const std::vector<std::string>& more) {
    std::vector<attest::PublicKey> keys;
    const auto directory = std::filesystem::absolute(config).parent_path();
    for (const auto& each : rule.trusted) {
        TRY_VOID(add_key((directory / each).string(), keys));
    }
    for (const auto& each : more) TRY_VOID(add_key(each, keys));
    return keys;
}

}  // namespace weir::app
