# Third-party libraries as targets, all of them archives: what tests run is what users get, and the program
# that users get needs no library of the machine that it runs on (docs/adr/0024-static-program-and-image.md).
# Sources that Debian does not carry were put into build/third_party by setup/third-party, pinned by version
# and checksum.
set(WEIR_THIRD_PARTY ${CMAKE_SOURCE_DIR}/build/third_party CACHE PATH "where setup/third-party put sources")
if(NOT EXISTS ${WEIR_THIRD_PARTY}/quickjs/quickjs.c OR NOT EXISTS ${WEIR_THIRD_PARTY}/pq/source)
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

find_package(Threads REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(GTest REQUIRED)

# weir_archive(TARGET name… LIBS target…): Debian's lib<name>.a files and what they need in turn.
function(weir_archive target)
  cmake_parse_arguments(A "" "" "LIBS" ${ARGN})
  add_library(${target} INTERFACE IMPORTED)
  foreach(name IN LISTS A_UNPARSED_ARGUMENTS)
    find_library(WEIR_ARCHIVE_${name} NAMES lib${name}.a REQUIRED)
    target_link_libraries(${target} INTERFACE ${WEIR_ARCHIVE_${name}})
  endforeach()
  target_link_libraries(${target} INTERFACE ${A_LIBS})
endfunction()

weir_archive(ZLIB::ZLIB z)
weir_archive(OpenSSL::Crypto crypto LIBS Threads::Threads)
weir_archive(OpenSSL::SSL ssl LIBS OpenSSL::Crypto)
weir_archive(weir_md md)
weir_archive(weir_cares cares)
weir_archive(weir_brotli brotlidec brotlienc brotlicommon LIBS m)
weir_archive(weir_zstd zstd)
weir_archive(weir_sqlite sqlite3 LIBS Threads::Threads m)
weir_archive(weir_pugixml pugixml)
weir_archive(weir_utf8proc utf8proc)
weir_archive(weir_re2 re2 LIBS Threads::Threads)
weir_archive(weir_context boost_context)
weir_archive(weir_snappy snappy)
find_path(WEIR_PROTOZERO protozero/pbf_writer.hpp REQUIRED)  # headers alone
add_library(weir_protozero INTERFACE IMPORTED)
target_include_directories(weir_protozero SYSTEM INTERFACE ${WEIR_PROTOZERO})
add_library(weir_fmt STATIC ${CMAKE_CURRENT_LIST_DIR}/fmt_archive.cc)
include(ArchivePq)
