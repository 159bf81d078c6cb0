# jb_tests(LABEL FOLDER LIBRARY...): every test_*.c and *_test.c under FOLDER is one program and one
# ctest entry with that label. cmocka speaks TAP, so that the totals can be counted.
function(jb_tests label folder)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS
       ${folder}/test_*.c ${folder}/*_test.c)
  foreach(source ${sources})
    cmake_path(RELATIVE_PATH source BASE_DIRECTORY ${CMAKE_SOURCE_DIR}/tests OUTPUT_VARIABLE name)
    cmake_path(REMOVE_EXTENSION name)
    string(REPLACE "/" "." name ${name})
    add_executable(${name} ${source})
    set_target_properties(${name} PROPERTIES
      RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
    target_include_directories(${name} PRIVATE
      ${CMAKE_SOURCE_DIR}/tests/lib ${CMAKE_SOURCE_DIR}/services/common)
    target_link_libraries(${name} PRIVATE ${ARGN} jb::cmocka)
    add_dependencies(all_tests ${name})
    if(name MATCHES "test_(threads|busy)$")
      add_dependencies(threads_tests ${name})
    endif()
    add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
    set_tests_properties(${name} PROPERTIES LABELS ${label} TIMEOUT 120
      ENVIRONMENT "CMOCKA_MESSAGE_OUTPUT=TAP;JB_SOURCE=${CMAKE_SOURCE_DIR};JB_BUILD=${CMAKE_BINARY_DIR}")
  endforeach()
endfunction()
