// SampleLines: single samples as text, in the forms that k6's --out json and --out csv have.
#pragma once

#include <string>
#include <vector>

#include "base/time.h"
#include "record/metric.h"
#include "record/sample.h"
#include "record/tags.h"

namespace weir::meter {

struct Point {
    record::MetricId metric{};
    double value = 0;
};
/// An HTTP hop as the points that k6 makes of it, and Weir's own two.
void append_points(std::vector<Point>& points, const record::HttpSample& sample);

/// Source: grafana.com/docs/k6, "Results output": JSON. One object a line: each metric once, then
/// points.
namespace json_lines {
[[nodiscard]] std::string metric(const record::MetricSpec& spec);
/// What every point with these tags ends in; made once for each tag set.
[[nodiscard]] std::string tags(const record::Tags& tags);
void append_point(std::string& out,
                  const record::MetricSpec& spec,
                  base::WallTime at,
                  double value,
                  const std::string& rendered_tags);
}  // namespace json_lines

/// Source: grafana.com/docs/k6, "Results output": CSV. Times are whole Unix seconds.
namespace csv_lines {
[[nodiscard]] std::string header();
[[nodiscard]] std::string tags(const record::Tags& tags);
void append_point(std::string& out,
                  const record::MetricSpec& spec,
                  base::WallTime at,
                  double value,
                  const std::string& rendered_tags);
}  // namespace csv_lines

}  // namespace weir::meter
