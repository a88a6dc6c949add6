// OptionField: one k6 option by name: how to read it from JSON, and how its text form becomes JSON.
#pragma once

#include <span>
#include <string_view>

#include "base/json.h"
#include "base/result.h"
#include "plan/options.h"

namespace weir::plan {

/// How a flag's or variable's text is to be understood.
enum class TextForm : std::uint8_t { text, whole, flag, duration, list, map, stages, json };

struct OptionField {
    std::string_view name;         // in scripts: "insecureSkipTLSVerify"
    std::string_view environment;  // without "K6_"; empty: none
    TextForm form = TextForm::text;
    base::Result<void> (*read)(const base::Json& value,
                               std::string_view path,
                               Options& into) = nullptr;
    void (*merge)(Options& high, Options& low) = nullptr;  // takes low's when high has none
};

[[nodiscard]] std::span<const OptionField> option_fields();
[[nodiscard]] const OptionField* find_option(std::string_view name);

}  // namespace weir::plan
