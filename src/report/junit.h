// A verdict as JUnit XML, so that pipelines show each condition among their test results.
#pragma once

#include <string>
#include <string_view>

#include "report/material.h"

namespace weir::report {

/// One suite, in the form that Jenkins, GitLab and CircleCI read (Jenkins' xunit plugin,
/// junit-10.xsd; tests/pipelines/junit.xsd). Each condition is a test with its figures as text:
/// missed is a failure, undecided is skipped. In an invalid run what is not held is an error, and
/// the test "the measurement can be trusted" says who should look. The verdict is a property.
/// A condition that is not held has its evidence: what its request was like in the last runs, and
/// the slowest answers with their traces. The suite's time is in seconds. The same bytes for the
/// same material.
[[nodiscard]] std::string junit_xml(const Material& material);

/// `text` as XML 1.0 can hold it (W3C, section 2.2, production Char): control characters become
/// "\x1b", and bytes that are no UTF-8 become U+FFFD. Markup is not escaped.
[[nodiscard]] std::string xml_characters(std::string_view text);

}  // namespace weir::report
