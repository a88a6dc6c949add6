# weir_warnings: what our own code must pass. Third party is SYSTEM and does not see it.
add_library(weir_warnings INTERFACE)
target_compile_options(weir_warnings INTERFACE $<$<COMPILE_LANGUAGE:CXX>:
  -Wall -Wextra -Wpedantic -Wconversion -Werror -Wshadow -Wsign-conversion -Wold-style-cast
  -Wnon-virtual-dtor -Woverloaded-virtual -Wimplicit-fallthrough -Wvla>)
