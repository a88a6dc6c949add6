#include "app/init/checklists.h"

#include <string>
#include <string_view>
#include <system_error>

#include "app/init/found_text.h"
#include "weir_app_embedded.h"

namespace weir::app::init {
namespace {

namespace fs = std::filesystem;

/// The file in one of the folders that has the name, whatever its case; else `otherwise`.
std::string there_or(const fs::path& directory,
                     const std::vector<std::string>& folders,
                     std::string_view name,
                     const std::string& otherwise) {
    for (const auto& folder : folders) {
        std::error_code failed;
        for (fs::directory_iterator it(directory / folder, failed), end; !failed && it != end;
             it.increment(failed)) {
            const auto file = it->path().filename().string();
            if (in_lower_case(file) == name)
                return (fs::path(folder) / file).lexically_normal().string();
        }
    }
    return otherwise;
}

PlannedFile addition(std::string path, std::string_view text, std::string mark, std::string about) {
    PlannedFile file;
    file.path = std::move(path);
    file.added_once = "<!-- weir: " + mark + " -->";
    file.text = "\n" + file.added_once + "\n" + std::string(text);
    file.about = std::move(about);
    return file;
}

}  // namespace

std::vector<PlannedFile> checklist_files(const Repository& known, Host host) {
    const bool gitlab = host == Host::gitlab;
    const std::string requests =
        gitlab ? there_or(known.directory, {".gitlab/merge_request_templates"}, "default.md",
                          ".gitlab/merge_request_templates/Default.md")
               : there_or(known.directory, {".github", ".", "docs"}, "pull_request_template.md",
                          ".github/pull_request_template.md");
    const std::string incidents =
        gitlab ? there_or(known.directory, {".gitlab/issue_templates"}, "incident.md",
                          ".gitlab/issue_templates/Incident.md")
               : there_or(known.directory, {".github/ISSUE_TEMPLATE"}, "incident.md",
                          ".github/ISSUE_TEMPLATE/incident.md");
    auto refinement = addition(requests, embedded::refinement_md, "refinement checklist",
                               "\"does this need a performance test?\", for each change");
    refinement.head = "## What and why\n";
    auto incident = addition(incidents, embedded::incident_md, "incident checklist",
                             "\"would a performance test have found this?\"");
    incident.head = gitlab ? "## What happened\n"
                           : "---\nname: Incident\nabout: What happened, and what would have "
                             "found it earlier\nlabels: incident\n---\n\n## What happened\n";
    return {refinement, incident};
}

}  // namespace weir::app::init
