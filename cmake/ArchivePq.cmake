# weir_pq: PostgreSQL's client library, from source and without Kerberos, LDAP and OAuth: Debian's archive asks for
# Kerberos, of which Debian has no archive. The list of files is that of the crate's build.rs, for Linux.
set(pq ${WEIR_THIRD_PARTY}/pq/source/src)
set(pq_made ${CMAKE_BINARY_DIR}/third_party/pq)
file(GLOB pq_sources ${pq}/interfaces/libpq/*.c ${pq}/common/*.c ${pq}/port/*.c)
list(FILTER pq_sources EXCLUDE REGEX
  "/(win32[^/]*|pthread-win32|fe-connect|open|dirmod|inet_aton|explicit_bzero)\\.c$")
# These are done by OpenSSL.
list(FILTER pq_sources EXCLUDE REGEX "/common/(cryptohash|hmac|md5|sha1|sha2)\\.c$")

# Sockets and pg_service.conf are where Debian's library looks for them.
add_custom_command(OUTPUT ${pq_made}/fe-connect.c VERBATIM
  COMMAND sed "s,DEFAULT_PGSOCKET_DIR,\"/var/run/postgresql\",; s,: SYSCONFDIR),: \"/etc/postgresql-common\"),"
    ${pq}/interfaces/libpq/fe-connect.c > ${pq_made}/fe-connect.c
  COMMAND grep -q "\"/var/run/postgresql\"" ${pq_made}/fe-connect.c
  COMMAND grep -q "\"/etc/postgresql-common\"" ${pq_made}/fe-connect.c
  DEPENDS ${pq}/interfaces/libpq/fe-connect.c)
file(CONFIGURE OUTPUT ${pq_made}/pg_config_os.h CONTENT "#include \"port/linux.h\"\n")
file(STRINGS ${CMAKE_SOURCE_DIR}/setup/third-party.lock pq_lock REGEX "^crates pq-src ")
string(REGEX MATCH "libpq-([0-9]+)\\.([0-9]+) " pq_lock "${pq_lock}")
set(pq_major ${CMAKE_MATCH_1})
math(EXPR pq_number "${CMAKE_MATCH_1} * 10000 + ${CMAKE_MATCH_2}")

add_library(weir_pq STATIC ${pq_sources} ${pq_made}/fe-connect.c)
target_include_directories(weir_pq SYSTEM PUBLIC ${pq}/interfaces/libpq ${pq}/include
  ${WEIR_THIRD_PARTY}/pq/additional_include)
target_include_directories(weir_pq PRIVATE ${pq}/port ${pq_made})
# The script engine has a function of that name, too, and an archive has no names of its own.
target_compile_definitions(weir_pq PRIVATE unicode_normalize=pq_unicode_normalize)
target_compile_definitions(weir_pq PRIVATE FRONTEND _GNU_SOURCE USE_OPENSSL=1 HAVE_STRCHRNUL HAVE_STRSIGNAL
  PG_VERSION="${pq_major}.${CMAKE_MATCH_2}" PG_VERSION_NUM=${pq_number} PG_VERSION_STR="PostgreSQL"
  PG_MAJORVERSION="${pq_major}" PG_MAJORVERSION_NUM=${pq_major} PG_MINORVERSION_NUM=${CMAKE_MATCH_2})
target_compile_options(weir_pq PRIVATE -w -O2)
target_link_libraries(weir_pq PUBLIC OpenSSL::SSL PRIVATE weir_sanitizers)
