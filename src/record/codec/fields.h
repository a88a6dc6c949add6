// Fields: the members of one JSON object, read by name. Private to the decoder: it shows the JSON.
#pragma once

#include <array>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/format.h"
#include "base/json.h"
#include "base/time.h"

namespace weir::record {

/// The members of one JSON object, read by name. An absent one leaves the default; a wrong one is
/// noted, once for the whole document, with the place it is at.
class Fields {
public:
    Fields(const base::Json& json, std::string place, std::string& trouble)
        : json_(&json), place_(std::move(place)), trouble_(&trouble) {
        if (!json.is_object()) complain("is not an object");
    }

    void complain(std::string_view what) const {
        if (trouble_->empty()) *trouble_ = base::format("{} {}", place_, what);
    }
    [[nodiscard]] const base::Json* find(const char* key) const {
        if (!json_->is_object()) return nullptr;
        const auto found = json_->find(key);
        return found == json_->end() ? nullptr : &*found;
    }
    [[nodiscard]] Fields child(const char* key, const base::Json& value) const {
        return {value, base::format("{}.{}", place_, key), *trouble_};
    }

    void get(const char* key, std::string& out) const {
        if (const base::Json* value = find(key)) {
            if (!value->is_string()) return complain_of(key, "text");
            out = value->get_ref<const std::string&>();
        }
    }
    void get(const char* key, bool& out) const {
        if (const base::Json* value = find(key)) {
            if (!value->is_boolean()) return complain_of(key, "true or false");
            out = value->get<bool>();
        }
    }
    void get(const char* key, double& out) const {
        if (const base::Json* value = find(key)) {
            if (!value->is_number()) return complain_of(key, "a number");
            out = value->get<double>();
            if (!std::isfinite(out)) complain_of(key, "a finite number");
        }
    }
    template <std::integral T>
    void get(const char* key, T& out) const {
        const base::Json* value = find(key);
        if (value == nullptr) return;
        if (value->is_number_unsigned()) {
            const auto number = value->get<std::uint64_t>();
            if (!std::in_range<T>(number)) return complain_of(key, "a number in range");
            out = static_cast<T>(number);
        } else if (value->is_number_integer()) {
            const auto number = value->get<std::int64_t>();
            if (!std::in_range<T>(number)) return complain_of(key, "a number in range");
            out = static_cast<T>(number);
        } else {
            complain_of(key, "a whole number");
        }
    }
    void get(const char* key, base::Nanos& out) const {
        base::Nanos::rep nanos = out.count();
        get(key, nanos);
        out = base::Nanos(nanos);
    }
    /// JSON inside JSON, or text of JSON that would not have come back the same (see encode.cc).
    void get_json_text(const std::string& key, std::string& out) const {
        out.clear();
        get((key + "_text").c_str(), out);
        if (const base::Json* value = find(key.c_str())) out = base::write_json(*value);
    }
    template <typename T, typename Read>
    void get_list(const char* key, std::vector<T>& out, Read&& read) const {
        const base::Json* list = find(key);
        if (list == nullptr) return;
        if (!list->is_array()) return complain_of(key, "a list");
        std::size_t i = 0;
        for (const auto& value : *list) {
            const Fields each(value, base::format("{}.{}[{}]", place_, key, i++), *trouble_);
            out.push_back(read(each));
            if (!trouble_->empty()) return;
        }
    }
    void get_texts(const char* key, std::vector<std::string>& out) const {
        const base::Json* list = find(key);
        if (list == nullptr) return;
        if (!list->is_array()) return complain_of(key, "a list");
        for (const auto& value : *list) {
            if (!value.is_string()) return complain_of(key, "a list of texts");
            out.push_back(value.get_ref<const std::string&>());
        }
    }
    /// visit(key, value) for each, in the order of keys.
    template <typename Visit>
    void each_member(Visit&& visit) const {
        if (!json_->is_object()) return;
        for (const auto& [key, value] : json_->items()) visit(key, value);
    }
    template <typename Word, std::size_t n>
    void get_word(const char* key, Word& out, const std::array<Word, n>& words) const {
        std::string text;
        get(key, text);
        for (const auto word : words) {
            if (word_of(word) == text) {
                out = word;
                return;
            }
        }
        complain_of(key, "one of the words that this version knows");
    }

private:
    void complain_of(const char* key, std::string_view wanted) const {
        complain(base::format("has a member \"{}\" that is not {}", key, wanted));
    }

    const base::Json* json_;
    std::string place_;
    std::string* trouble_;
};

}  // namespace weir::record
