// The metrics page: what the service and its machine say of themselves, in Prometheus' text format.
#pragma once

#include <string>

#include "sample/web/message.h"

namespace weir::sample {

/// `started`: seconds since 1970.
Response metrics_page(double started);

}  // namespace weir::sample
