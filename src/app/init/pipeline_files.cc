#include "app/init/pipeline_files.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>
#include <system_error>
#include <utility>

#include "app/init/checklists.h"
#include "app/init/found_text.h"
#include "app/init/template_text.h"
#include "base/format.h"
#include "plan/suite.h"
#include "weir_app_embedded.h"

namespace weir::app::init {
namespace {

struct Template {
    std::string_view path;
    std::string_view text;
    std::string_view about;
    bool executable = false;
    bool entry = false;  // the one file that a pipeline of one's own already has
};

struct Pipeline {
    std::vector<Template> files;
    std::string_view merge;  // shown when the entry is there already
    std::string_view next;
};

Pipeline circleci() {
    return {{{".circleci/config.yml", embedded::config_yml,
              "the pipeline: pre-production, gate, approval, production, bypass", false, true}},
            embedded::circleci_merge_txt,
            embedded::circleci_next_txt};
}

Pipeline github() {
    return {{{".github/actions/weir/action.yml", embedded::action_yml,
              "puts weir on the PATH and fetches the history"},
             {".github/workflows/performance-gate.yml", embedded::performance_gate_yml,
              "the gate, for workflows to call"},
             {".github/workflows/performance-bypass.yml", embedded::performance_bypass_yml,
              "asks for an emergency bypass and approves it"},
             {".github/workflows/deploy.yml", embedded::deploy_yml,
              "the pipeline: pre-production, gate, production", false, true}},
            embedded::github_merge_txt,
            embedded::github_next_txt};
}

Pipeline gitlab() {
    return {{{".gitlab/performance-gate.gitlab-ci.yml", embedded::performance_gate_gitlab_ci_yml,
              "the gate and its bypass, for pipelines to include"},
             {".gitlab-ci.yml", embedded::gitlab_ci_yml,
              "the pipeline: pre-production, gate, production", false, true}},
            embedded::gitlab_merge_txt,
            embedded::gitlab_next_txt};
}

Pipeline jenkins() {
    return {{{"Jenkinsfile", embedded::Jenkinsfile,
              "the pipeline: pre-production, gate, bypass, approval, production", false, true}},
            embedded::jenkins_merge_txt,
            embedded::jenkins_next_txt};
}

Pipeline kubernetes() {
    return {
        {{"kubernetes/weir/gate-job.yaml", embedded::gate_job_yaml, "the gate as a Job"},
         {"kubernetes/weir/suites-job.yaml", embedded::suites_job_yaml,
          "several suites, one an index: an Indexed Job"},
         {"kubernetes/weir/verify-job.yaml", embedded::verify_job_yaml,
          "what a production deployment asks first: a hook of Argo CD and Helm"},
         {"kubernetes/weir/bypass-job.yaml", embedded::bypass_job_yaml,
          "approves a bypass when somebody who may resumes it"},
         {"kubernetes/weir/storage.yaml", embedded::storage_yaml, "history and results"},
         {"kubernetes/weir/access.yaml", embedded::access_yaml, "accounts, and who may approve"},
         {"kubernetes/weir/kustomization.yaml", embedded::kustomization_yaml, "the base"},
         {"kubernetes/weir/run-gate", embedded::run_gate_sh,
          "applies, waits, tells: a pipeline's step", true},
         {"kustomization.yaml", embedded::overlay_yaml, "the suite as a ConfigMap, and the image",
          false, true}},
        embedded::kubernetes_merge_txt,
        embedded::kubernetes_next_txt};
}

const std::map<std::string_view, Pipeline (*)()>& pipelines() {
    static const std::map<std::string_view, Pipeline (*)()> all{{"circleci", circleci},
                                                                {"github", github},
                                                                {"gitlab", gitlab},
                                                                {"jenkins", jenkins},
                                                                {"kubernetes", kubernetes}};
    return all;
}

/// "registry/weir:1" as kustomize names and tags it: newName, and newTag or digest.
std::string kustomize_image(const std::string& image) {
    if (const auto at = image.find('@'); at != std::string::npos) {
        return base::format("newName: \"{}\"\n    digest: \"{}\"", image.substr(0, at),
                            image.substr(at + 1));
    }
    const auto colon = image.rfind(':');
    const auto slash = image.rfind('/');
    const bool tagged = colon != std::string::npos && (slash == std::string::npos || colon > slash);
    return base::format("newName: \"{}\"\n    newTag: \"{}\"",
                        tagged ? image.substr(0, colon) : image,
                        tagged ? image.substr(colon + 1) : "latest");
}

/// Names of the plain files in a folder, in order: those that can be a ConfigMap's keys.
std::set<std::string> files_in(const std::filesystem::path& folder) {
    std::set<std::string> names;
    std::error_code failed;
    std::filesystem::directory_iterator it(folder, failed);
    for (; !failed && it != std::filesystem::directory_iterator(); it.increment(failed)) {
        std::error_code ignored;
        const auto name = it->path().filename().string();
        const bool plain = std::all_of(name.begin(), name.end(), [](unsigned char c) {
            return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.';
        });
        if (plain && it->is_regular_file(ignored)) names.insert(name);
    }
    return names;
}

/// The lines of a ConfigMap's generator: what lies beside the first journey, modules and data too.
std::string journey_lines(const Repository& known) {
    auto names = files_in(known.directory / "journeys");
    if (!known.suite) names.insert("first.js");
    std::string lines;
    for (const auto& name : names) lines += "\n      - journeys/" + name;
    return lines.empty() ? " []" : lines;
}

/// The same for public keys; before there are any, how they are added.
std::string key_lines(const Repository& known) {
    std::string lines;
    for (const auto& name : files_in(known.directory / "keys")) {
        if (name.ends_with(".pub")) lines += "\n      - keys/" + name;
    }
    if (!lines.empty()) return "  - name: weir-keys\n    files:" + lines;
    return "  # Once there are public keys:\n  # - name: weir-keys\n  #   files:\n"
           "  #     - keys/gate.pub";
}

/// GitHub hands a job only the secrets that it names.
std::string github_secret_lines(const Repository& known) {
    std::string lines;
    for (const auto& name : known.secrets) {
        lines += base::format("{}      {}: ${{{{ secrets.{} }}}}", lines.empty() ? "" : "\n", name,
                              name);
    }
    if (!lines.empty()) return lines;
    return "      # One line for each secret of weir.toml: NAME: ${{ secrets.NAME }}";
}

std::string job_or(const std::string& found, std::string_view otherwise) {
    return found.empty() ? std::string(otherwise) : found;
}

Values values_of(const Repository& known, const Wishes& wishes, const PipelineJobs& jobs) {
    return {{"NAME", known.name.value},
            {"BRANCH", known.branch.value},
            {"ENVIRONMENT", known.environment.value},
            {"BASE_URL", known.base_url.value},
            {"LOCAL_URL", known.local_url.value},
            {"IMAGE", wishes.image},
            {"KUSTOMIZE_IMAGE", kustomize_image(wishes.image)},
            {"PAGE", wishes.page},
            {"JOURNEY_FILES", journey_lines(known)},
            {"KEYS", key_lines(known)},
            {"GITHUB_SECRETS", github_secret_lines(known)},
            {"ARTEFACT", known.dockerfile ? "docker build --quiet ."
                                          : "git archive --format=tar HEAD | sha256sum | "
                                            "sed 's/^\\([0-9a-f]*\\).*/sha256:\\1/'"},
            {"DEPLOY_PREPROD_JOB", job_or(jobs.deploy_preprod, "deploy_preprod")},
            {"APPROVE_JOB", job_or(jobs.approve, "approve_prod")},
            {"DEPLOY_PROD_JOB", job_or(jobs.deploy_prod, "deploy_prod")}};
}

/// The pipeline of one's own that `entry` would stand beside: that file, or another workflow.
const PipelineJobs* own_pipeline(const Repository& known, std::string_view entry) {
    const auto folder = std::filesystem::path(entry).parent_path();
    const PipelineJobs* found = nullptr;
    for (const auto& each : known.pipelines) {
        if (each.file == entry) return &each;
        const bool deploys = !each.deploy_prod.empty();
        const bool workflow = folder == ".github/workflows" && each.file.starts_with(".github/");
        if (workflow && deploys && each.file.find("performance-") == std::string::npos) {
            found = &each;
        }
    }
    return found;
}

void add_whole(InitPlan& plan, std::string path, std::string text, std::string about) {
    PlannedFile file;
    file.path = std::move(path);
    file.text = std::move(text);
    file.about = std::move(about);
    plan.files.push_back(std::move(file));
}

base::Result<void> add_suite(const Repository& known, const Values& values, InitPlan& plan) {
    if (known.suite) return {};
    TRY(std::string suite, fill(embedded::first_suite_toml, values));
    if (auto parsed = plan::parse_suite(suite, "weir.toml"); !parsed.ok()) {
        return base::within("the suite that would be written", parsed.error());
    }
    add_whole(plan, "weir.toml", std::move(suite),
              "the suite: what is run, where, and what is demanded");
    add_whole(plan, "journeys/first.js", std::string(embedded::first_js),
              "the first journey: one page, its content checked");
    return {};
}

base::Result<void> add_pipeline(const Pipeline& pipeline,
                                const Repository& known,
                                const Wishes& wishes,
                                InitPlan& plan) {
    std::string_view entry;
    for (const auto& each : pipeline.files) {
        if (each.entry) entry = each.path;
    }
    const PipelineJobs* own = own_pipeline(known, entry);
    const Values values = values_of(known, wishes, own != nullptr ? *own : PipelineJobs());
    TRY(const std::string merge, fill(pipeline.merge, values));
    TRY(plan.next_steps, fill(pipeline.next, values));
    for (const auto& each : pipeline.files) {
        PlannedFile file;
        TRY(file.text, fill(each.text, values));
        file.path = each.path;
        file.about = each.about;
        file.executable = each.executable;
        if (each.entry) {
            file.merge = merge;
            // A second pipeline that deploys would run beside the first.
            if (own != nullptr && own->file != each.path) file.beside_of = own->file;
        }
        plan.files.push_back(std::move(file));
    }
    return {};
}

void add_ignored(InitPlan& plan) {
    PlannedFile file;
    file.path = ".gitignore";
    file.text = ".weir/\n.env\nweir.local.toml\n";
    file.added_once = ".weir/";
    file.about = "results, history and one person's own files stay out of the repository";
    plan.files.push_back(std::move(file));
}

}  // namespace

const std::vector<std::string_view>& pipeline_names() {
    static const std::vector<std::string_view> names = [] {
        std::vector<std::string_view> all;
        for (const auto& [name, make] : pipelines()) all.push_back(name);
        return all;
    }();
    return names;
}

base::Result<InitPlan> plan_files(std::string_view pipeline,
                                  const Repository& known,
                                  const Wishes& wishes) {
    const auto found = pipelines().find(pipeline);
    CHECK(found != pipelines().end());
    InitPlan plan;
    const Values values = values_of(known, wishes, {});
    TRY_VOID(add_suite(known, values, plan));
    TRY_VOID(add_pipeline(found->second(), known, wishes, plan));
    if (pipeline != "kubernetes") {
        PlannedFile delivery;
        TRY(delivery.text, fill(embedded::delivery_sh, values));
        delivery.path = "scripts/delivery";
        delivery.about = "what is deployed, and how: the one place that is yours to fill in";
        delivery.executable = true;
        plan.files.push_back(std::move(delivery));
    }
    const Host host = pipeline == "github"   ? Host::github
                      : pipeline == "gitlab" ? Host::gitlab
                                             : known.host;
    for (auto& each : checklist_files(known, host)) plan.files.push_back(std::move(each));
    add_ignored(plan);
    return plan;
}

}  // namespace weir::app::init
