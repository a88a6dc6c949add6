#include "sample/seed/words.h"

#include <array>

namespace weir::sample {
namespace {

constexpr std::array<std::string_view, 48> first{
    "Aaliyah", "Adam",   "Aisha",   "Alex",   "Amelia",  "Anil",   "Arthur", "Bethan",
    "Callum",  "Carys",  "Charlie", "Daniel", "Dawid",   "Donna",  "Elliot", "Emeka",
    "Fatima",  "Finley", "Gareth",  "Grace",  "Hannah",  "Harjit", "Imran",  "Isla",
    "Jamal",   "Jenny",  "Jordan",  "Kasia",  "Kieran",  "Leanne", "Liam",   "Maisie",
    "Marcus",  "Megan",  "Mohamed", "Nadia",  "Natasha", "Oliver", "Osman",  "Priya",
    "Rhys",    "Rosie",  "Sanjay",  "Sean",   "Shanice", "Tomasz", "Yasmin", "Zoë"};

constexpr std::array<std::string_view, 48> last{
    "Abbott",   "Adeyemi",   "Ahmed",     "Bailey",   "Begum",     "Bennett",
    "Campbell", "Carter",    "Chowdhury", "Clarke",   "Collins",   "Cooper",
    "D'Souza",  "Davies",    "Edwards",   "Evans",    "Foster",    "Gill",
    "Green",    "Griffiths", "Harris",    "Hussain",  "Jackson",   "Jenkins",
    "Jones",    "Kaur",      "Khan",      "Kowalski", "Lewis",     "Lloyd",
    "Marshall", "McKenzie",  "Mitchell",  "Morgan",   "Murphy",    "Nowak",
    "O'Brien",  "Okafor",    "Patel",     "Powell",   "Roberts",   "Shah",
    "Smith",    "Taylor",    "Walker",    "Williams", "<Unknown>", "Wood \"Woody\" & Sons"};

constexpr std::array<std::string_view, 12> providers{
    "Albion Forward",    "Bridge Street Trust", "Calder Futures",  "Dovetail Partnership",
    "Eastfield Support", "Fresh Start Group",   "Greenway Homes",  "Harbour Women's Trust",
    "Ivy House",         "Journeys Together",   "Kestrel Careers", "Lantern Wellbeing"};

constexpr std::array<std::string_view, 8> titles{
    "Accommodation Services",      "Education, Training and Employment",
    "Personal Wellbeing Services", "Women's Services",
    "Finance, Benefit and Debt",   "Dependency and Recovery",
    "Emotional Wellbeing",         "Social Inclusion"};

constexpr std::array<std::string_view, 12> places{"North East",
                                                  "North West",
                                                  "Greater Manchester",
                                                  "Yorkshire and the Humber",
                                                  "East Midlands",
                                                  "West Midlands",
                                                  "East of England",
                                                  "London",
                                                  "Kent, Surrey and Sussex",
                                                  "South Central",
                                                  "South West",
                                                  "Wales"};

constexpr std::array<std::string_view, 6> tongues{"English", "English", "English",
                                                  "Polish",  "Punjabi", "Welsh"};
constexpr std::array<std::string_view, 5> origins{"Asian or Asian British", "Black British",
                                                  "Mixed", "White British", "White Irish"};
constexpr std::array<std::string_view, 5> beliefs{"Christian", "Muslim", "None", "None", "Sikh"};

constexpr std::array<std::string_view, 24> sentences{
    "Has engaged well at the last two meetings and keeps a diary.",
    "Needs help with a tenancy: the current one ends in spring.",
    "Would like to return to work in catering or in a warehouse.",
    "Prefers mornings, as the afternoons are for the children.",
    "Travel is hard: one bus an hour, none after six o'clock.",
    "Asked for written notes after each session, in large print.",
    "There is a debt with a former landlord, about 1,400 pounds.",
    "Spoke about drinking less since the new year, with setbacks.",
    "A referral to the GP was agreed and is followed up monthly.",
    "Family contact has resumed and seems to be a strength here.",
    "Had difficulty with forms online; a paper copy worked better.",
    "Please do not leave voice messages on the shared telephone.",
    "Completed the first aid course & hopes to do the next level.",
    "Risk information is held in the usual place and is current.",
    "Missed one appointment because of a hospital visit at short notice.",
    "Wants to be supported by the same worker wherever possible.",
    "Reading is slow; sessions with pictures have gone very well.",
    "Benefits were stopped in error and are now being put right.",
    "Attends the allotment project on Tuesdays and on Thursdays.",
    "Will need an escort for the first visit to the new address.",
    "The action plan was talked through and agreed by everyone.",
    "Sleeps badly, which makes early appointments hard to keep.",
    "Is keen to take up volunteering at the community kitchen.",
    "Next review is planned for the end of the coming quarter."};

}  // namespace

std::span<const std::string_view> first_names() {
    return first;
}
std::span<const std::string_view> last_names() {
    return last;
}
std::span<const std::string_view> provider_names() {
    return providers;
}
std::span<const std::string_view> intervention_titles() {
    return titles;
}
std::span<const std::string_view> regions() {
    return places;
}
std::span<const std::string_view> languages() {
    return tongues;
}
std::span<const std::string_view> ethnicities() {
    return origins;
}
std::span<const std::string_view> religions() {
    return beliefs;
}

std::string notes(Random& random, std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) {
        if (i > 0) text += ' ';
        text += random.pick(sentences);
    }
    return text;
}

}  // namespace weir::sample
