#include "sample/seed/writer.h"

#include <array>

#include <fmt/format.h>
#include <openssl/evp.h>

namespace weir::sample {
namespace {

constexpr std::size_t rows_a_batch = 4000;

}  // namespace

struct Writer::Digest {
    struct Free {
        void operator()(EVP_MD_CTX* used) const { EVP_MD_CTX_free(used); }
    };

    Digest() { EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr); }

    void add(Table table, std::initializer_list<Cell> cells) {
        // Lengths go in too, so that no two different rows read alike.
        pending += fmt::format("{}:", static_cast<unsigned>(table));
        for (const auto& cell : cells) {
            if (cell) pending.append(std::to_string(cell->size())).append("=").append(*cell);
            pending += ';';
        }
        if (pending.size() > std::size_t{64} * 1024) pass_on();
    }

    void pass_on() {
        EVP_DigestUpdate(context.get(), pending.data(), pending.size());
        pending.clear();
    }

    std::string hex() {
        pass_on();
        std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
        unsigned size = 0;
        EVP_DigestFinal_ex(context.get(), bytes.data(), &size);
        std::string text;
        for (unsigned i = 0; i < size; ++i) text += fmt::format("{:02x}", bytes[i]);
        return text;
    }

    std::unique_ptr<EVP_MD_CTX, Free> context{EVP_MD_CTX_new()};
    std::string pending;
};

Writer::Writer(Connection& connection)
    : connection_(connection), digest_(std::make_unique<Digest>()) {
    for (std::size_t i = 0; i < table_count; ++i) {
        batches_.emplace_back(table_columns(static_cast<Table>(i)).size());
    }
}

Writer::~Writer() = default;

void Writer::add(Table table, std::initializer_list<Cell> cells) {
    auto& batch = batches_[static_cast<std::size_t>(table)];
    batch.add({cells.begin(), cells.size()});
    digest_->add(table, cells);
    if (batch.rows() >= rows_a_batch) flush(table);
}

void Writer::flush(Table table) {
    auto& batch = batches_[static_cast<std::size_t>(table)];
    if (batch.rows() == 0) return;
    if (!failure_) {
        const auto loaded =
            connection_.load(std::string(table_name(table)), table_columns(table), batch);
        if (!loaded.ok()) failure_ = loaded.error();
    }
    batch.clear();
}

Result<std::string> Writer::finish() {
    for (std::size_t i = 0; i < table_count; ++i) flush(static_cast<Table>(i));
    if (failure_) return *failure_;
    return digest_->hex();
}

}  // namespace weir::sample
