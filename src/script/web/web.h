// Web: globals of browsers that scripts count on and that need no network: URL, text codecs.
#pragma once

#include "script/bindings.h"

namespace weir::script {

/// URL, URLSearchParams, TextEncoder, TextDecoder. (atob, btoa, queueMicrotask, performance and
/// DOMException are the engine's own; structuredClone comes with the program that names it.)
void add_web_globals(Bindings& bindings);

}  // namespace weir::script
