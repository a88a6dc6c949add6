#include "sample/db/schema.h"

#include <array>

namespace weir::sample {
namespace {

using std::string_view;

// Written for PostgreSQL; SQLite gets its own type names below. State is not stored: a draft has
// no sent_at, an open referral no concluded_at.
constexpr string_view tables = R"sql(
create table service_provider (id text primary key, name text not null);
create table dynamic_framework_contract (
  id uuid primary key, contract_reference text not null unique, prime_provider_id text not null,
  contract_type_id uuid not null, nps_region_id text, pcc_region_id text, start_date date not null,
  end_date date not null, minimum_age int not null, maximum_age int, allows_female boolean not null,
  allows_male boolean not null);
create table dynamic_framework_contract_sub_contractor (
  dynamic_framework_contract_id uuid not null, subcontractor_provider_id text not null,
  primary key (dynamic_framework_contract_id, subcontractor_provider_id));
create table intervention (
  id uuid primary key, dynamic_framework_contract_id uuid not null, created_at timestamptz not null,
  title text not null, description text not null, incoming_referral_distribution_email text);
create table auth_user (
  id text primary key, auth_source text not null, user_name text not null,
  deleted boolean not null);
create table auth_user_group (
  user_name text not null, group_code text not null, primary key (user_name, group_code));
create table referral (
  id uuid primary key, created_at timestamptz not null, created_by_id text not null,
  sent_at timestamptz, sent_by_id text, reference_number text, service_usercrn text not null,
  intervention_id uuid not null, relevant_sentence_id bigint, end_requested_at timestamptz,
  end_requested_by_id text, end_requested_reason_code text, end_requested_comments text,
  concluded_at timestamptz, completion_deadline date, further_information text,
  accessibility_needs text, additional_needs_information text, needs_interpreter boolean,
  interpreter_language text, has_additional_responsibilities boolean, when_unavailable text,
  maximum_enforceable_days int, supplementary_risk_id uuid);
create table referral_service_user_data (
  referral_id uuid primary key, title text, first_name text, last_name text, dob date, gender text,
  ethnicity text, preferred_language text, religion_or_belief text, disabilities text[]);
create table referral_assignments (
  referral_id uuid not null, assigned_at timestamptz not null, assigned_by_id text not null,
  assigned_to_id text not null, superseded boolean not null,
  primary key (referral_id, assigned_at));
create table supplier_assessment (id uuid primary key, referral_id uuid not null unique);
create table supplier_assessment_appointment (
  supplier_assessment_id uuid not null, appointment_id uuid not null unique,
  primary key (supplier_assessment_id, appointment_id));
create table appointment (
  id uuid primary key, created_at timestamptz not null, created_by_id text not null,
  appointment_time timestamptz not null, duration_in_minutes int not null, attended text,
  additional_attendance_information text, attendance_submitted_at timestamptz,
  attendance_behaviour text, superseded boolean not null, referral_id uuid not null,
  delius_appointment_id bigint);
create table action_plan (
  id uuid primary key, referral_id uuid not null, number_of_sessions int,
  created_at timestamptz not null, created_by_id text not null, submitted_at timestamptz,
  submitted_by_id text, approved_at timestamptz);
create table end_of_service_report (
  id uuid primary key, referral_id uuid not null unique, created_at timestamptz not null,
  submitted_at timestamptz, further_information text);
create table sample_seed (
  version int not null, seed text not null, referrals int not null, digest text not null);
)sql";

// The first four are the real service's on referral, which has none on intervention_id, sent_at or
// concluded_at. The fifth is ours: PostgreSQL gets by with hash joins over whole tables, SQLite has
// none, and without it even the fixed dashboard would read 60,000 referrals for each page.
constexpr string_view indexes = R"sql(
create index referral_created_by on referral (created_by_id);
create index referral_sent_by on referral (sent_by_id);
create index referral_crn on referral (service_usercrn);
create index referral_reference on referral (reference_number);
create index referral_by_intervention on referral (intervention_id, concluded_at, sent_at, id);
create index intervention_contract on intervention (dynamic_framework_contract_id);
create index assignment_assigned_to on referral_assignments (assigned_to_id);
create index appointment_referral on appointment (referral_id);
create index action_plan_referral on action_plan (referral_id);
)sql";

