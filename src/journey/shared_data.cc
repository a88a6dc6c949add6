#include "journey/shared_data.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

#include "base/format.h"

namespace weir::journey {

base::Result<std::string> read_file(const std::string& path) {
    std::error_code failed;
    if (std::filesystem::is_directory(path, failed)) {
        return base::Error{base::Code::io, base::format("reading {}: it is a directory", path)};
    }
    errno = 0;
    std::ifstream in(path, std::ios::binary);
    std::string text;
    if (in) text.assign(std::istreambuf_iterator<char>(in), {});
    if (!in || in.bad()) {
        const int why = errno == 0 ? EIO : errno;
        return base::Error{why == ENOENT ? base::Code::not_found : base::Code::io,
                           base::format("reading {}: {}", path,
                                        std::error_code(why, std::generic_category()).message())};
    }
    return text;
}

SharedData::Elements SharedData::array(const std::string& name,
                                       const std::function<Elements()>& build) {
    std::unique_lock lock(mutex_);
    Slot& slot = arrays_[name];
    const auto me = std::this_thread::get_id();
    built_.wait(lock, [&] { return slot.elements || !slot.building || slot.builder == me; });
    if (slot.elements) return slot.elements;
    slot.building = true;
    slot.builder = me;
    lock.unlock();
    Elements made = build();
    lock.lock();
    if (!slot.elements) slot.elements = std::move(made);
    slot.building = false;
    built_.notify_all();
    return slot.elements;
}

base::Result<std::shared_ptr<const std::string>> SharedData::file(const std::string& path) {
    {
        const std::lock_guard lock(mutex_);
        const auto found = files_.find(path);
        if (found != files_.end()) return found->second;
    }
    TRY(std::string text, read_(path));
    const std::lock_guard lock(mutex_);
    auto& kept = files_[path];
    if (!kept) kept = std::make_shared<const std::string>(std::move(text));
    return kept;
}

}  // namespace weir::journey
