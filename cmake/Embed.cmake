# weir_embed(TARGET FILES…): each text file becomes a std::string_view of namespace weir::embedded in
# <target>_embedded.h, named after the file ("prelude.js" is prelude_js).
function(weir_embed target)
  set(out ${CMAKE_CURRENT_BINARY_DIR}/embedded)
  add_custom_command(OUTPUT ${out}/${target}_embedded.cc ${out}/${target}_embedded.h
    COMMAND python3 ${CMAKE_SOURCE_DIR}/cmake/embed.py ${out}/${target}_embedded ${ARGN}
    DEPENDS ${ARGN} ${CMAKE_SOURCE_DIR}/cmake/embed.py VERBATIM)
  # Text of any length: pedantic compilers count what the standard promises, not what they can do.
  set_source_files_properties(${out}/${target}_embedded.cc PROPERTIES COMPILE_OPTIONS -Wno-overlength-strings)
  target_sources(${target} PRIVATE ${out}/${target}_embedded.cc)
  target_include_directories(${target} PRIVATE ${out})
endfunction()
