# Writes OUT, the rows of a C++ table, from the file CSV of "date,title".
file(STRINGS ${CSV} lines ENCODING UTF-8)
list(POP_FRONT lines)
set(text "")
foreach(line ${lines})
  if(NOT line MATCHES "^([0-9][0-9][0-9][0-9])-0?([0-9]+)-0?([0-9]+),([^\",]+)$")
    message(FATAL_ERROR "${CSV}: not \"date,title\": ${line}")
  endif()
  string(APPEND text
    "{${CMAKE_MATCH_1}, ${CMAKE_MATCH_2}, ${CMAKE_MATCH_3}, \"${CMAKE_MATCH_4}\"},\n")
endforeach()
file(WRITE ${OUT} "${text}")
