// TagBook: from what a sample belongs to straight to its tag set, without building the tags.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "journey/host/settings.h"
#include "meter/recorder.h"
#include "plan/secrets.h"
#include "record/tags.h"

namespace weir::journey {

/// Tags that many samples share: options, scenario, vu.tags, group, and a request's own.
struct Base {
    std::uint32_t serial = 0;  // never used twice in one book
    record::Tags tags;
    record::TagSetId set{};  // of these tags alone
    bool interned = false;
};
/// Stays valid when the book forgets it: requests under way hold theirs.
using BaseTags = std::shared_ptr<Base>;

/// What tells the HTTP samples of one base and one name apart. Compared as a whole.
struct HttpTagKey {
    std::uint32_t base = 0;  // Base::serial
    std::uint16_t status = 0;
    std::uint16_t error_code = 0;
    std::uint8_t method = 0;  // TagBook::method_id
    std::uint8_t protocol = 0;
    std::uint8_t expected = 0;  // 0: false, 1: true, 2: not judged
    std::uint8_t tls = 0;       // 0: none, else the minor version of TLS 1.x plus 1
    [[nodiscard]] bool operator==(const HttpTagKey&) const = default;
};

/// The parts of an HTTP sample's tags that are texts.
struct HttpTagTexts {
    std::string_view method;
    std::string_view name;
    std::string_view error;  // "" when there was an answer
    std::string_view ip;
};

struct SlowRow;  // journey/slow_requests.h

/// Tag sets known for one request name. Shared by all users of a worker.
struct NamedRequests {
    explicit NamedRequests(std::string text) : name(std::move(text)) {}
    std::string name;
    SlowRow* slow = nullptr;  // the run's slowest of that name; null: not looked up yet
    struct Row {
        HttpTagKey key;
        record::TagSetId id{};
    };
    std::vector<Row> rows;
};

/// One per worker; not thread-safe. Bounded: past `most_entries` it forgets all and starts afresh,
/// which costs time, never correctness (the recorder has a bound of its own).
class TagBook {
public:
    static constexpr std::size_t most_entries = 16'384;

    /// `secrets` (may be null) are in no tag that is recorded.
    TagBook(meter::Recorder& recorder, SystemTags system_tags, const plan::Secrets* secrets)
        : recorder_(&recorder), system_(system_tags), secrets_(secrets) {}
    TagBook(const TagBook&) = delete;
    TagBook& operator=(const TagBook&) = delete;

    [[nodiscard]] std::uint32_t generation() const noexcept { return generation_; }
    [[nodiscard]] SystemTags system_tags() const noexcept { return system_; }

    [[nodiscard]] BaseTags base(const record::Tags& tags);
    /// `parent` with the tag `group`.
    [[nodiscard]] BaseTags with_group(const BaseTags& parent, std::string_view path);
    /// `parent` with tags of a single call. `flat` is "key\0value\0…" in the script's order.
    [[nodiscard]] BaseTags with_extra(const BaseTags& parent, std::string_view flat);
    /// The base's own tag set.
    [[nodiscard]] record::TagSetId set_of(const BaseTags& base);
    /// The base's tags with `check`.
    [[nodiscard]] record::TagSetId set_of_check(const BaseTags& base, std::string_view check);

    [[nodiscard]] std::shared_ptr<NamedRequests> requests_named(std::string_view name);
    /// 0 is "GET"; 255 for one method too many (then set_of_http is slow, not wrong).
    [[nodiscard]] std::uint8_t method_id(std::string_view method);
    /// `key.base` is filled in here.
    [[nodiscard]] record::TagSetId set_of_http(NamedRequests& named,
                                               const BaseTags& base,
                                               HttpTagKey key,
                                               const HttpTagTexts& texts);
    /// The tags of `request` with `timing`, the name of a part of the target's work; see
    /// timing_names.h.
    [[nodiscard]] record::TagSetId set_of_timing(record::TagSetId request, std::string_view timing);

private:
    [[nodiscard]] std::string_view derived_key(const Base& base, std::string_view text);
    [[nodiscard]] BaseTags remember(record::Tags tags);
    void make_room();
    [[nodiscard]] record::TagSetId intern(const record::Tags& tags);
    [[nodiscard]] record::Tags http_tags(const Base& base,
                                         const HttpTagKey& key,
                                         const HttpTagTexts& texts) const;

    meter::Recorder* recorder_;
    SystemTags system_;
    const plan::Secrets* secrets_;
    std::uint32_t generation_ = 1;
    std::uint32_t next_serial_ = 1;
    base::TextMap<BaseTags> bases_;           // by rendered tags
    base::TextMap<BaseTags> grouped_;         // by parent and path
    base::TextMap<BaseTags> extended_;        // by parent and extra tags
    base::TextMap<record::TagSetId> checks_;  // by base and check
    base::TextMap<std::shared_ptr<NamedRequests>> named_;
    base::TextMap<record::TagSetId> timings_;  // by tag set and name
    std::size_t rows_ = 0;
    std::vector<std::string> methods_{"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"};
    std::string key_;  // kept for its capacity
};

/// The tags of one user at this moment, and their base.
class TagScope {
public:
    explicit TagScope(TagBook& book) : book_(&book) {}

    /// Starts over with `tags`, outside of any group.
    void reset(record::Tags tags);
    void set(std::string_view key, std::string_view value);
    void erase(std::string_view key);
    [[nodiscard]] const record::Tags& tags() const noexcept { return tags_; }
    [[nodiscard]] const std::string& group() const noexcept { return group_; }
    void set_group(std::string path);
    [[nodiscard]] const BaseTags& base();

private:
    TagBook* book_;
    std::uint32_t generation_ = 0;
    record::Tags tags_;  // without group
    std::string group_;
    BaseTags plain_;    // null when stale
    BaseTags current_;  // null when stale
};

}  // namespace weir::journey
