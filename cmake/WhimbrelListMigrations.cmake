# Writes a list of migrations of whimbrel_add_migrations(): cmake -DTARGET= -DFUNCTION= -DDIRECTORY= -DSOURCES= -DOTHERS=
# -DOUTPUT= -P; the others are the sources that the databases beside this one have.
cmake_minimum_required(VERSION 3.25)

set(thirteen_digits [0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9])

# A macro counts only at the beginning of a line, so one in a comment does not.
function(read_classes file result)
  file(READ "${file}" text)
  string(REGEX MATCHALL "\n[ \t]*WHIMBREL_MIGRATION[ \t]*\\([ \t]*[A-Za-z0-9_]+[ \t]*\\)" macros "\n${text}")
  list(TRANSFORM macros REPLACE ".*\\([ \t]*([A-Za-z0-9_]+)[ \t]*\\)" "\\1")
  set(${result} ${macros} PARENT_SCOPE)
endfunction()

# The mistakes are collected, so that all of them are reported together.
set(mistakes "")
macro(mistake)
  string(APPEND mistakes "\n  " ${ARGV})
endmacro()

# One line for each migration, which begins with its timestamp: `<timestamp> <class> <checksum>`.
function(read_migration file)
  cmake_path(GET file FILENAME name)
  read_classes("${file}" classes)
  list(LENGTH classes count)
  if(count EQUAL 0)
    if(name MATCHES "^${thirteen_digits}-")
      mistake("${name} is named as a migration but has no WHIMBREL_MIGRATION(Class) on a line of its own. Add it "
              "after the class, or rename the file.")
    endif()
  elseif(count GREATER 1)
    list(JOIN classes ", " classes)
    mistake("${name} has several migrations: ${classes}. Give each a file.")
  elseif(NOT classes MATCHES "(${thirteen_digits})$")
    mistake("${name}: the name of the class ${classes} does not end with a timestamp, the 13 digits of the "
            "milliseconds since 1970.")
  else()
    set(timestamp ${CMAKE_MATCH_1})
    if(name MATCHES "^(${thirteen_digits})-" AND NOT CMAKE_MATCH_1 STREQUAL timestamp)
      mistake("${name}: the timestamp of its class ${classes} differs from that of its file name.")
    endif()
    # Not of the file as it is: Git may write other line ends on one machine than on another, and it is the same
    # migration. CMake itself leaves carriage returns at the end of lines out, but does not promise it.
    file(READ "${file}" text)
    string(REPLACE "\r\n" "\n" text "${text}")
    string(SHA256 checksum "${text}")
    read_tables("${text}" tables)
    set(tables_of_${classes} "${tables}" PARENT_SCOPE)
    set(file_of_${classes} "${name}" PARENT_SCOPE)
    list(APPEND migrations "${timestamp} ${classes} ${checksum} ${name}")
  endif()
  set(migrations ${migrations} PARENT_SCOPE)
  set(mistakes "${mistakes}" PARENT_SCOPE)
endfunction()

# What a generated migration knows of the tables that it touches, and of the views and objects that it makes or drops: the
# lines of the literal that its tables() returns. They are of plain characters. "unknown" if it says nothing.
function(read_tables text result)
  string(FIND "${text}" "R\"tables(" begin)
  string(FIND "${text}" ")tables\"" end)
  if(begin EQUAL -1 OR end LESS begin)
    set(${result} unknown PARENT_SCOPE)
    return()
  endif()
  math(EXPR begin "${begin} + 9")
  math(EXPR length "${end} - ${begin}")
  string(SUBSTRING "${text}" ${begin} ${length} tables)
  string(REGEX MATCHALL "\n[a-z_]+ [^\n]*" lines "\n${tables}")
  list(TRANSFORM lines STRIP)
  set(${result} "${lines}" PARENT_SCOPE)
endfunction()

# Two branches that change one table or view: a migration recreates it (or its `down` does), and was generated for its
# state before the latest migration that changed it. The run, not the build, checks a migration that was generated for a
# table that was changed by hand, and one after a hand-written migration, which does not state its tables.
macro(check_tables name lines)
  if("${lines}" STREQUAL "unknown")
    foreach(key IN LISTS known_tables)
      unset(hash_${key})
      unset(earlier_${key})
    endforeach()
    set(known_tables "")
  else()
    foreach(line IN ITEMS ${lines})
      string(REPLACE " " ";" words "${line}")
      list(GET words 0 kind)
      list(GET words 1 table)
      list(GET words 2 before)
      list(GET words 3 after)
      list(GET words 4 5 ways)
      set(table_before "${table}")
      list(LENGTH words word_count)
      if(word_count GREATER 7)
        list(GET words 7 table_before)
      endif()
      string(SHA1 key "${kind} ${table_before}")
      if(DEFINED hash_${key}
         AND NOT hash_${key} STREQUAL before
         AND before IN_LIST earlier_${key}
         AND ("rebuilt" IN_LIST ways OR "dropped" IN_LIST ways OR "created" IN_LIST ways))
        string(REPLACE "_" " " kind_words "${kind}")
        string(APPEND conflicts
                      "\n  ${name} was made without ${last_${key}}, and both change the ${kind_words} ${table}.")
      endif()
      list(APPEND earlier_${key} "${before}")
      set(hash_${key} -)
      set(last_${key} "${name}")
      list(APPEND known_tables ${key})
      string(SHA1 key "${kind} ${table}")
      set(hash_${key} "${after}")
      set(last_${key} "${name}")
      list(APPEND known_tables ${key})
    endforeach()
  endif()
