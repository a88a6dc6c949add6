// Browser: what a test needs of one: cookies, forms, and redirects followed or looked at.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "sample/web/text.h"

namespace weir::sample {

/// An answer. Status 0 says that none came, and `body` then says why.
struct Page {
    unsigned status = 0;
    std::string url;  // of the last request, when redirects were followed
    std::string body;
    Pairs headers;

    [[nodiscard]] std::string_view header(std::string_view name) const;
    [[nodiscard]] bool has(std::string_view text) const {
        return body.find(text) != std::string::npos;
    }
    /// What stands between two texts, first time, or empty.
    [[nodiscard]] std::string between(std::string_view before, std::string_view after) const;
    [[nodiscard]] std::size_t count(std::string_view text) const;
    [[nodiscard]] std::string heading() const;
};

class Browser {
public:
    Browser();
    ~Browser();
    Browser(Browser&&) noexcept;
    Browser& operator=(Browser&&) noexcept;

    /// Follows redirects, at most ten.
    Page get(const std::string& url);
    Page post(const std::string& url, const Pairs& form);
    /// Answers the redirect itself. Relative Locations are made absolute in `Page::header`.
    Page get_once(const std::string& url);
    Page post_once(const std::string& url, const Pairs& form);

    /// Fills the sign-in form that the page shows.
    Page sign_in(const Page& form, const std::string& user, const std::string& password);

    void authorize(std::string header) { authorization_ = std::move(header); }
    [[nodiscard]] std::string cookie(std::string_view name) const;
    void set_cookie(const std::string& name, const std::string& value);

private:
    struct Call {
        std::string method;
        std::string url;
        std::string body;
    };
    Page call(const Call& call);
    Page follow(Page page);
    void keep_cookies(const Page& page);

    struct Connections;
    std::unique_ptr<Connections> connections_;
    Pairs cookies_;
    std::string authorization_;
};

/// A browser that is signed in, at the page asked for.
struct SignedIn {
    Browser browser;
    Page page;
};
SignedIn sign_in_at(const std::string& url, const std::string& user);

}  // namespace weir::sample
