// TagSets: interned tag sets of one recorder; the same tags give the same id, and there is a limit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <unordered_map>

#include "record/sample.h"
#include "record/tags.h"

namespace weir::meter {

/// Three stages, so that no script can grow it without bound: past `most` sets the tags url and
/// name become "(other)"; past 1.25 * most all tags but the bounded system tags go; past 1.5 * most
/// only the scenario and expected_response stay. Each of those is a finite set of a run.
class TagSets {
public:
    explicit TagSets(std::size_t most) : most_(most) {}

    struct Interned {
        record::TagSetId id{};
        bool fresh = false;  // first seen now
    };
    [[nodiscard]] Interned intern(const record::Tags& tags);
    [[nodiscard]] const record::Tags& at(record::TagSetId id) const {
        return sets_[static_cast<std::size_t>(id)];
    }
    [[nodiscard]] std::size_t size() const noexcept { return sets_.size(); }
    /// How often a new tag set had to be coarsened.
    [[nodiscard]] std::uint64_t collapsed() const noexcept { return collapsed_; }

private:
    struct Hash {
        [[nodiscard]] std::size_t operator()(const record::Tags* tags) const noexcept;
    };
    struct Same {
        [[nodiscard]] bool operator()(const record::Tags* a, const record::Tags* b) const noexcept {
            return *a == *b;
        }
    };
    [[nodiscard]] record::Tags coarsened(const record::Tags& tags) const;

    std::deque<record::Tags> sets_;  // a deque: the index below points into it
    std::unordered_map<const record::Tags*, record::TagSetId, Hash, Same> index_;
    std::size_t most_;
    std::uint64_t collapsed_ = 0;
};

}  // namespace weir::meter