constexpr std::array service_provider{string_view("id"), string_view("name")};
constexpr std::array<string_view, 12> contract{"id",
                                               "contract_reference",
                                               "prime_provider_id",
                                               "contract_type_id",
                                               "nps_region_id",
                                               "pcc_region_id",
                                               "start_date",
                                               "end_date",
                                               "minimum_age",
                                               "maximum_age",
                                               "allows_female",
                                               "allows_male"};
constexpr std::array<string_view, 2> sub_contractor{"dynamic_framework_contract_id",
                                                    "subcontractor_provider_id"};
constexpr std::array<string_view, 6> intervention{
    "id",          "dynamic_framework_contract_id",       "created_at", "title",
    "description", "incoming_referral_distribution_email"};
constexpr std::array<string_view, 4> auth_user{"id", "auth_source", "user_name", "deleted"};
constexpr std::array<string_view, 2> auth_user_group{"user_name", "group_code"};
constexpr std::array<string_view, 24> referral{"id",
                                               "created_at",
                                               "created_by_id",
                                               "sent_at",
                                               "sent_by_id",
                                               "reference_number",
                                               "service_usercrn",
                                               "intervention_id",
                                               "relevant_sentence_id",
                                               "end_requested_at",
                                               "end_requested_by_id",
                                               "end_requested_reason_code",
                                               "end_requested_comments",
                                               "concluded_at",
                                               "completion_deadline",
                                               "further_information",
                                               "accessibility_needs",
                                               "additional_needs_information",
                                               "needs_interpreter",
                                               "interpreter_language",
                                               "has_additional_responsibilities",
                                               "when_unavailable",
                                               "maximum_enforceable_days",
                                               "supplementary_risk_id"};
constexpr std::array<string_view, 10> service_user{
    "referral_id", "title",     "first_name",         "last_name",          "dob",
    "gender",      "ethnicity", "preferred_language", "religion_or_belief", "disabilities"};
constexpr std::array<string_view, 5> assignment{"referral_id", "assigned_at", "assigned_by_id",
                                                "assigned_to_id", "superseded"};
constexpr std::array<string_view, 2> supplier_assessment{"id", "referral_id"};
constexpr std::array<string_view, 2> supplier_assessment_appointment{"supplier_assessment_id",
                                                                     "appointment_id"};
constexpr std::array<string_view, 12> appointment{"id",
                                                  "created_at",
                                                  "created_by_id",
                                                  "appointment_time",
                                                  "duration_in_minutes",
                                                  "attended",
                                                  "additional_attendance_information",
                                                  "attendance_submitted_at",
                                                  "attendance_behaviour",
                                                  "superseded",
                                                  "referral_id",
                                                  "delius_appointment_id"};
constexpr std::array<string_view, 8> action_plan{
    "id",           "referral_id",     "number_of_sessions", "created_at", "created_by_id",
    "submitted_at", "submitted_by_id", "approved_at"};
constexpr std::array<string_view, 5> end_of_service_report{"id", "referral_id", "created_at",
                                                           "submitted_at", "further_information"};

struct Entry {
    string_view name;
    std::span<const string_view> columns;
};

constexpr std::array<Entry, table_count> entries{{
    {"service_provider", service_provider},
    {"dynamic_framework_contract", contract},
    {"dynamic_framework_contract_sub_contractor", sub_contractor},
    {"intervention", intervention},
    {"auth_user", auth_user},
    {"auth_user_group", auth_user_group},
    {"referral", referral},
    {"referral_service_user_data", service_user},
    {"referral_assignments", assignment},
    {"supplier_assessment", supplier_assessment},
    {"supplier_assessment_appointment", supplier_assessment_appointment},
    {"appointment", appointment},
    {"action_plan", action_plan},
    {"end_of_service_report", end_of_service_report},
}};

void replace_all(std::string& text, string_view from, string_view to) {
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
        text.replace(at, from.size(), to);
    }
}

}  // namespace

std::string_view table_name(Table table) {
    return entries[static_cast<std::size_t>(table)].name;
}

std::span<const std::string_view> table_columns(Table table) {
    return entries[static_cast<std::size_t>(table)].columns;
}

std::string tables_sql(Dialect dialect) {
    std::string sql(tables);
    if (dialect == Dialect::postgres) return sql;
    // An unknown type name would make SQLite turn text that looks like a number into one.
    replace_all(sql, " text[]", " text");
    replace_all(sql, " uuid", " text");
    replace_all(sql, " timestamptz", " text");
    replace_all(sql, " date", " text");
    replace_all(sql, " boolean", " int");
    return sql;
}

std::string indexes_sql() {
    return std::string(indexes);
}

}  // namespace weir::sample
