#include "sample/seed/cases.h"

#include <array>
#include <chrono>
#include <ctime>

#include <fmt/format.h>

#include "sample/seed/words.h"

namespace weir::sample {
namespace {

using Seconds = std::int64_t;

constexpr Seconds day = 86'400;
constexpr Seconds first_sent = 1'604'223'000;  // 1 November 2020, the service's first months
constexpr Seconds last_sent = 1'661'939'400;   // 31 August 2022
constexpr std::uint32_t open_per_mille = 745;

std::string time_text(Seconds at) {
    const std::time_t time = at;
    std::tm utc{};
    gmtime_r(&time, &utc);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", utc.tm_year + 1900, utc.tm_mon + 1,
                       utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec);
}

std::string date_text(Seconds at) {
    return time_text(at).substr(0, 10);
}

Cell flag(bool value) {
    return value ? std::string_view("1") : std::string_view("0");
}

/// One case on its way: what its parts need to know of each other.
struct Case {
    const Contract* contract = nullptr;
    std::string id;
    std::string officer;
    Seconds sent = 0;
    bool open = true;
};

class CaseWriter {
public:
    CaseWriter(const Population& population, Random& random, Writer& writer)
        : population_(population), random_(random), writer_(writer) {}

    void write(const Contract& contract, Seconds sent, bool draft) {
        Case one;
        one.contract = &contract;
        one.id = random_.uuid();
        one.officer = random_.pick(population_.officers);
        one.sent = sent;
        one.open = random_.per_mille(open_per_mille);
        write_referral(one, draft);
        write_service_user(one);
        if (draft) return;
        write_appointments(one);
        write_assignments(one);
        write_action_plans(one);
        write_report(one);
    }

private:
    // Each choice is a statement of its own: the order in which a compiler evaluates the operands
    // of one expression is its own affair, and the data must not depend on it.
    Seconds days(std::uint32_t from, std::uint32_t spread) {
        const Seconds whole = from + random_.below(spread);
        return day * whole + random_.below(36'000);
    }

    char letter() { return static_cast<char>('A' + random_.below(26)); }

    std::string reference() {
        const char one = letter();
        const char two = letter();
        const auto digits = random_.below(10'000);
        const char three = letter();
        const char four = letter();
        return fmt::format("{}{}{:04}{}{}", one, two, digits, three, four);
    }

    void write_referral(const Case& one, bool draft) {
        const auto created = time_text(one.sent - days(0, 9));
        const auto sent = time_text(one.sent);
        const auto ref = reference();
        const auto crn = fmt::format("X{:06}", random_.below(1'000'000));
        const auto sentence = std::to_string(2'500'000'000 + random_.below(400'000));
        const auto concluded_at = one.sent + days(60, 190);
        const auto concluded = time_text(concluded_at);
        const bool ended = !one.open && random_.per_mille(250);
        const auto deadline = date_text(one.sent + days(90, 180));
        const auto further = notes(random_, 4 + random_.below(8));
        const auto access = notes(random_, 1 + random_.below(2));
        const auto needs = notes(random_, 2 + random_.below(4));
        const auto away = notes(random_, 1);
        const auto most = std::to_string(10 + random_.below(80));
        const auto risk = random_.uuid();
        const auto tongue = random_.pick(languages());
        const auto none = Cell{};
        const auto done = !one.open && !draft;
        writer_.add(Table::referral, {one.id,
                                      created,
                                      one.officer,
                                      draft ? none : Cell(sent),
                                      draft ? none : Cell(one.officer),
                                      draft ? none : Cell(ref),
                                      crn,
                                      random_.pick(one.contract->interventions).id,
                                      sentence,
                                      ended ? Cell(concluded) : none,
                                      ended ? Cell(one.officer) : none,
                                      ended ? Cell("MIS") : none,
                                      ended ? Cell(away) : none,
                                      done ? Cell(concluded) : none,
                                      deadline,
                                      further,
                                      access,
                                      needs,
                                      flag(tongue != "English"),
                                      tongue != "English" ? Cell(tongue) : none,
                                      flag(random_.per_mille(300)),
                                      away,
                                      most,
                                      risk});
    }

    void write_service_user(const Case& one) {
        const Seconds age = 19 + random_.below(45);
        const auto born = date_text(one.sent - 365 * day * age - days(0, 365));
        const bool man = random_.per_mille(780);
        const bool disabled = random_.per_mille(220);
        writer_.add(
            Table::service_user,
            {one.id, man ? Cell("Mr") : Cell("Ms"), random_.pick(first_names()),
             random_.pick(last_names()), born, man ? Cell("Male") : Cell("Female"),
             random_.pick(ethnicities()), random_.pick(languages()), random_.pick(religions()),
             disabled ? Cell("{\"Autism spectrum condition\",Asthma}") : Cell("{}")});
    }

    /// 1.6 on average; those with many make the fan-out of the outage.
    std::uint32_t appointment_count() {
        const auto dice = random_.below(100);
        if (dice < 60) return 1;
        if (dice < 85) return 2;
        return dice < 95 ? 3 : 4;
    }

    void write_appointments(const Case& one) {
        const auto assessment = random_.uuid();
        writer_.add(Table::supplier_assessment, {assessment, one.id});
        const auto count = appointment_count();
        Seconds at = one.sent + days(4, 10);
        for (std::uint32_t i = 1; i <= count; ++i, at += days(5, 12)) {
            const auto id = write_appointment(one, at, i == count);
            writer_.add(Table::supplier_assessment_appointment, {assessment, id});
        }
    }

    /// All but the last were missed, and superseded by the next. Returns its id.
    std::string write_appointment(const Case& one, Seconds at, bool last) {
        const bool past = !last || random_.per_mille(800);
        auto id = random_.uuid();
        const auto created = time_text(at - days(2, 4));
        const auto due = time_text(at);
        const auto submitted = time_text(at + days(0, 3));
        const auto worker = random_.pick(one.contract->workers);
        const auto remark = notes(random_, 1 + random_.below(2));
        const auto behaviour = notes(random_, 1 + random_.below(3));
        const auto delius = std::to_string(1'500'000'000 + random_.below(90'000'000));
        const auto minutes = random_.per_mille(500) ? Cell("60") : Cell("45");
        const auto attended = last ? Cell("YES") : Cell("NO");
        const auto if_past = [past](Cell cell) { return past ? cell : Cell{}; };
        writer_.add(
            Table::appointment,
            {id, created, worker, due, minutes, if_past(attended), if_past(remark),
             if_past(submitted), last ? if_past(behaviour) : Cell{}, flag(!last), one.id, delius});
        return id;
    }

    void write_assignments(const Case& one) {
        if (one.open && random_.per_mille(180)) return;  // still waiting for someone
        const auto times = 1 + (random_.per_mille(180) ? 1U : 0U);
        Seconds at = one.sent + days(1, 4);
        for (std::uint32_t i = 1; i <= times; ++i, at += days(10, 40)) {
            const auto& to = random_.pick(one.contract->workers);
            const auto& by = random_.pick(one.contract->workers);
            writer_.add(Table::assignment, {one.id, time_text(at), by, to, flag(i < times)});
        }
    }

    void write_action_plans(const Case& one) {
        const auto dice = random_.below(100);
        const std::uint32_t count = dice < 15 ? 0 : dice < 80 ? 1 : dice < 95 ? 2 : 3;
        Seconds at = one.sent + days(12, 20);
        for (std::uint32_t i = 1; i <= count; ++i, at += days(20, 40)) {
            const bool submitted = i < count || random_.per_mille(900);
            const bool approved = submitted && random_.per_mille(850);
            const auto worker = random_.pick(one.contract->workers);
            const auto sessions = std::to_string(1 + random_.below(10));
            const auto created = time_text(at);
            const auto handed_in = time_text(at + days(0, 3));
            const auto agreed = time_text(at + days(3, 7));
            const auto none = Cell{};
            writer_.add(Table::action_plan,
                        {random_.uuid(), one.id, sessions, created, worker,
                         submitted ? Cell(handed_in) : none, submitted ? Cell(worker) : none,
                         approved ? Cell(agreed) : none});
        }
    }

    void write_report(const Case& one) {
        if (!random_.per_mille(one.open ? 60 : 900)) return;
        const auto created = time_text(one.sent + days(80, 120));
        const auto submitted = time_text(one.sent + days(200, 10));
        const auto none = Cell{};
        writer_.add(Table::end_of_service_report,
                    {random_.uuid(), one.id, created, one.open ? none : Cell(submitted),
                     notes(random_, 2 + random_.below(4))});
    }

    const Population& population_;
    Random& random_;
    Writer& writer_;
};

}  // namespace

void write_cases(const Population& population, std::size_t sent, Random& random, Writer& writer) {
    std::vector<std::size_t> order;
    order.reserve(sent);
    const auto shares = zipf_shares(sent, population.contracts.size());
    for (std::size_t contract = 0; contract < shares.size(); ++contract) {
        order.insert(order.end(), shares[contract], contract);
    }
    // Mixed in time, as in life: the rows of one contract lie far apart.
    random.shuffle(order);
    CaseWriter cases(population, random, writer);
    const auto span = static_cast<double>(last_sent - first_sent);
    for (std::size_t i = 0; i < order.size(); ++i) {
        const double part = static_cast<double>(i) / static_cast<double>(order.size());
        const auto at = first_sent + static_cast<Seconds>(span * part) + random.below(3600);
        cases.write(population.contracts[order[i]], at, false);
        if (i % 40 == 39) cases.write(population.contracts[order[i]], at, true);
    }
}

}  // namespace weir::sample
