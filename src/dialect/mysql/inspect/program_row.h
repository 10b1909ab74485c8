#pragma once

#include <string>
#include <vector>

#include "dialect/fields.h"

namespace whimbrel::dialect::mysql {

/// A row of Catalog::programs.
struct ProgramRow {
  explicit ProgramRow(const std::vector<Value>& values) : ProgramRow(Fields(values)) {}

  /// Returns whether only SHOW CREATE TRIGGER has the body: information_schema resolves the escapes in strings.
  [[nodiscard]] bool needs_statement() const { return statement.find_first_of("'\"\\`") != std::string::npos; }
  [[nodiscard]] bool is_object() const { return kind == "FUNCTION" || kind == "PROCEDURE" || kind == "EVENT"; }

  std::string kind;
  std::string name;
  std::string table;
  std::string timing;
  std::string event;
  std::int64_t order;
  std::string statement;
  std::string definer;
  std::string sql_mode;
  std::string time_zone;  ///< Of an event: in it, the definition says when the event runs.
  std::string own_start;  ///< When an event starts that does not say so; empty: it does.
  std::string collation;  ///< Of the session that created it; empty: that of every script.

 private:
  explicit ProgramRow(Fields row)
      : kind(row.text()),
        name(row.text()),
        table(row.text()),
        timing(row.text()),
        event(row.text()),
        order(row.number()),
        statement(row.text()),
        definer(row.text()),
        sql_mode(row.text()),
        time_zone(row.text()),
        own_start(row.text()),
        collation(row.text()) {}
};

}  // namespace whimbrel::dialect::mysql
