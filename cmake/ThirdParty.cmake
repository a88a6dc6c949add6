# Third-party libraries as targets. Sources that Debian does not carry were put into
# build/third_party by setup/third-party, pinned by version and checksum.
set(WEIR_THIRD_PARTY ${CMAKE_SOURCE_DIR}/build/third_party CACHE PATH "where setup/third-party put sources")
if(NOT EXISTS ${WEIR_THIRD_PARTY}/quickjs/quickjs.c)
  message(FATAL_ERROR "third-party sources are missing: run 'make setup' first")
endif()

# The engine keeps small blocks in arenas, one row of them for each of 31 block sizes. With its 4 KiB an
# idle virtual user's arenas are two thirds air; 1 KiB takes 60 KiB less per user (153 -> 93 KiB).
set(quickjs_main ${CMAKE_BINARY_DIR}/third_party/quickjs.c)
add_custom_command(OUTPUT ${quickjs_main} VERBATIM
  COMMAND sed "s/^#define JS_ARENA_SIZE  *4096$/#define JS_ARENA_SIZE 1024/"
    ${WEIR_THIRD_PARTY}/quickjs/quickjs.c > ${quickjs_main}
  COMMAND grep -q "JS_ARENA_SIZE 1024" ${quickjs_main}
  DEPENDS ${WEIR_THIRD_PARTY}/quickjs/quickjs.c)
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/third_party)
file(GLOB quickjs_sources ${WEIR_THIRD_PARTY}/quickjs/*.c)
list(REMOVE_ITEM quickjs_sources ${WEIR_THIRD_PARTY}/quickjs/quickjs.c)
add_library(weir_quickjs STATIC ${quickjs_main} ${quickjs_sources})
target_include_directories(weir_quickjs SYSTEM PUBLIC ${WEIR_THIRD_PARTY}/quickjs)
target_compile_definitions(weir_quickjs PRIVATE _GNU_SOURCE)
target_compile_options(weir_quickjs PRIVATE -w -O2 -fno-math-errno)
target_link_libraries(weir_quickjs PUBLIC m PRIVATE weir_sanitizers)

add_library(weir_llhttp STATIC ${WEIR_THIRD_PARTY}/llhttp/src/api.c
  ${WEIR_THIRD_PARTY}/llhttp/src/http.c ${WEIR_THIRD_PARTY}/llhttp/src/llhttp.c)
target_include_directories(weir_llhttp SYSTEM PUBLIC ${WEIR_THIRD_PARTY}/llhttp/include)
target_compile_options(weir_llhttp PRIVATE -w -O2)
target_link_libraries(weir_llhttp PRIVATE weir_sanitizers)

add_library(weir_ada STATIC ${WEIR_THIRD_PARTY}/ada/ada.cpp)
target_include_directories(weir_ada SYSTEM PUBLIC ${WEIR_THIRD_PARTY}/ada)
target_compile_options(weir_ada PRIVATE -w -O2)
target_link_libraries(weir_ada PRIVATE weir_sanitizers)

find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(ZLIB REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(GTest REQUIRED)
pkg_check_modules(cares REQUIRED IMPORTED_TARGET libcares)
pkg_check_modules(brotli REQUIRED IMPORTED_TARGET libbrotlidec libbrotlienc)
pkg_check_modules(zstd REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(sqlite REQUIRED IMPORTED_TARGET sqlite3)
pkg_check_modules(pq REQUIRED IMPORTED_TARGET libpq)
pkg_check_modules(pugixml REQUIRED IMPORTED_TARGET pugixml)
find_library(WEIR_BOOST_CONTEXT boost_context REQUIRED)
