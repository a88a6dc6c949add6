#include "sample/seed/population.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "sample/seed/words.h"

namespace weir::sample {
namespace {

constexpr std::size_t officer_count = 40;
constexpr std::size_t always_shared = 6;
/// Case workers of the biggest contract; the k-th has that many divided by k, but at least two.
constexpr std::size_t workers_of_biggest = 12;

constexpr std::array<std::size_t, 2> heavy{1, 30};
constexpr std::array<std::size_t, 3> broad{4, 5, 6};
constexpr std::array<std::size_t, 1> medium{12};
constexpr std::array<std::size_t, 1> small{60};
constexpr std::array<std::size_t, 1> unverified{30};

constexpr std::array<NamedUser, 6> users{{
    {"heavy", "holds the biggest contract: sees more than anyone", heavy},
    {"broad", "holds several big contracts", broad},
    {"medium", "holds one middling contract", medium},
    {"small", "holds the smallest contract", small},
    {"newcomer", "holds no contract yet: every dashboard is empty", {}},
    {unverified_user, "is asked to verify an e-mail address after signing in", unverified},
}};

void add_group(Person& person, const std::string& group) {
    if (std::find(person.groups.begin(), person.groups.end(), group) == person.groups.end()) {
        person.groups.push_back(group);
    }
}

/// A user sees a contract by holding its group and that of a provider who works on it.
void hold(Person& person, const Population& population, const Contract& contract) {
    add_group(person, "INT_SP_" + population.providers[contract.prime].id);
    add_group(person, "INT_CR_" + contract.reference);
}

void add_contracts(Population& population, Random& random) {
    for (const auto name : provider_names()) {
        std::string id(name.substr(0, name.find(' ')));
        std::transform(id.begin(), id.end(), id.begin(), [](char c) {
            return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        });
        population.providers.push_back({std::move(id), std::string(name)});
    }
    const auto providers = static_cast<std::uint32_t>(population.providers.size());
    for (std::size_t i = 0; i < contract_count; ++i) {
        Contract contract;
        contract.id = random.uuid();
        contract.reference = fmt::format("PRJ_{:04}", 4000 + i * 13);
        contract.prime = random.below(providers);
        // Each big contract has a sub-contractor, which is how joins over them came to multiply.
        const auto sub = (contract.prime + 1 + random.below(providers - 1)) % providers;
        if (random.per_mille(600) || i < always_shared) contract.subs.push_back(sub);
        const auto interventions = 1 + random.below(3);
        const auto region = random.pick(regions());
        for (std::uint32_t k = 0; k < interventions; ++k) {
            const auto title = random.pick(intervention_titles());
            contract.interventions.push_back(
                {random.uuid(), fmt::format("{} - {}", title, region), std::string(region)});
        }
        population.contracts.push_back(std::move(contract));
    }
}

void add_named_users(Population& population, Random& random) {
    for (const auto& user : users) {
        Person person{random.uuid(), std::string(user.name), "auth", {}};
        for (const auto rank : user.ranks) {
            auto& contract = population.contracts[rank - 1];
            hold(person, population, contract);
            if (user.name != unverified_user) contract.workers.push_back(person.id);
        }
        population.people.push_back(std::move(person));
    }
}

void add_case_workers(Population& population, Random& random) {
    for (std::size_t i = 0; i < population.contracts.size(); ++i) {
        auto& contract = population.contracts[i];
        const auto count = std::max<std::size_t>(2, workers_of_biggest / (i + 1));
        for (std::size_t k = 1; k <= count; ++k) {
            auto name = fmt::format("worker-{}-{}", contract.reference.substr(4), k);
            Person person{random.uuid(), std::move(name), "auth", {}};
            hold(person, population, contract);
            contract.workers.push_back(person.id);
            population.people.push_back(std::move(person));
        }
    }
}

void add_officers(Population& population) {
    population.people.push_back({"2500000000", std::string(probation_user), "delius", {}});
    for (std::size_t i = 1; i <= officer_count; ++i) {
        auto id = std::to_string(2'500'000'000 + i * 37);
        population.officers.push_back(id);
        population.people.push_back({std::move(id), fmt::format("officer-{:02}", i), "delius", {}});
    }
}

}  // namespace

Population make_population(Random& random) {
    Population population;
    add_contracts(population, random);
    add_named_users(population, random);
    add_case_workers(population, random);
    add_officers(population);
    return population;
}

std::vector<std::size_t> zipf_shares(std::size_t total, std::size_t parts) {
    double weights = 0;
    for (std::size_t k = 1; k <= parts; ++k) weights += 1.0 / static_cast<double>(k);
    std::vector<std::size_t> shares;
    std::size_t given = 0;
    for (std::size_t k = 1; k <= parts; ++k) {
        const double share = static_cast<double>(total) / (static_cast<double>(k) * weights);
        shares.push_back(static_cast<std::size_t>(share));
        given += shares.back();
    }
    for (std::size_t k = 0; given < total && k < parts; ++k, ++given) ++shares[k];
    return shares;
}

std::span<const NamedUser> named_users() {
    return users;
}

}  // namespace weir::sample
