# weir_warnings: what our own code must pass. Third party is SYSTEM and does not see it. A build with counts
# (cmake/Profile.cmake) warns of each function that has changed since they were taken: not of interest.
add_library(weir_warnings INTERFACE)
if(WEIR_PROFILE STREQUAL "use")
  target_compile_options(weir_warnings INTERFACE -w)
  return()
endif()
target_compile_options(weir_warnings INTERFACE $<$<COMPILE_LANGUAGE:CXX>:
  -Wall -Wextra -Wpedantic -Wconversion -Werror -Wshadow -Wsign-conversion -Wold-style-cast
  -Wnon-virtual-dtor -Woverloaded-virtual -Wimplicit-fallthrough -Wvla>)
