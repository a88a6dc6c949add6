# weir_pages(VARIABLE): the HTML pages of report-ui/, one self-contained file each, made at build time in the current
# binary folder; VARIABLE lists them. Needs node and what setup/third-party installed; no network.
find_program(NODE NAMES node nodejs REQUIRED)
set(WEIR_NODE_MODULES ${CMAKE_SOURCE_DIR}/build/third_party/report-ui/node_modules)
if(NOT EXISTS ${WEIR_NODE_MODULES}/esbuild)
  message(FATAL_ERROR "report-ui's packages are missing: run setup/third-party")
endif()

function(weir_pages variable)
  set(source ${CMAKE_SOURCE_DIR}/report-ui)
  set(out ${CMAKE_CURRENT_BINARY_DIR}/pages)
  file(GLOB_RECURSE inputs CONFIGURE_DEPENDS ${source}/src/*.ts ${source}/src/*.css ${source}/src/*.html)
  file(GLOB frames CONFIGURE_DEPENDS ${source}/src/*/page.html)
  set(pages)
  foreach(frame IN LISTS frames)
    cmake_path(GET frame PARENT_PATH folder)
    cmake_path(GET folder FILENAME name)
    list(APPEND pages ${out}/${name}.html)
  endforeach()
  # What comes from packages is named, so that tools/sbom finds it among what the program is made of.
  add_custom_command(OUTPUT ${pages}
    COMMAND ${NODE} ${source}/build.mjs --modules ${WEIR_NODE_MODULES} --out ${out}
    DEPENDS ${inputs} ${source}/build.mjs ${source}/package-lock.json
            ${WEIR_NODE_MODULES}/uplot/dist/uPlot.esm.js ${WEIR_NODE_MODULES}/uplot/dist/uPlot.min.css
    VERBATIM)
  set(${variable} ${pages} PARENT_SCOPE)
endfunction()
