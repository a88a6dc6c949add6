// Keeps the process to itself: no plug-in of the machine's C library or OpenSSL is loaded into it.
#pragma once

namespace weir::net {

/// To be called first in main(). The program is linked statically; a plug-in that the machine's
/// configuration names would bring a second C library along. Afterwards the C library looks names
/// of hosts up in /etc/hosts and by DNS and users in /etc/passwd, whatever /etc/nsswitch.conf says,
/// and OpenSSL reads no openssl.cnf.
void stay_self_contained() noexcept;

}  // namespace weir::net
