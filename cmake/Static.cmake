# weir_static(target): one file that needs nothing of the machine but its kernel, at an address of the kernel's
# choice. Not under sanitizers, which need the shared C library. What the linker read is written beside the
# program, for tools/sbom.
function(weir_static target)
  if(NOT WEIR_SANITIZE)
    target_link_options(${target} PRIVATE -static-pie
      -Wl,--dependency-file=$<TARGET_FILE:${target}>.inputs)
  endif()
endfunction()
