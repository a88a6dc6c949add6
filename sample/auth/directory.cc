#include "sample/auth/directory.h"

namespace weir::sample {

Result<std::unique_ptr<Directory>> Directory::load(Connection& connection, int attempts_max) {
    std::unique_ptr<Directory> directory(new Directory(attempts_max));
    auto& users = directory->users_;
    auto read = connection.query(
        "select id, user_name, auth_source from auth_user where not deleted order by user_name", {},
        [&](const Row& row) {
            users.push_back({row.string(0), row.string(1), row.string(2), {}});
        });
    if (!read.ok()) return read.error();
    for (std::size_t i = 0; i < users.size(); ++i) directory->by_name_.emplace(users[i].name, i);
    read = connection.query("select user_name, group_code from auth_user_group", {},
                            [&](const Row& row) {
                                const auto found = directory->by_name_.find(row.string(0));
                                if (found == directory->by_name_.end()) return;
                                users[found->second].groups.push_back(row.string(1));
                            });
    if (!read.ok()) return read.error();
    return directory;
}

const User* Directory::find(std::string_view name) const {
    const auto found = by_name_.find(std::string(name));
    return found == by_name_.end() ? nullptr : &users_[found->second];
}

SignIn Directory::check(std::string_view name, std::string_view password) {
    const User* user = find(name);
    // Hashed for unknown names too, so that the time tells nothing.
    const bool matches = password_.matches(password);
    if (user == nullptr) return SignIn::wrong;
    const std::lock_guard lock(mutex_);
    int& failures = failures_[user->name];
    if (failures >= attempts_max_) return SignIn::locked;
    if (matches) {
        failures = 0;
        return SignIn::welcome;
    }
    ++failures;
    return failures >= attempts_max_ ? SignIn::locked : SignIn::wrong;
}

}  // namespace weir::sample
