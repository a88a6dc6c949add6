// Url state: what a URL object and its searchParams share; private to this folder.
#pragma once

#include <memory>
#include <optional>

#include "base/url.h"
#include "script/bindings.h"
#include "script/web/form_pairs.h"

namespace weir::script {

/// A URL with its query as pairs, or only pairs (a URLSearchParams of its own).
struct UrlState {
    std::optional<base::Url> url;
    FormPairs pairs;

    /// After the pairs changed: writes them into the URL, if there is one.
    void pairs_changed();
};

using UrlHandle = std::shared_ptr<UrlState>;

/// Registered in order: URLSearchParams first, so that URL can make one.
[[nodiscard]] ClassId add_search_params_class(Bindings& bindings);
[[nodiscard]] ClassId add_url_class(Bindings& bindings);
void finalize_url_handle(void* handle) noexcept;
/// A URLSearchParams over the state of a URL.
[[nodiscard]] Value new_search_params(Isolate& js, const UrlHandle& state);

/// text_codec.cc
[[nodiscard]] ClassId add_text_encoder_class(Bindings& bindings);
[[nodiscard]] ClassId add_text_decoder_class(Bindings& bindings);

}  // namespace weir::script
