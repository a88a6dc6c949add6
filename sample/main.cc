#include "sample/run.h"

int main(int count, char** arguments) {
    return weir::sample::run_sample({arguments + 1, static_cast<std::size_t>(count - 1)});
}
