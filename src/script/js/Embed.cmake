# The JavaScript that is part of the program: the type stripper and our own jslib modules.
set(js ${CMAKE_CURRENT_SOURCE_DIR}/script/js)
set(sucrase ${WEIR_THIRD_PARTY}/sucrase/dist)
set(strip_types ${CMAKE_CURRENT_BINARY_DIR}/embedded/strip_types_bundle.js)
# Replaced or left out: what the TypeScript transform alone never calls.
add_custom_command(OUTPUT ${strip_types}
  COMMAND python3 ${js}/bundle.py ${sucrase} ${js}/strip_types.js ${strip_types}
    Options.js=${js}/no_checks.js @jridgewell/gen-mapping=${js}/source_map_sink.js
    util/formatTokens.js CJSImportProcessor.js parser/plugins/flow.js parser/plugins/jsx/index.js
    transformers/CJSImportTransformer.js transformers/FlowTransformer.js transformers/JSXTransformer.js
    transformers/JestHoistTransformer.js transformers/ReactDisplayNameTransformer.js
    transformers/ReactHotLoaderTransformer.js transformers/NumericSeparatorTransformer.js
    transformers/OptionalCatchBindingTransformer.js
    transformers/OptionalChainingNullishTransformer.js
  DEPENDS ${js}/bundle.py ${js}/strip_types.js ${js}/no_checks.js ${js}/source_map_sink.js
    ${sucrase}/index.js VERBATIM)

# Parsing it takes four times as long as everything else that a small TypeScript journey needs.
set(strip_types_code ${CMAKE_CURRENT_BINARY_DIR}/embedded/strip_types.bytecode)
add_executable(bake_bytecode ${CMAKE_SOURCE_DIR}/cmake/bake_bytecode.cc)
target_link_libraries(bake_bytecode PRIVATE weir_quickjs weir_sanitizers weir_warnings)
add_custom_command(OUTPUT ${strip_types_code} VERBATIM
  COMMAND bake_bytecode ${strip_types} ${strip_types_code} DEPENDS ${strip_types} bake_bytecode)

weir_embed(weir_script ${strip_types_code} ${WEIR_THIRD_PARTY}/papaparse/papaparse.min.js
  ${js}/form_data.js ${js}/httpx.js ${js}/k6_chai.js ${js}/k6_summary.js ${js}/k6_utils.js
  ${js}/structured_clone.js ${js}/url.js)
