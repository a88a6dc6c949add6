// Module k6/metrics: Counter, Gauge, Rate, Trend. Source: k6 documentation, "k6/metrics".
#include <array>
#include <cmath>
#include <memory>
#include <string>

#include "base/format.h"
#include "journey/api/api.h"
#include "journey/api/tag_args.h"
#include "journey/host/host.h"
#include "meter/registry.h"

namespace weir::journey::api {

namespace {

using record::MetricContains;
using record::MetricType;
using script::Args;
using script::ErrorKind;
using script::Isolate;
using script::Ref;
using script::Value;

struct Metric {
    record::MetricId id{};
    std::string name;
};

constexpr script::ClassId class_of(MetricType type) {
    switch (type) {
        case MetricType::counter:
            return counter_class;
        case MetricType::gauge:
            return gauge_class;
        case MetricType::rate:
            return rate_class;
        case MetricType::trend:
            break;
    }
    return trend_class;
}

void finalize(void* object) noexcept {
    delete static_cast<Metric*>(object);
}

Value make(Isolate& js, Args args, MetricType type) {
    Host& host = Host::of(js);
    if (host.stage != Stage::init) {
        return script::throw_error(js, "metrics must be declared in the init context");
    }
    const script::Text name = (args.empty() ? Ref() : args[0]).to_text(js);
    if (!name.ok()) return Value::thrown();
    const bool is_time = args.size() > 1 && args[1].to_bool(js);
    const auto id = host.run.registry->add(
        {.name = name.str(),
         .type = type,
         .contains = is_time ? MetricContains::time : MetricContains::plain});
    if (!id.ok()) return script::throw_error(js, id.error().text);
    return script::new_native(js, class_of(type),
                              std::make_unique<Metric>(Metric{id.value(), name.str()}).release());
}

template <MetricType type>
Value construct(Isolate& js, Ref, Args args, int) noexcept {
    return make(js, args, type);
}

/// Not a number: a warning once, or an exception with the option `throw`, as in k6. Such a value in
/// a trend would spoil every figure of it.
Value refuse(Isolate& js, Host& host, const Metric& metric, Ref value) {
    const script::Text text = value.to_text(js);
    if (!text.ok()) return Value::thrown();
    const std::string words = base::format(
        "'{}' is an invalid value for metric '{}', a number or a boolean value is expected",
        text.view(), metric.name);
    if (host.settings.throws) return script::throw_error(js, ErrorKind::type, words);
    if (host.run.evidence == nullptr || host.run.evidence->first_time(words))
        host.run.log.warn(words);
    return Value::boolean(false);
}

template <MetricType type>
Value add(Isolate& js, Ref self, Args args, int) noexcept {
    Host& host = Host::of(js);
    const auto* const metric = script::native_as<Metric>(js, self, class_of(type));
    if (metric == nullptr) return script::throw_error(js, ErrorKind::type, "not a metric");
    if (host.stage == Stage::init) {
        return script::throw_error(js, "adding to metrics in the init context is not supported");
    }
    const Ref given = args.empty() ? Ref() : args[0];
    const auto value = given.is_nullish() ? std::optional(std::nan("")) : given.to_number(js);
    if (!value) return Value::thrown();
    if (!std::isfinite(*value)) return refuse(js, host, *metric, given);
    std::string flat;
    if (args.size() > 1 && !read_tags(js, args[1], flat)) return Value::thrown();
    TagBook& book = host.cache.tags;
    const BaseTags tags = book.with_extra(host.tags.base(), flat);
    host.worker.recorder->add(metric->id, book.set_of(tags), *value, host.now());
    return Value::boolean(true);
}

template <MetricType type>
Value name(Isolate& js, Ref self, Args, int) noexcept {
    const auto* const metric = script::native_as<Metric>(js, self, class_of(type));
    return metric == nullptr ? Value::undefined() : script::new_string(js, metric->name);
}

template <MetricType type>
constexpr std::array members{
    script::MemberSpec{.name = "add", .call = add<type>, .length = 2},
    script::MemberSpec{.name = "name", .get = name<type>},
};

template <MetricType type>
void add_class(script::Bindings& bindings, std::string_view class_name) {
    register_class(bindings,
                   {.name = class_name,
                    .finalize = finalize,
                    .members = members<type>,
                    .construct = construct<type>,
                    .construct_length = 2},
                   class_of(type));
}

constexpr std::array classes{
    script::ClassExport{"Counter", counter_class},
    script::ClassExport{"Gauge", gauge_class},
    script::ClassExport{"Rate", rate_class},
    script::ClassExport{"Trend", trend_class},
};

}  // namespace

void add_metrics(script::Bindings& bindings) {
    add_class<MetricType::counter>(bindings, "Counter");
    add_class<MetricType::gauge>(bindings, "Gauge");
    add_class<MetricType::rate>(bindings, "Rate");
    add_class<MetricType::trend>(bindings, "Trend");
    bindings.add_module({.name = "k6/metrics", .classes = classes});
}

}  // namespace weir::journey::api
