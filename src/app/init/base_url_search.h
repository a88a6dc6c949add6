// Looks for a service's own address in the files where deployments keep it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/init/repository.h"

namespace weir::app::init {

/// Text files within a few folders of `directory`, relative to it and sorted; what is fetched,
/// built or kept by tools is left out, and so are the entries beyond a few thousand.
[[nodiscard]] std::vector<std::filesystem::path> deployment_files(
    const std::filesystem::path& directory);

/// The address of the pre-production deployment of `service`, best guess first among helm values,
/// environment files, compose files and pipelines: only under keys that speak of the service itself
/// ("host", "base_url", "ingress"), never under those of what it depends on. Empty when there is
/// none.
[[nodiscard]] Known preprod_url(const std::filesystem::path& directory,
                                const std::vector<std::filesystem::path>& files,
                                const std::string& service);

/// Where the service listens on a developer's machine: by a compose file's ports, a Dockerfile's
/// EXPOSE; else 8080, assumed.
[[nodiscard]] Known local_url(const std::filesystem::path& directory,
                              const std::vector<std::filesystem::path>& files);

}  // namespace weir::app::init
