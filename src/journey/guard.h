// Guard: which requests a gate run may send. Read-only by default, sign-in endpoints excepted.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/url.h"

namespace weir::journey {

/// An endpoint that may be written to. `url` is "/path" (any host) or "https://host/path"; "*"
/// stands for any run of characters. Queries are not looked at.
struct Endpoint {
    std::string method = "*";
    std::string url;
    [[nodiscard]] bool matches(std::string_view asked_method, const base::Url& asked) const;
    [[nodiscard]] bool matches(const base::Url& asked) const;  // whatever the method
};

/// Immutable during a run. How a journey signs in:
/// - requests to `sign_in` are sent whatever their method, and carry the tag step=sign_in, which
///   judging leaves out;
/// - a script may export `sign_in_function`. It is called once for each virtual user, before its
/// first
///   iteration, with setup()'s data. Everything it requests carries step=sign_in, and none of it is
///   in iteration_duration or in any group. The cookies that it leaves in the user's jar are put
///   back into the jar at the start of each iteration (k6 empties the jar there). If it throws, the
///   user tries again at its next iteration; the iteration fails with what it threw.
/// In plain k6, which knows no such function, the script calls it itself where it needs to.
struct GuardPolicy {
    bool read_only = true;
    std::vector<Endpoint> sign_in;
    std::string sign_in_function = "signIn";
    /// A request that ends at a sign-in page by redirect, and is no part of signing in, has failed,
    /// whatever its status: the session was lost.
    bool expect_signed_in = true;

    [[nodiscard]] bool is_sign_in(std::string_view method, const base::Url& url) const;
    /// As is_sign_in, whatever the method.
    [[nodiscard]] bool is_sign_in_page(const base::Url& url) const;
    /// False: such a request would change the target's state and is no sign-in.
    [[nodiscard]] bool allows(std::string_view method, const base::Url& url) const;
};

/// GET, HEAD, OPTIONS and TRACE. Source: RFC 9110 §9.2.1.
[[nodiscard]] bool is_safe_method(std::string_view method) noexcept;

/// The words of the exception that the script gets.
[[nodiscard]] std::string guard_refusal(std::string_view method, const base::Url& url);

}  // namespace weir::journey
