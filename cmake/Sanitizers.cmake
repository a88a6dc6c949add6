# weir_sanitizers: from WEIR_SANITIZE ("address,undefined" or "thread"); on every target, third party too.
set(WEIR_SANITIZE "" CACHE STRING "comma list: address,undefined | thread")
add_library(weir_sanitizers INTERFACE)
if(WEIR_SANITIZE)
  target_compile_options(weir_sanitizers INTERFACE
    -fsanitize=${WEIR_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(weir_sanitizers INTERFACE -fsanitize=${WEIR_SANITIZE})
endif()
