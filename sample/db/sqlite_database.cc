#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include <fmt/format.h>
#include <unistd.h>

#include "sample/db/database.h"
#include "sample/db/sqlite.h"

namespace weir::sample {
namespace {

namespace fs = std::filesystem;

/// A directory that goes with its owner.
class TemporaryDirectory {
public:
    static Result<TemporaryDirectory> make() {
        std::error_code error;
        auto base = fs::temp_directory_path(error);
        if (error) base = "/tmp";
        std::string pattern = (base / "weir-sample-XXXXXX").string();
        if (mkdtemp(pattern.data()) == nullptr) {
            return Error{
                fmt::format("Cannot make a temporary directory {}: {}. Set TMPDIR to a "
                            "writable place, or give --data-dir.",
                            pattern, std::strerror(errno))};
        }
        return TemporaryDirectory(pattern);
    }

    TemporaryDirectory(TemporaryDirectory&& other) noexcept
        : path_(std::exchange(other.path_, {})) {}
    TemporaryDirectory& operator=(TemporaryDirectory&& other) noexcept {
        std::swap(path_, other.path_);
        return *this;
    }
    ~TemporaryDirectory() { remove(); }

    void remove() {
        if (path_.empty()) return;
        std::error_code ignored;
        fs::remove_all(path_, ignored);
        path_.clear();
    }
    [[nodiscard]] const std::string& path() const { return path_; }

private:
    explicit TemporaryDirectory(std::string path) : path_(std::move(path)) {}
    std::string path_;
};

Result<std::string> make_file(const std::string& path, const SeedPlan& plan, const Seeder& seeder) {
    auto connection = open_sqlite(path, SqliteMode::seed);
    if (!connection.ok()) return connection.error();
    auto digest = fill(*connection.value(), Dialect::sqlite, plan, seeder);
    if (!digest.ok()) return digest;
    // WAL is a property of the file; it needs the exclusive lock of seeding to be let go first.
    const auto wal = connection.value()->execute(
        "pragma locking_mode = normal; select count(*) from sample_seed; pragma journal_mode = "
        "wal;");
    if (!wal.ok()) return wal.error();
    return digest;
}

class SqliteDatabase final : public Database {
public:
    SqliteDatabase(std::string path, SeedFacts facts, std::optional<TemporaryDirectory> temporary)
        : path_(std::move(path)), facts_(std::move(facts)), temporary_(std::move(temporary)) {}

    [[nodiscard]] std::string_view kind() const override { return "sqlite"; }
    [[nodiscard]] const SeedFacts& facts() const override { return facts_; }

    Result<std::vector<std::unique_ptr<Connection>>> connect(std::size_t count) override {
        std::vector<std::unique_ptr<Connection>> connections;
        for (std::size_t i = 0; i < count; ++i) {
            auto opened = open_sqlite(path_, SqliteMode::read);
            if (!opened.ok()) return opened.error();
            // The first read opens the rest of the files, which may soon have no name.
            const auto read =
                opened.value()->query("select count(*) from sample_seed", {}, [](const Row&) {});
            if (!read.ok()) return read.error();
            connections.push_back(std::move(opened.value()));
        }
        temporary_.reset();
        return connections;
    }

private:
    std::string path_;
    SeedFacts facts_;
    std::optional<TemporaryDirectory> temporary_;
};

std::unique_ptr<Database> database(std::string path,
                                   SeedFacts facts,
                                   std::optional<TemporaryDirectory> temporary) {
    return std::make_unique<SqliteDatabase>(std::move(path), std::move(facts),
                                            std::move(temporary));
}

Result<std::unique_ptr<Database>> in_temporary(const SeedPlan& plan, const Seeder& seeder) {
    auto directory = TemporaryDirectory::make();
    if (!directory.ok()) return directory.error();
    auto path = directory.value().path() + "/referrals.sqlite";
    auto digest = make_file(path, plan, seeder);
    if (!digest.ok()) return digest.error();
    return database(std::move(path), {digest.value(), false}, std::move(directory.value()));
}

Result<std::unique_ptr<Database>> in_directory(const std::string& directory,
                                               const SeedPlan& plan,
                                               const Seeder& seeder) {
    std::error_code error;
    fs::create_directories(directory, error);
    if (error) {
        return Error{
            fmt::format("Cannot make the data directory {}: {}", directory, error.message())};
    }
    const auto path = fmt::format("{}/referrals-v{}-seed{}-{}.sqlite", directory, schema_version,
                                  plan.seed, plan.referrals);
    if (fs::exists(path, error)) {
        auto connection = open_sqlite(path, SqliteMode::read);
        if (connection.ok()) {
            auto digest = seeded_digest(*connection.value(), plan);
            if (!digest.empty()) return database(path, {std::move(digest), true}, std::nullopt);
        }
    }
    // Made beside its place and moved there when whole: two services may start at once.
    const auto fresh = fmt::format("{}.{}", path, getpid());
    auto digest = make_file(fresh, plan, seeder);
    if (digest.ok()) fs::rename(fresh, path, error);
    if (!digest.ok() || error) {
        std::error_code ignored;
        fs::remove(fresh, ignored);
        if (!digest.ok()) return digest.error();
        return Error{fmt::format("Cannot move the data to {}: {}", path, error.message())};
    }
    return database(path, {digest.value(), false}, std::nullopt);
}

}  // namespace

Result<std::unique_ptr<Database>> open_sqlite_database(const std::string& data_dir,
                                                       const SeedPlan& plan,
                                                       const Seeder& seeder) {
    return data_dir.empty() ? in_temporary(plan, seeder) : in_directory(data_dir, plan, seeder);
}

}  // namespace weir::sample
