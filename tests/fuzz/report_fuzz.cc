// Any text may be read as a record and reported: each format is made without harm, and the document
// is JSON that a page can hold.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "base/json.h"
#include "record/codec.h"
#include "report/document/document.h"
#include "report/document/page.h"
#include "report/junit.h"
#include "report/pipeline/annotations.h"
#include "report/pipeline/requests_csv.h"
#include "report/pipeline/summary_markdown.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto record =
        weir::record::decode(std::string_view(reinterpret_cast<const char*>(data), size));
    if (!record.ok()) return 0;
    weir::report::Material material{.record = record.value(), .verdict = {}, .decision = {}};
    material.verdict.reasons = {record.value().run_id};
    material.decision = weir::gate::decide(material.verdict);
    const auto document = weir::report::report_json(material);
    CHECK(weir::base::parse_json(document).ok());
    const auto page = weir::report::report_page(weir::report::page_place, document);
    CHECK(page.rfind("</script>") == page.find("</script>"));
    (void)weir::report::junit_xml(material);
    (void)weir::report::requests_csv(material.record);
    (void)weir::report::summary_markdown(material);
    (void)weir::report::github_annotations(material);
    return 0;
}
