// SharedData: SharedArrays and opened files: one copy for all users of a run.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/result.h"

namespace weir::journey {

/// The elements of a SharedArray, each as JSON text. Immutable once shared.
class SharedElements {
public:
    void add(std::string_view json) {
        text_.append(json);
        ends_.push_back(text_.size());
    }
    void done() {
        text_.shrink_to_fit();
        ends_.shrink_to_fit();
    }
    [[nodiscard]] std::size_t size() const noexcept { return ends_.size(); }
    [[nodiscard]] std::string_view at(std::size_t index) const {
        const std::size_t begin = index == 0 ? 0 : ends_[index - 1];
        return std::string_view(text_).substr(begin, ends_[index] - begin);
    }

private:
    std::string text_;
    std::vector<std::size_t> ends_;
};

/// By absolute path. The error says which file and why.
using FileReader = std::function<base::Result<std::string>(const std::string& path)>;
[[nodiscard]] base::Result<std::string> read_file(const std::string& path);

/// Thread-safe.
class SharedData {
public:
    explicit SharedData(FileReader read = read_file) : read_(std::move(read)) {}
    SharedData(const SharedData&) = delete;
    SharedData& operator=(const SharedData&) = delete;

    using Elements = std::shared_ptr<const SharedElements>;
    /// The array of that name. When there is none yet, `build` makes it (null: it failed, and so
    /// does this call); others who ask meanwhile wait, so that the script's function runs once in a
    /// run. Only when it parks, and another user of the same thread asks meanwhile, does it run
    /// again; the first to finish counts.
    [[nodiscard]] Elements array(const std::string& name, const std::function<Elements()>& build);

    /// The file's bytes; read once. Failures are not kept.
    [[nodiscard]] base::Result<std::shared_ptr<const std::string>> file(const std::string& path);

private:
    struct Slot {
        Elements elements;
        bool building = false;
        std::thread::id builder;
    };
    FileReader read_;
    std::mutex mutex_;
    std::condition_variable built_;
    std::map<std::string, Slot> arrays_;
    std::map<std::string, std::shared_ptr<const std::string>> files_;
};

}  // namespace weir::journey
