#include "app/notify/outbox.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <system_error>

#include "app/result_directory.h"
#include "app/run_id.h"
#include "base/format.h"

namespace weir::app {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view ending = ".errand.json";
constexpr std::string_view taken_ending = ".errand.json.taken";
/// A process that took an errand and died has not run it.
constexpr auto orphaned_after = std::chrono::minutes(1);

}  // namespace

std::string Outbox::path_of(const std::string& name) const {
    return (fs::path(directory_) / name).string();
}

std::vector<std::string> Outbox::names() const {
    std::vector<std::string> found;
    std::error_code failed;
    for (fs::directory_iterator each(directory_, failed), end; !failed && each != end;
         each.increment(failed)) {
        auto name = each->path().filename().string();
        if (name.ends_with(ending)) found.push_back(std::move(name));
    }
    std::sort(found.begin(), found.end());  // names begin with their time
    return found;
}

void Outbox::return_orphans() {
    std::error_code failed;
    for (fs::directory_iterator each(directory_, failed), end; !failed && each != end;
         each.increment(failed)) {
        const auto path = each->path().string();
        if (!path.ends_with(taken_ending)) continue;
        std::error_code ignored;
        const auto age = fs::file_time_type::clock::now() - fs::last_write_time(path, ignored);
        if (ignored || age < orphaned_after) continue;
        fs::rename(path, path.substr(0, path.rfind('.')), ignored);
    }
}

void Outbox::drop(const std::string& name, std::string_view why) {
    std::error_code ignored;
    fs::remove(path_of(name), ignored);
    log_.warn(base::format("notices: {} in {} is dropped: {}", name, directory_, why));
}

base::Result<void> Outbox::put(const notify::Errand& errand) {
    std::error_code failed;
    fs::create_directories(directory_, failed);
    if (failed) {
        return base::Error{base::Code::io,
                           base::format("making {}: {}", directory_, failed.message())};
    }
    auto there = names();
    const std::size_t keep = errands_most - 1;
    for (std::size_t i = 0; i + keep < there.size(); ++i) drop(there[i], "there are too many");
    return write_file(path_of(new_run_id() + std::string(ending)), notify::encode(errand));
}

std::vector<Outbox::Taken> Outbox::take(std::size_t most, base::WallTime now) {
    return_orphans();
    std::vector<Taken> taken;
    for (const auto& name : names()) {
        if (taken.size() == most) break;
        const auto mine = path_of(name) + ".taken";
        std::error_code failed;
        // Whoever renames it has it.
        fs::rename(path_of(name), mine, failed);
        if (failed) continue;
        fs::last_write_time(mine, fs::file_time_type::clock::now(), failed);
        auto text = read_file(mine);
        auto errand = text.ok() ? notify::decode_errand(text.value())
                                : base::Result<notify::Errand>(text.error());
        if (!errand.ok()) {
            drop(name + ".taken", errand.error().text);
        } else if (errand.value().give_up < now) {
            drop(name + ".taken", base::format("{} could not be told in time: {}",
                                               notify::channel_of(errand.value().kind),
                                               errand.value().notice.headline));
        } else {
            taken.push_back({name, std::move(errand).value()});
        }
    }
    return taken;
}

void Outbox::done(const Taken& taken) {
    std::error_code ignored;
    fs::remove(path_of(taken.name) + ".taken", ignored);
}

void Outbox::put_back(const Taken& taken) {
    std::error_code ignored;
    fs::rename(path_of(taken.name) + ".taken", path_of(taken.name), ignored);
}

}  // namespace weir::app