endmacro()
set(conflicts "")
set(known_tables "")

set(migrations "")
file(STRINGS "${SOURCES}" files ENCODING UTF-8)
foreach(file IN LISTS files)
  read_migration("${file}")
endforeach()
list(SORT migrations)

# What is linked into one program: of two classes of one name the linker would take either for both.
file(STRINGS "${OTHERS}" others ENCODING UTF-8)
cmake_path(GET DIRECTORY PARENT_PATH parent)
cmake_path(GET DIRECTORY FILENAME own_directory)
foreach(file IN LISTS others)
  cmake_path(GET file PARENT_PATH other_directory)
  cmake_path(RELATIVE_PATH file BASE_DIRECTORY "${parent}" OUTPUT_VARIABLE other_name)
  read_classes("${file}" classes)
  cmake_path(GET file FILENAME name)
  if(other_directory STREQUAL parent AND (classes OR name MATCHES "^${thirteen_digits}-"))
    mistake("${other_name} is not in the directory of a database, so nothing says on which one it runs. Move it, to "
            "${DIRECTORY} say.")
  endif()
  foreach(class IN LISTS classes)
    if(DEFINED file_of_${class})
      mistake("${own_directory}/${file_of_${class}} and ${other_name} have migrations of the same class, ${class}. Give one of them "
              "another timestamp, in its file name and in its class name.")
    endif()
  endforeach()
endforeach()

set(declarations "")
set(entries "")
set(count 0)
set(previous_timestamp "")
set(previous_name "")
foreach(migration IN LISTS migrations)
  string(REGEX MATCH "^([0-9]+) ([^ ]+) ([^ ]+) (.*)$" matched "${migration}")
  set(class ${CMAKE_MATCH_2})
  set(name "${CMAKE_MATCH_4}")
  if(CMAKE_MATCH_1 STREQUAL previous_timestamp)
    mistake("${previous_name} and ${name} have the same timestamp, so nothing says which runs first. Give one of them "
            "another, in its file name and in its class name.")
  endif()
  set(previous_timestamp ${CMAKE_MATCH_1})
  set(previous_name "${name}")
  set(checksum ${CMAKE_MATCH_3})
  check_tables("${name}" "${tables_of_${class}}")
  string(APPEND declarations "void whimbrel_with_${class}(whimbrel::MigrationUse* use, void* context);\n")
  string(APPEND entries "    {\"${class}\", &whimbrel_with_${class},\n     \"${checksum}\"},\n")
  math(EXPR count "${count} + 1")
endforeach()

if(mistakes)
  message(FATAL_ERROR "The migrations in ${DIRECTORY} have mistakes:${mistakes}")
endif()

if(conflicts)
  string(APPEND conflicts "\nTwo branches changed one table or view. Regenerate the one that no database has had yet: "
                          "whimbrel makemigrations --rebase [NAME]")
  # The commands that show and mend it need a build.
  if(DEFINED ENV{WHIMBREL_ALLOW_CONFLICTS})
    message(WARNING "The migrations in ${DIRECTORY} contradict each other:${conflicts}")
  else()
    message(FATAL_ERROR "The migrations in ${DIRECTORY} contradict each other:${conflicts}\nTo build it as it is, set "
                        "WHIMBREL_ALLOW_CONFLICTS=1 in the environment.")
  endif()
endif()

string(REGEX REPLACE "([\"\\\\])" "\\\\\\1" directory_literal "${DIRECTORY}")
set(array "nullptr")
if(count GREATER 0)
  set(declarations "${declarations}\nnamespace {\n\nconstexpr whimbrel::MigrationEntry entries[] = {\n${entries}};\n\n}  // namespace\n\n")
  set(array "entries")
endif()
if(NOT FUNCTION STREQUAL TARGET)
  string(PREPEND declarations "whimbrel::MigrationList ${FUNCTION}();\n\n")
endif()
set(text "// Generated by whimbrel_add_migrations(${TARGET}).
#include \"${TARGET}.h\"

${declarations}whimbrel::MigrationList ${FUNCTION}() { return {${array}, ${count}, \"${directory_literal}\"}; }
")

set(before "")
if(EXISTS "${OUTPUT}")
  file(READ "${OUTPUT}" before)
endif()
if(NOT text STREQUAL before)
  file(WRITE "${OUTPUT}" "${text}")
endif()
