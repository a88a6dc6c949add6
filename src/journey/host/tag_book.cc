#include "journey/host/tag_book.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <utility>

#include "http/message.h"

namespace weir::journey {

namespace {

constexpr std::array<std::string_view, 4> tls_versions{"tls1.0", "tls1.1", "tls1.2", "tls1.3"};

std::string_view decimal(unsigned value, std::array<char, 12>& buffer) {
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
    return {buffer.data(), static_cast<std::size_t>(end - buffer.data())};
}

}  // namespace

void TagBook::make_room() {
    const std::size_t entries = bases_.size() + grouped_.size() + extended_.size() +
                                checks_.size() + named_.size() + timings_.size() + rows_;
    if (entries < most_entries) return;
    generation_ += 1;
    bases_.clear();
    grouped_.clear();
    extended_.clear();
    checks_.clear();
    named_.clear();
    timings_.clear();
    rows_ = 0;
}

BaseTags TagBook::remember(record::Tags tags) {
    key_.clear();
    for (const auto& [key, value] : tags.pairs()) {
        key_.append(key).push_back('\0');
        key_.append(value).push_back('\0');
    }
    const auto found = bases_.find(key_);
    if (found != bases_.end()) return found->second;
    auto made = std::make_shared<Base>();
    made->serial = next_serial_++;
    made->tags = std::move(tags);
    bases_.emplace(key_, made);
    return made;
}

BaseTags TagBook::base(const record::Tags& tags) {
    make_room();
    return remember(tags);
}

std::string_view TagBook::derived_key(const Base& base, std::string_view text) {
    key_.resize(sizeof(base.serial));
    std::memcpy(key_.data(), &base.serial, sizeof(base.serial));
    key_.append(text);
    return key_;
}

BaseTags TagBook::with_group(const BaseTags& parent, std::string_view path) {
    const auto found = grouped_.find(derived_key(*parent, path));
    if (found != grouped_.end()) return found->second;
    record::Tags tags = parent->tags;
    if (system_.has(SystemTag::group)) tags.set("group", path);
    BaseTags made = remember(std::move(tags));
    grouped_.emplace(derived_key(*parent, path), made);
    return made;
}

BaseTags TagBook::with_extra(const BaseTags& parent, std::string_view flat) {
    if (flat.empty()) return parent;
    const auto found = extended_.find(derived_key(*parent, flat));
    if (found != extended_.end()) return found->second;
    make_room();
    record::Tags tags = parent->tags;
    std::string_view rest = flat;
    while (!rest.empty()) {
        const std::string_view key = rest.substr(0, rest.find('\0'));
        rest.remove_prefix(key.size() + 1);
        const std::string_view value = rest.substr(0, rest.find('\0'));
        rest.remove_prefix(value.size() + 1);
        tags.set(key, value);
    }
    BaseTags made = remember(std::move(tags));
    extended_.emplace(derived_key(*parent, flat), made);
    return made;
}

/// Where tags enter the record: once for each set, so looking for secrets costs nothing later.
record::TagSetId TagBook::intern(const record::Tags& tags) {
    if (secrets_ == nullptr || secrets_->empty()) return recorder_->intern(tags);
    record::Tags clean;
    for (const auto& [key, value] : tags.pairs()) clean.set(key, secrets_->redact(value));
    return recorder_->intern(clean);
}

record::TagSetId TagBook::set_of(const BaseTags& base) {
    if (!base->interned) {
        base->set = intern(base->tags);
        base->interned = true;
    }
    return base->set;
}

record::TagSetId TagBook::set_of_check(const BaseTags& base, std::string_view check) {
    const auto found = checks_.find(derived_key(*base, check));
    if (found != checks_.end()) return found->second;
    make_room();
    record::Tags tags = base->tags;
    if (system_.has(SystemTag::check)) tags.set("check", check);
    const record::TagSetId set = intern(tags);
    checks_.emplace(derived_key(*base, check), set);
    return set;
}

std::shared_ptr<NamedRequests> TagBook::requests_named(std::string_view name) {
    const auto found = named_.find(name);
    if (found != named_.end()) return found->second;
    auto made = std::make_shared<NamedRequests>(std::string(name));
    named_.emplace(made->name, made);
    return made;
}

std::uint8_t TagBook::method_id(std::string_view method) {
    const auto found = std::find(methods_.begin(), methods_.end(), method);
    if (found != methods_.end()) return static_cast<std::uint8_t>(found - methods_.begin());
    if (methods_.size() >= 255) return 255;
    methods_.emplace_back(method);
    return static_cast<std::uint8_t>(methods_.size() - 1);
}

record::Tags TagBook::http_tags(const Base& base,
                                const HttpTagKey& key,
                                const HttpTagTexts& texts) const {
    record::Tags tags = base.tags;
    std::array<char, 12> digits{};
    const auto put = [&](SystemTag which, std::string_view name, std::string_view value) {
        if (system_.has(which) && !value.empty()) tags.set(name, value);
    };
    put(SystemTag::method, "method", texts.method);
    put(SystemTag::name, "name", texts.name);
    // k6 gives both tags one value, so that a named group of URLs does not multiply the series.
    put(SystemTag::url, "url", texts.name);
    put(SystemTag::status, "status", decimal(key.status, digits));
    put(SystemTag::proto, "proto", http::word_of(static_cast<http::Protocol>(key.protocol)));
    if (key.expected != 2) {
        put(SystemTag::expected_response, "expected_response",
            key.expected == 1 ? "true" : "false");
    }
    put(SystemTag::error, "error", texts.error);
    if (key.error_code != 0) {
        put(SystemTag::error_code, "error_code", decimal(key.error_code, digits));
    }
    if (key.tls > 0 && key.tls <= tls_versions.size()) {
        put(SystemTag::tls_version, "tls_version", tls_versions[key.tls - 1U]);
    }
    put(SystemTag::ip, "ip", texts.ip);
    return tags;
}

record::TagSetId TagBook::set_of_http(NamedRequests& named,
                                      const BaseTags& base,
                                      HttpTagKey key,
                                      const HttpTagTexts& texts) {
    key.base = base->serial;
    const bool cacheable = texts.error.empty() && key.method != 255 &&
                           (texts.ip.empty() || !system_.has(SystemTag::ip));
    if (!cacheable) return intern(http_tags(*base, key, texts));
    for (const NamedRequests::Row& row : named.rows) {
        if (row.key == key) return row.id;
    }
    const record::TagSetId id = intern(http_tags(*base, key, texts));
    // A name that was forgotten with an older generation goes on alone; it must not grow for ever.
    if (named.rows.size() >= most_entries) named.rows.clear();
    named.rows.push_back({key, id});
    rows_ += 1;
    return id;
}

record::TagSetId TagBook::set_of_timing(record::TagSetId request, std::string_view timing) {
    const auto number = static_cast<std::uint32_t>(request);
    key_.resize(sizeof(number));
    std::memcpy(key_.data(), &number, sizeof(number));
    key_.append(timing);
    const auto found = timings_.find(key_);
    if (found != timings_.end()) return found->second;
    // Full: forgotten alone, for what is under way holds other entries.
    if (timings_.size() >= most_entries) timings_.clear();
    record::Tags tags = recorder_->tags_of(request);
    tags.set("timing", timing);
    const record::TagSetId set = intern(tags);
    timings_.emplace(key_, set);
    return set;
}

void TagScope::reset(record::Tags tags) {
    tags_ = std::move(tags);
    group_.clear();
    plain_.reset();
    current_.reset();
}

void TagScope::set(std::string_view key, std::string_view value) {
    tags_.set(key, value);
    plain_.reset();
    current_.reset();
}

void TagScope::erase(std::string_view key) {
    tags_.erase(key);
    plain_.reset();
    current_.reset();
}

void TagScope::set_group(std::string path) {
    group_ = std::move(path);
    current_.reset();
}

const BaseTags& TagScope::base() {
    if (current_ != nullptr && generation_ == book_->generation()) return current_;
    if (plain_ == nullptr || generation_ != book_->generation()) plain_ = book_->base(tags_);
    generation_ = book_->generation();
    current_ = book_->with_group(plain_, group_);
    return current_;
}

}  // namespace weir::journey
