#include "net/self_contained.h"

#include <nss.h>
#include <openssl/crypto.h>

#include "base/assert.h"

namespace weir::net {

void stay_self_contained() noexcept {
    // Source: glibc's nss.h; the databases are those that getaddrinfo and getpwuid ask.
    CHECK(__nss_configure_lookup("hosts", "files dns") == 0);
    for (const char* database : {"passwd", "group", "services", "protocols", "networks"}) {
        CHECK(__nss_configure_lookup(database, "files") == 0);
    }
    CHECK(OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr) == 1);
}

}  // namespace weir::net
