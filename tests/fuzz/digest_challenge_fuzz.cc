// Any text may come as WWW-Authenticate: it is passed over, or answered with a header that can be
// sent.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "http/auth/credentials.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view challenge(reinterpret_cast<const char*>(data), size);
    const auto answer = weir::http::digest_credentials(challenge, {.method = "GET",
                                                                   .target = "/a?b",
                                                                   .user = "us\"er",
                                                                   .password = "secret",
                                                                   .client_nonce = "0123"});
    if (!answer) return 0;
    CHECK(answer->starts_with(R"(Digest username="us\"er", realm=")"));
    CHECK(answer->find("secret") == std::string::npos ||
          challenge.find("secret") != std::string_view::npos);
    CHECK(weir::http::percent_decoded(challenge).size() <= challenge.size());
    return 0;
}
