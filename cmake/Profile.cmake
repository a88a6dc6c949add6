# weir_hot(target...): what each request passes through is compiled twice for users: once so that a short run
# on the sample service (tools/train) counts how often each branch is taken, then with those counts and across
# file borders. WEIR_PROFILE: "" (neither), record, use. Both passes must share the binary directory.
set(WEIR_PROFILE "" CACHE STRING "record | use")
set(WEIR_PROFILE_DIR ${CMAKE_SOURCE_DIR}/build/profile CACHE PATH "where the counts are")
set(weir_profile_flags_record -fprofile-generate=${WEIR_PROFILE_DIR} -fprofile-update=prefer-atomic)
# Code that the short run did not meet is optimised as ever, not for size. No warnings: they would tell of each
# function that has changed since it was counted; the plain builds warn of all else.
set(weir_profile_flags_use -fprofile-use=${WEIR_PROFILE_DIR} -fprofile-partial-training -w)

function(weir_hot)
  if(NOT WEIR_PROFILE)
    return()
  endif()
  foreach(target IN LISTS ARGN)
    target_compile_options(${target} PRIVATE ${weir_profile_flags_${WEIR_PROFILE}}
      -fprofile-prefix-path=${CMAKE_BINARY_DIR})
    if(WEIR_PROFILE STREQUAL "record")
      target_link_options(${target} INTERFACE --coverage)
    else()
      set_property(TARGET ${target} PROPERTY INTERPROCEDURAL_OPTIMIZATION ON)
    endif()
  endforeach()
endfunction()
