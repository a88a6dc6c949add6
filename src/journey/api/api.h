// The parts that make_bindings() puts together: one function per module of k6, and the class ids.
#pragma once

#include "script/bindings.h"

namespace weir::journey::api {

/// Classes in the order in which they are registered, so that natives know their ids.
inline constexpr script::ClassId response_class{0};
inline constexpr script::ClassId file_data_class{1};
inline constexpr script::ClassId cookie_jar_class{2};
inline constexpr script::ClassId status_rule_class{3};
inline constexpr script::ClassId counter_class{4};
inline constexpr script::ClassId gauge_class{5};
inline constexpr script::ClassId rate_class{6};
inline constexpr script::ClassId trend_class{7};
inline constexpr script::ClassId hasher_class{8};
inline constexpr script::ClassId shared_elements_class{9};
inline constexpr script::ClassId shared_array_class{10};
inline constexpr script::ClassId exec_scenario_class{11};
inline constexpr script::ClassId exec_instance_class{12};
inline constexpr script::ClassId exec_test_class{13};
inline constexpr script::ClassId exec_user_class{14};
inline constexpr script::ClassId crypto_key_class{15};

/// CHECKs that the class comes in its turn.
void register_class(script::Bindings& bindings, const script::ClassSpec& spec, script::ClassId id);

// In the order of their classes.
void add_http(script::Bindings& bindings);
void add_metrics(script::Bindings& bindings);
void add_crypto(script::Bindings& bindings);
void add_data(script::Bindings& bindings);
void add_execution(script::Bindings& bindings);
void add_web_crypto(script::Bindings& bindings);
// These have no classes.
void add_k6(script::Bindings& bindings);
void add_encoding(script::Bindings& bindings);
void add_timers(script::Bindings& bindings);
void add_console(script::Bindings& bindings);
void add_files(script::Bindings& bindings);  // open()
void add_environment(script::Bindings& bindings);
void add_refusals(script::Bindings& bindings);

/// Math.random from the user's seeded generator, so that a run can be replayed. False: threw.
[[nodiscard]] bool define_random(script::Isolate& js);

}  // namespace weir::journey::api
