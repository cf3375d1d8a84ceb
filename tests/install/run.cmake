# Installs the build tree into a scratch prefix, then configures, builds and runs a
# project that knows only that prefix.
file(REMOVE_RECURSE ${SCRATCH})
foreach(step IN ITEMS
    "${CMAKE_COMMAND};--install;${BUILD};--prefix;${SCRATCH}/prefix"
    "${CMAKE_COMMAND};-S;${SOURCE}/tests/install/consumer;-B;${SCRATCH}/build;-DCMAKE_PREFIX_PATH=${SCRATCH}/prefix;-DCMAKE_BUILD_TYPE=Debug"
    "${CMAKE_COMMAND};--build;${SCRATCH}/build"
    "${SCRATCH}/build/consumer;${SOURCE}/include")
  execute_process(COMMAND ${step} RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "failed: ${step}\n${output}")
  endif()
endforeach()
message("${output}")
