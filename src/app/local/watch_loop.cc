#include "app/local/watch_loop.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "app/local/file_watch.h"
#include "app/local/run_once.h"
#include "app/local/settling.h"
#include "base/format.h"
#include "base/units.h"
#include "rt/signals.h"

namespace weir::app {
namespace {

using gate::ExitCode;

/// As somebody in the working directory would write it.
std::string shown(const std::string& path) {
    std::error_code failed;
    const auto near =
        std::filesystem::path(path).lexically_relative(std::filesystem::current_path(failed));
    return near.empty() || *near.begin() == ".." ? path : near.string();
}

std::string names_of(const std::vector<std::string>& files) {
    constexpr std::size_t most = 4;
    std::string names;
    for (std::size_t i = 0; i < files.size() && i < most; ++i) {
        names += (i == 0 ? "" : ", ") + shown(files[i]);
    }
    if (files.size() > most) names += base::format(" and {} more", files.size() - most);
    return names;
}

class WatchLoop {
public:
    WatchLoop(const RunFlags& flags, const Terminal& terminal, FileWatch& files)
        : flags_(flags), terminal_(terminal), files_(files) {
        repetition_.seen = [this](const std::string& path) { files_.add(path); };
        repetition_.beside = [this](rt::EpollLoop& loop, ScriptRunRequest::End end) {
            return Settling::start(loop, files_, [this, end = std::move(end)] {
                cut_short_ = true;
                end("a file was saved");
            });
        };
        repetition_.is_short = true;
    }

    ExitCode run() {
        print_error("watching; Ctrl-C ends\n");
        while (true) {
            number_ += 1;
            cut_short_ = false;
            files_.clear();
            files_.add(flags_.script);
            const RunEnd end = run_once(flags_, terminal_, repetition_);
            files_.drain();
            if (end.by_signal && !cut_short_) return end.code;
            if (!await_save(end)) return end.code;
            print_error(
                base::format("\n── run {}: {} was saved\n", number_ + 1, names_of(files_.take())));
        }
    }

private:
    void tell_end(const RunEnd& end) const {
        if (cut_short_) {
            print_error(base::format("── run {} was ended by a save\n", number_));
            return;
        }
        print_error(base::format("── run {}: exit code {}; waiting for a save of {} files\n",
                                 number_, static_cast<int>(end.code), files_.files()));
    }

    /// False: a signal came instead.
    bool await_save(const RunEnd& end) {
        rt::EpollLoop loop;
        bool saved = false;
        const rt::SignalWatch signals(loop, [&loop](int, unsigned) { loop.stop(); });
        const auto settling = Settling::start(loop, files_, [&] {
            saved = true;
            loop.stop();
        });
        tell_end(end);  // from here on a signal is awaited
        loop.hold(true);
        loop.run();
        return saved;
    }

    const RunFlags& flags_;
    const Terminal& terminal_;
    FileWatch& files_;
    Repetition repetition_;
    std::size_t number_ = 0;
    bool cut_short_ = false;
};

}  // namespace

ExitCode watch_and_run(const RunFlags& flags, const Terminal& terminal) {
    auto files = FileWatch::open();
    if (!files.ok()) {
        print_error("error: " + files.error().text + "\n");
        return ExitCode::gate_error;
    }
    return WatchLoop(flags, terminal, *files.value()).run();
}

}  // namespace weir::app
