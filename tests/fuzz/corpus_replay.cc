// Runs a fuzzer over the files of its corpus, and over mutations of them from a fixed seed.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "base/random.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

constexpr int mutations_of_each = 200;

void feed(const std::string& bytes) {
    (void)LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
}

void mutate(std::string& bytes, weir::base::Random& random) {
    const auto times = 1 + random.below(8);
    for (std::uint64_t i = 0; i < times; ++i) {
        const auto byte = static_cast<char>(random.below(256));
        const auto at = bytes.empty() ? 0 : random.below(bytes.size());
        switch (random.below(3)) {
            case 0:
                bytes.insert(at, 1, byte);
                break;
            case 1:
                if (!bytes.empty()) bytes.erase(at, 1 + random.below(16));
                break;
            default:
                if (!bytes.empty()) bytes[at] = byte;
        }
    }
}

}  // namespace

int main(int argc, char** argv) {
    std::vector<std::string> corpus{""};
    if (argc > 1 && std::filesystem::is_directory(argv[1])) {
        for (const auto& entry : std::filesystem::directory_iterator(argv[1])) {
            std::ifstream file(entry.path(), std::ios::binary);
            corpus.emplace_back(std::istreambuf_iterator<char>(file),
                                std::istreambuf_iterator<char>());
        }
    }
    weir::base::Random random(1);
    for (const auto& seed : corpus) {
        feed(seed);
        std::string mutant = seed;
        for (int i = 0; i < mutations_of_each; ++i) {
            mutate(mutant, random);
            feed(mutant);
        }
    }
    std::printf("%zu inputs and their mutations\n", corpus.size());
}
