#include "sql/keywords.h"

#include <string>

#include "sql/lexer.h"

namespace whimbrel::sql {

namespace {

// The keywords of SQLite (https://www.sqlite.org/lang_keywords.html) and the reserved words of PostgreSQL, MariaDB and
// MySQL, without type names. A surplus word costs a pair of quotes; a missing one makes a statement invalid.
constexpr std::string_view reserved_words =
    " abort accessible action add after all alter always analyse analyze and any array as asc asensitive "
    "asymmetric attach authorization autoincrement before begin between both by call cascade case cast change "
    "check collate collation column commit concurrently condition conflict constraint continue convert create "
    "cross cube cume_dist current current_catalog current_date current_role current_schema current_time "
    "current_timestamp current_user cursor database databases day_hour day_microsecond day_minute day_second "
    "declare default deferrable deferred delayed delete dense_rank desc describe detach deterministic distinct "
    "distinctrow div do drop dual each else elseif empty enclosed end escape escaped except exclude exclusive "
    "exists exit explain fail false fetch filter first first_value following for force foreign freeze from full "
    "fulltext function generated get glob grant group grouping groups having high_priority hour_microsecond "
    "hour_minute hour_second if ignore ilike immediate in index indexed infile initially inner inout insensitive "
    "insert instead intersect interval into is isnull iterate join json_table key keys kill lag last last_value "
    "lateral lead leading leave left like limit linear lines load localtime localtimestamp lock loop low_priority "
    "match materialized maxvalue minute_microsecond minute_second mod modifies natural no no_write_to_binlog not "
    "nothing notnull nth_value ntile null nulls of offset on only optimize option optionally or order others out "
    "outer outfile over overlaps partition percent_rank placing plan pragma preceding primary procedure purge "
    "query raise range rank read read_write reads recursive references regexp reindex release rename repeat "
    "replace require resignal restrict return returning revoke right rlike rollback row row_number rows savepoint "
    "schema schemas second_microsecond select sensitive separator session_user set show signal similar some "
    "spatial specific sql sqlexception sqlstate sqlwarning ssl starting stored straight_join symmetric system "
    "system_user table tablesample temp temporary terminated then ties to trailing transaction trigger true "
    "unbounded undo union unique unlock update usage use user using utc_date utc_time utc_timestamp vacuum values "
    "variadic verbose view virtual when where while window with within without write xor year_month ";

// The type names that MariaDB and MySQL reserve.
constexpr std::string_view type_names =
    " bigint binary blob char character dec decimal double float float4 float8 int int1 int2 int3 int4 int8 "
    "integer long longblob longtext mediumblob mediumint mediumtext middleint numeric precision real smallint "
    "tinyblob tinyint tinytext unsigned varbinary varchar varcharacter varying zerofill ";

bool contains(std::string_view list, std::string_view word) {
  return list.find(' ' + to_lower(word) + ' ') != std::string_view::npos;
}

}  // namespace

bool is_reserved(std::string_view word) { return contains(reserved_words, word) || contains(type_names, word); }

bool is_type_name(std::string_view word) { return contains(type_names, word); }

}  // namespace whimbrel::sql
