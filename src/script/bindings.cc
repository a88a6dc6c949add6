#include "script/bindings.h"

#include <limits>

#include "base/assert.h"
#include "script/bindings_tables.h"

namespace weir::script {

namespace {

constexpr std::size_t most_fields = 64;  // one bit each in an object's state

}  // namespace

std::vector<std::string> Bindings::Tables::Module::export_names() const {
    std::vector<std::string> out{"default"};
    for (const auto& function : functions) out.emplace_back(function.name);
    for (const auto& value : values) out.emplace_back(value.name);
    for (const auto& exported : classes) out.emplace_back(exported.name);
    return out;
}

const Bindings::Tables::Module* Bindings::Tables::find_module(std::string_view name) const {
    const auto found = module_index.find(name);
    return found == module_index.end() ? nullptr : &modules[found->second];
}

std::string_view Bindings::Tables::refusal(std::string_view name) const {
    for (const Refused& entry : refused) {
        const bool prefix = entry.name.ends_with('/') && name.starts_with(entry.name);
        if (prefix || name == entry.name) return entry.reason;
    }
    return {};
}

Bindings::Tables::Index Bindings::Tables::add(NativeFunction call, NativeFunction set, int magic) {
    CHECK(natives.size() < static_cast<std::size_t>(std::numeric_limits<Index>::max()));
    natives.push_back({call, set, magic});
    return static_cast<Index>(natives.size() - 1);
}

const char* Bindings::Tables::keep(std::string_view name) {
    return names.emplace_back(name).c_str();
}

void Bindings::Tables::fill(Module& module,
                            std::span<const FunctionSpec> functions,
                            std::span<const ValueSpec> values,
                            std::span<const ClassExport> exported) {
    for (const FunctionSpec& spec : functions) {
        CHECK(spec.call != nullptr);
        module.functions.push_back(
            method_entry(keep(spec.name), spec.length, add(spec.call, nullptr, spec.magic)));
    }
    for (const ValueSpec& spec : values) {
        CHECK(spec.make != nullptr);
        module.values.push_back({keep(spec.name), add(spec.make, nullptr, spec.magic)});
    }
    for (const ClassExport& spec : exported) {
        CHECK(spec.id.index < classes.size());
        module.classes.push_back({keep(spec.name), spec.id.index});
    }
}

Bindings::Bindings() : tables_(std::make_unique<Tables>()) {
    tables_->fields = field_methods();
}
Bindings::~Bindings() = default;

ClassId Bindings::add_class(const ClassSpec& spec) {
    CHECK(spec.fields.size() <= most_fields);
    const auto index = static_cast<std::uint32_t>(tables_->classes.size());
    CHECK(tables_->class_index.emplace(spec.name, index).second);
    Tables::Class& made = tables_->classes.emplace_back();
    made.name = spec.name;
    made.finalize = spec.finalize;
    made.fields.assign(spec.fields.begin(), spec.fields.end());
    made.construct_length = spec.construct_length;
    if (spec.construct != nullptr) made.construct = tables_->add(spec.construct, nullptr, 0);
    for (const MemberSpec& member : spec.members) {
        const char* name = tables_->keep(member.name);
        if (member.call != nullptr) {
            made.members.push_back(method_entry(name, member.length,
                                                tables_->add(member.call, nullptr, member.magic)));
        } else {
            CHECK(member.get != nullptr);
            made.members.push_back(accessor_entry(
                name, member.set != nullptr, tables_->add(member.get, member.set, member.magic)));
        }
    }
    for (const FunctionSpec& function : spec.statics) {
        made.statics.push_back(method_entry(tables_->keep(function.name), function.length,
                                            tables_->add(function.call, nullptr, function.magic)));
    }
    made.definition =
        class_definition(made.name.c_str(), made.fields.empty() ? nullptr : &tables_->fields);
    return ClassId{index};
}

void Bindings::add_module(const ModuleSpec& spec) {
    CHECK(tables_->find_module(spec.name) == nullptr);
    tables_->module_index.emplace(spec.name, tables_->modules.size());
    Tables::Module& made = tables_->modules.emplace_back();
    made.name = spec.name;
    tables_->fill(made, spec.functions, spec.values, spec.classes);
    if (spec.default_export != nullptr) {
        made.default_export = tables_->add(spec.default_export, nullptr, 0);
    }
}

void Bindings::add_globals(const GlobalSpec& spec) {
    tables_->fill(tables_->globals, spec.functions, spec.values, spec.classes);
}

void Bindings::refuse_module(const RefusedModule& refused) {
    tables_->refused.push_back({std::string(refused.name), std::string(refused.reason)});
}

}  // namespace weir::script
