# The few shapes of target that this repository has. Warnings are errors in our code; generated code
# and libraries' headers are system headers.
include(GNUInstallDirs)

# Google's common protos (google/rpc, google/type) come from Debian; nothing is copied in.
find_path(LSCP_GOOGLEAPIS google/rpc/error_details.proto
  PATHS /usr/share/gocode/src/github.com/gogo/googleapis REQUIRED NO_DEFAULT_PATH)
find_path(LSCP_GRPC_PROTO grpc/health/v1/health.proto PATHS /usr/share/grpc-proto REQUIRED)

function(lscp_options target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Werror -Wno-deprecated-declarations)
  # With -O2 or a sanitizer, GCC 12 warns of the standard library's own code: of moved variants and
  # empty optionals (uninitialised) and of strings that are inserted into (overlapping copies, GCC
  # bug 105651).
  if(LSCP_SANITIZE OR CMAKE_BUILD_TYPE STREQUAL "RelWithDebInfo")
    target_compile_options(${target} PRIVATE -Wno-maybe-uninitialized -Wno-restrict)
  endif()
endfunction()

# Everything that is generated and included: what clang-tidy needs to read the sources.
add_custom_target(lscp_generated)
function(lscp_add_generated name)
  add_custom_target(${name} DEPENDS ${ARGN})
  add_dependencies(lscp_generated ${name})
endfunction()

# lscp_add_proto(NAME ROOT dir PROTOS a/b.proto ... DEPS targets...): C++ messages, no gRPC stubs: the
# platform registers and calls methods by descriptor (services/common/rpc).
function(lscp_add_proto name)
  cmake_parse_arguments(ARG "" "ROOT" "PROTOS;DEPS" ${ARGN})
  set(out ${CMAKE_BINARY_DIR}/generated)
  set(sources)
  foreach(proto ${ARG_PROTOS})
    string(REGEX REPLACE "\\.proto$" ".pb.cc" cc ${out}/${proto})
    string(REGEX REPLACE "\\.proto$" ".pb.h" h ${out}/${proto})
    list(APPEND sources ${cc} ${h})
    add_custom_command(OUTPUT ${cc} ${h}
      COMMAND ${CMAKE_COMMAND} -E make_directory ${out}
      COMMAND protobuf::protoc --cpp_out=${out} -I ${ARG_ROOT} -I ${CMAKE_SOURCE_DIR}/protos
        -I ${LSCP_GOOGLEAPIS} ${ARG_ROOT}/${proto}
      DEPENDS ${ARG_ROOT}/${proto} VERBATIM)
  endforeach()
  add_library(${name} STATIC ${sources})
  target_include_directories(${name} SYSTEM PUBLIC ${out})
  target_link_libraries(${name} PUBLIC protobuf::libprotobuf ${ARG_DEPS})
  lscp_add_generated(${name}_generated ${sources})
endfunction()

# lscp_add_library(NAME SOURCES ... LIBS ...): code of ours.
function(lscp_add_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LIBS" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_include_directories(${name} PUBLIC ${CMAKE_SOURCE_DIR}/services ${CMAKE_SOURCE_DIR})
  target_link_libraries(${name} PUBLIC ${ARG_LIBS})
  lscp_options(${name})
endfunction()

# lscp_add_binary(NAME SOURCES ... LIBS ...)
function(lscp_add_binary name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LIBS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_LIBS})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
  lscp_options(${name})
endfunction()

# Where the database lives that ctest starts for tests labelled `store`. Not in the build tree: a
# socket's path has 107 characters at most.
string(SHA1 LSCP_TEST_MARIADB ${CMAKE_BINARY_DIR})
string(SUBSTRING ${LSCP_TEST_MARIADB} 0 12 LSCP_TEST_MARIADB)
# In memory if there is room (2 GiB): most of a test's time would be spent waiting for the disk.
execute_process(COMMAND df --output=avail --block-size=1M /dev/shm
  OUTPUT_VARIABLE room ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE)
string(REGEX MATCH "[0-9]+$" room "${room}")
set(place /tmp)
if(room GREATER 2048)
  set(place /dev/shm)
endif()
set(LSCP_TEST_MARIADB ${place}/lscp-ctest-${LSCP_TEST_MARIADB})

# What ThreadSanitizer runs: tests that speak no gRPC, which are those not labelled `process`. Debian's
# gRPC is not instrumented, and its every hand-over would be reported as a race.
add_custom_target(tsan_tests)

# lscp_add_test(NAME SOURCES ... LIBS ... LABELS unit|store|process [TIMEOUT seconds]). A `store`
# test finds the shared database by common/testing/mariadb.h.
function(lscp_add_test name)
  cmake_parse_arguments(ARG "" "TIMEOUT" "SOURCES;LIBS;LABELS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_LIBS} GTest::gmock GTest::gtest_main)
  lscp_options(${name})
  add_test(NAME ${name} COMMAND ${name})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  set_tests_properties(${name} PROPERTIES LABELS "${ARG_LABELS}" TIMEOUT ${ARG_TIMEOUT})
  if("store" IN_LIST ARG_LABELS)
    set_tests_properties(${name} PROPERTIES FIXTURES_REQUIRED shared_mariadb
      ENVIRONMENT LSCP_TEST_MARIADB_SOCKET=${LSCP_TEST_MARIADB}/s.sock)
  endif()
  if(NOT "process" IN_LIST ARG_LABELS)
    add_dependencies(tsan_tests ${name})
  endif()
endfunction()

# lscp_embed_sql(TARGET NAMESPACE ns FILES migrations/0001_x.sql ...): numbered migrations compiled
# into the binary as `ns::kMigrations`, a span of common/db/migrator.h's Migration.
function(lscp_embed_sql target)
  cmake_parse_arguments(ARG "" "NAMESPACE" "FILES" ${ARGN})
  set(out ${CMAKE_CURRENT_BINARY_DIR}/${target}.cc)
  set(files)
  foreach(file ${ARG_FILES})
    list(APPEND files ${CMAKE_CURRENT_SOURCE_DIR}/${file})
  endforeach()
  string(REPLACE ";" "," joined "${files}")
  add_custom_command(OUTPUT ${out}
    COMMAND ${CMAKE_COMMAND} -DOUT=${out} -DNAMESPACE=${ARG_NAMESPACE} -DFILES=${joined}
      -P ${CMAKE_SOURCE_DIR}/services/common/cmake/embed_sql.cmake
    DEPENDS ${files} ${CMAKE_SOURCE_DIR}/services/common/cmake/embed_sql.cmake VERBATIM)
  lscp_add_library(${target} SOURCES ${out} LIBS lscp_migration)
endfunction()
