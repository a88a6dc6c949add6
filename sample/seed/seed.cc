#include "sample/seed/seed.h"

#include "sample/seed/cases.h"
#include "sample/seed/population.h"
#include "sample/seed/writer.h"

namespace weir::sample {
namespace {

constexpr std::string_view epoch = "2020-10-01T09:00:00Z";

void write_contracts(const Population& population, Random& random, Writer& writer) {
    for (const auto& provider : population.providers) {
        writer.add(Table::service_provider, {provider.id, provider.name});
    }
    for (const auto& contract : population.contracts) {
        const auto& region = contract.interventions.front().region;
        const auto& prime = population.providers[contract.prime].id;
        writer.add(Table::contract, {contract.id, contract.reference, prime, random.uuid(), region,
                                     Cell{}, "2020-11-01", "2024-10-31", "18", Cell{}, "1", "1"});
        for (const auto sub : contract.subs) {
            writer.add(Table::sub_contractor, {contract.id, population.providers[sub].id});
        }
        for (const auto& intervention : contract.interventions) {
            writer.add(Table::intervention,
                       {intervention.id, contract.id, epoch, intervention.title,
                        "Support as agreed in the contract.", "referrals@example.invalid"});
        }
    }
}

void write_people(const Population& population, Writer& writer) {
    for (const auto& person : population.people) {
        writer.add(Table::auth_user, {person.id, person.source, person.user_name, "0"});
        for (const auto& group : person.groups) {
            writer.add(Table::auth_user_group, {person.user_name, group});
        }
    }
}

}  // namespace

Result<std::string> write_sample_data(Connection& connection, const SeedPlan& plan) {
    Random random(plan.seed);
    const auto population = make_population(random);
    Writer writer(connection);
    write_contracts(population, random, writer);
    write_people(population, writer);
    write_cases(population, plan.referrals, random, writer);
    return writer.finish();
}

}  // namespace weir::sample
