// Repository: what a directory tells of the service in it. Files are read; nothing is run or sent.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace weir::app::init {

/// A value and where it is from.
struct Known {
    std::string value;
    std::string from;      // "package.json:2"
    bool assumed = false;  // nothing said so
};

/// Whose templates for pull requests and incidents there are.
enum class Host : std::uint8_t { github, gitlab };

/// Jobs of a pipeline that is there already, by what their names say; empty when not found.
struct PipelineJobs {
    std::string file;  // relative to the directory
    std::string deploy_preprod;
    std::string approve;
    std::string deploy_prod;
};

struct Repository {
    std::filesystem::path directory;
    bool git = false;
    std::filesystem::path git_root;  // may be above `directory`
    std::string remote;              // without credentials; may be empty
    Host host = Host::github;
    Known branch;                         // production is deployed from it
    Known name;                           // the service's: [a-z0-9-]
    Known environment;                    // that the gate tests
    Known base_url;                       // of that environment
    Known local_url;                      // on a developer's machine
    bool suite = false;                   // there is a weir.toml that can be read
    std::vector<std::string> secrets;     // variables that a suite takes secrets from
    bool dockerfile = false;              // the artefact is an image
    std::vector<PipelineJobs> pipelines;  // that are there already
};

/// `directory` exists.
[[nodiscard]] Repository look_at(const std::filesystem::path& directory);

}  // namespace weir::app::init
