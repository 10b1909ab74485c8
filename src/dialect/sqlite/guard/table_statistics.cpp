#include "dialect/sqlite/guard/table_statistics.h"

#include <utility>

namespace whimbrel::dialect::sqlite {

namespace {

bool has_statistics(Connection& connection) {
  return !connection.run("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'").values.empty();
}

}  // namespace

// https://www.sqlite.org/fileformat2.html#the_sqlite_stat1_table
void TableStatistics::before_drop(const std::string& table) {
  if (!has_statistics(connection_)) return;
  const Rows::Data rows =
      connection_.run("SELECT tbl, idx, stat FROM sqlite_stat1 WHERE tbl = ? COLLATE NOCASE", {Value(table)});
  for (const std::vector<Value>& row : rows.values) {
    kept_.push_back({row.at(0).text(), row.at(1), row.at(2), columns_of(row.at(1))});
  }
}

void TableStatistics::restore() {
  for (const Statistic& statistic : std::exchange(kept_, {})) {
    if (!has_statistics(connection_) || columns_of(statistic.index) != statistic.columns) continue;
    connection_.run(
        "INSERT INTO sqlite_stat1 (tbl, idx, stat) SELECT ?1, ?2, ?3 "
        "WHERE EXISTS (SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?1) "
        "AND NOT EXISTS (SELECT 1 FROM sqlite_stat1 WHERE tbl = ?1 AND idx IS ?2)",
        {Value(statistic.table), statistic.index, statistic.numbers});
  }
}

std::string TableStatistics::columns_of(const Value& index) const {
  const Rows::Data rows = connection_.run(
      "SELECT group_concat(coalesce(name, 'expression') || ' ' || \"desc\" || ' ' || coll || ' ' || key, ', ') || "
      "coalesce((SELECT ' ' || sql FROM sqlite_master WHERE type = 'index' AND name = ?1), '') "
      "FROM pragma_index_xinfo(?1)",
      {index});
  return rows.values.at(0).at(0).is_null() ? std::string() : rows.values.at(0).at(0).text();
}

}  // namespace whimbrel::dialect::sqlite
