// PlannedFile: what `weir init` wants to be in one file, and place(), which puts it there.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "base/result.h"

namespace weir::app::init {

struct PlannedFile {
    std::string path;   // relative to the directory
    std::string text;   // all of it, or what is to be added
    std::string about;  // a few words for people
    /// Not empty: the file is added to, once: not when it has this line or text already.
    std::string added_once;
    std::string head;  // of a file that is added to: what stands before the text when it is new
    bool executable = false;
    std::string merge;      // for people: what of it belongs into a file that is there already
    std::string beside_of;  // another file does the same: written to `<path>.weir` all the same
};

enum class Placed : std::uint8_t {
    written,    // it was not there
    added_to,   // or would be, in a rehearsal
    unchanged,  // all is there already
    replaced,   // with force
    beside,     // another file is there, or does the same: written to `<path>.weir`
};

struct Placing {
    bool force = false;      // replace what is there
    bool rehearsal = false;  // write nothing, say what would be
};

/// Never changes a file that is there, but for adding to it or with force; a link is not followed.
/// The error names the path, the cause and what to do.
[[nodiscard]] base::Result<Placed> place(const std::filesystem::path& directory,
                                         const PlannedFile& file,
                                         Placing how);

}  // namespace weir::app::init
