#include "app/bypass/people.h"

#include <filesystem>
#include <string_view>
#include <utility>

#include "app/key/key_text.h"
#include "app/result_directory.h"
#include "base/format.h"

namespace weir::app {

using base::Result;

Result<BypassPeople> read_people(const plan::BypassRule& rule, const std::string& config) {
    BypassPeople people;
    people.policy.quorum = rule.quorum;
    people.policy.valid_for_most = rule.valid_for;
    people.policy.uses_most = rule.uses;
    const auto directory = std::filesystem::absolute(config).parent_path();
    for (const auto& each : rule.people) {
        const auto doing = base::format("the key of {} (bypass.person)", each.name);
        auto pem = read_file((directory / each.key).string());
        if (!pem.ok()) return base::within(doing, pem.error());
        auto key = attest::PublicKey::from_pem(pem.value());
        if (!key.ok()) return base::within(doing + " in " + each.key, key.error());
        people.policy.people.push_back({each.name, std::move(key).value()});
        if (each.may_request) people.may_request.insert(each.name);
        if (each.may_approve) people.may_approve.insert(each.name);
    }
    if (!rule.people.empty()) {
        if (auto sound = attest::check_policy(people.policy); !sound.ok()) {
            return base::within(config + ": bypass", sound.error());
        }
    }
    return people;
}

Result<attest::PrivateKey> read_private_key(const std::string& where) {
    constexpr std::string_view from_variable = "env:";
    plan::SecretSource source;
    if (where.starts_with(from_variable)) {
        source.from_variable = where.substr(from_variable.size());
    } else {
        source.from_file = where;
    }
    const auto pem = key_text(source, "");
    if (!pem.ok()) return base::within("--key " + where, pem.error());
    auto key = attest::PrivateKey::from_pem(pem.value().view());
    if (!key.ok()) return base::within("--key " + where, key.error());
    return key;
}

Result<Signer> read_signer(const BypassPeople& people,
                           const std::string& as,
                           const std::string& where,
                           bool& refused) {
    TRY(auto key, read_private_key(where));
    const std::string owner(attest::person_of(people.policy, key.public_key()));
    refused = true;
    if (owner.empty()) {
        return base::Error{
            base::Code::invalid,
            base::format("the key {} belongs to no bypass.person of this configuration{}",
                         key.public_key().id(),
                         as.empty() ? "" : ", whoever calls themselves " + as)};
    }
    if (!as.empty() && as != owner) {
        return base::Error{base::Code::invalid,
                           base::format("the key is {}'s, not {}'s", owner, as)};
    }
    refused = false;
    return Signer{owner, std::move(key)};
}

}  // namespace weir::app
