# Fast edit loops: a compiler cache and a fast linker, where they are installed.
find_program(WEIR_CCACHE ccache)
if(WEIR_CCACHE)
  # Paths relative to the checkout: one clone's cache serves the next.
  set(WEIR_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1
    ${WEIR_CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${WEIR_LAUNCHER})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${WEIR_LAUNCHER})
endif()
find_program(WEIR_MOLD mold)
if(WEIR_MOLD)
  add_link_options(-fuse-ld=mold)
endif()
