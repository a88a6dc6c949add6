// Population: the providers, contracts, interventions and staff that referrals belong to.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sample/seed/random.h"

namespace weir::sample {

inline constexpr std::size_t contract_count = 60;

struct Provider {
    std::string id;
    std::string name;
};

struct Intervention {
    std::string id;
    std::string title;
    std::string region;
};

struct Contract {
    std::string id;
    std::string reference;
    std::size_t prime = 0;          // index of the provider
    std::vector<std::size_t> subs;  // indexes of sub-contractors
    std::vector<Intervention> interventions;
    std::vector<std::string> workers;  // ids of the users who take cases of this contract
};

struct Person {
    std::string id;
    std::string user_name;
    std::string source;               // "auth": provider staff; "delius": probation staff
    std::vector<std::string> groups;  // INT_SP_<provider>, INT_CR_<contract reference>
};

/// Contracts come biggest first; the k-th gets a share of the referrals in proportion to 1/k.
struct Population {
    std::vector<Provider> providers;
    std::vector<Contract> contracts;
    std::vector<Person> people;
    std::vector<std::string> officers;  // ids of probation staff, who make referrals
};

Population make_population(Random& random);

/// How many of `total` referrals each contract gets. They add up to the total.
std::vector<std::size_t> zipf_shares(std::size_t total, std::size_t parts);

/// The users that journeys sign in as, and the ranks (1 = biggest) of the contracts they hold.
struct NamedUser {
    std::string_view name;
    std::string_view purpose;
    std::span<const std::size_t> ranks;
};
std::span<const NamedUser> named_users();

/// Signs in, but is sent to a page that asks to verify an e-mail address.
inline constexpr std::string_view unverified_user = "unverified";
/// Probation staff: signs in, but has no provider dashboard.
inline constexpr std::string_view probation_user = "probation";

}  // namespace weir::sample
