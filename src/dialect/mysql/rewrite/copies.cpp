#include "dialect/mysql/rewrite/copies.h"

#include <algorithm>
#include <array>

#include "dialect/mysql/generate/algorithm.h"
#include "dialect/mysql/generate/column_change.h"
#include "dialect/mysql/rewrite/time_zone.h"
#include "dialect/mysql/text/character_set.h"
#include "dialect/mysql/text/literal.h"
#include "dialect/mysql/text/names.h"
#include "dialect/mysql/text/syntax.h"
#include "operation/describe.h"
#include "sql/lexer.h"

namespace whimbrel::dialect::mysql {

namespace {

using namespace operation;
using model::Column;
using model::Table;

bool is_of_innodb(const Table& table) {
  const auto engine = table.options.find("ENGINE");
  return engine == table.options.end() || sql::equal_ignoring_case(engine->second, "InnoDB");
}

bool is_not_stored(const Column& column) { return column.computed && !column.computed->stored; }

/// Up to this number of bytes, a varchar has one byte for its length.
constexpr std::uint64_t most_with_short_length = 255;

std::uint64_t bytes_of_varchar(const Column& column, const Table& table) {
  const std::uint64_t characters = column.type.arguments.empty() ? 0 : column.type.arguments.front();
  return characters * bytes_per_character(character_set(column, table).name);
}

/// Returns whether the values have another form because of their character set, or of their greatest length in it.
bool has_other_bytes(const AlterColumn& op, const TableChange& change) {
  if (!has_characters(op.before) || !has_characters(op.after)) return false;
  const CharacterSet before = character_set(op.before, change.before);
  const CharacterSet after = character_set(op.after, change.after);
  const bool has_values = !op.after.enum_values.empty() || op.after.type.name.starts_with("set(");
  if (has_values) return before != after;
  if (before.name != after.name && (before.name == "ascii" || !keeps_bytes(before.name, after.name))) return true;
  return op.before.type.name == "varchar" && op.after.type.name == "varchar" &&
         bytes_of_varchar(op.before, change.before) <= most_with_short_length &&
         bytes_of_varchar(op.after, change.after) > most_with_short_length;
}

bool has_index_on_virtual_column(const Table& table) {
  const auto is_it = [&](const model::KeyPart& part) {
    const Column* const column = table.find_column(part.column);
    return column != nullptr && is_not_stored(*column);
  };
  const auto has = [&](const auto& key) { return std::any_of(key.columns.begin(), key.columns.end(), is_it); };
  return std::any_of(table.indexes.begin(), table.indexes.end(), has) ||
         std::any_of(table.uniques.begin(), table.uniques.end(), has);
}

std::size_t count_of_method(const TableChange& change, std::string_view method) {
  return static_cast<std::size_t>(
      std::count_if(change.operations.begin(), change.operations.end(), [&](const Operation* operation) {
        const auto* const op = std::get_if<CreateIndex>(operation);
        return op != nullptr && op->index.method == method;
      }));
}

/// Returns whether a check uses a column whose redefinition by the server, after any change of a column, looks like one
/// of its type. Only MySQL; found out by trying all types on 9.7.
bool seems_to_change_checked_column(const Table& table, const Server& server) {
  static constexpr std::array<std::string_view, 6> types = {"date",      "datetime", "time",
                                                            "timestamp", "tinytext", "mediumtext"};
  const auto seems_changed = [&](const model::Reference& used) {
    const Column* const column = table.find_column(used.column);
    if (column == nullptr) return false;
    const std::string& type = column->type.name;
    return !column->enum_values.empty() || type.starts_with("set(") ||
           std::find(types.begin(), types.end(), type) != types.end();
  };
  return !server.is_mariadb && std::any_of(table.checks.begin(), table.checks.end(), [&](const model::Check& check) {
    return check.uses.value && std::any_of(check.uses.value->begin(), check.uses.value->end(), seems_changed);
  });
}

/// Returns whether one operation makes the server copy a table of InnoDB.
struct Copies {
  const TableChange& change;
  const Server& server;

  bool operator()(const AlterTable& op) const {
    static constexpr std::array<const char*, 3> names = {"ENGINE", "PARTITION BY", "WITH SYSTEM VERSIONING"};
    return std::any_of(names.begin(), names.end(), [&](const char* name) {
      const auto before = op.options_before.find(name);
      const auto after = op.options_after.find(name);
      const bool is_there = before != op.options_before.end();
      if (is_there != (after != op.options_after.end())) return true;
      return is_there && before->second != after->second;
    });
  }
  bool operator()(const RenameColumn& /*op*/) const { return seems_to_change_checked_column(change.before, server); }
  bool operator()(const AlterColumn& op) const {
    if (!only_changes_default(op, server) && seems_to_change_checked_column(change.before, server)) return true;
    if (best_algorithm(op, server) == Algorithm::copy || has_other_bytes(op, change)) return true;
    const bool stops_to_be_computed = op.before.computed && !op.after.computed;
    return stops_to_be_computed || (op.after.auto_increment && !op.before.auto_increment);
  }
  bool operator()(const AddColumn& op) const {
    if (best_algorithm(op, server) == Algorithm::copy) return true;
    const auto& value = op.column.default_expression;
    return value && !is_literal(*value) && differs_by_row(*value, change.before);
  }
  template <class Other>
  bool operator()(const Other& op) const {
    return best_algorithm(op, server) == Algorithm::copy;
  }
};

/// Other engines copy a table for all that is more than a definition.
bool is_only_definition(const Operation& operation, const Server& server) {
  if (const auto* const op = std::get_if<AlterTable>(&operation)) return op->options_before == op->options_after;
  if (std::holds_alternative<AlterColumn>(operation)) {
    return best_algorithm(operation, server) == Algorithm::instant;
  }
  return std::holds_alternative<RenameConstraint>(operation) || std::holds_alternative<RenameColumn>(operation) ||
         std::holds_alternative<RenameTable>(operation) || std::holds_alternative<CreateTrigger>(operation) ||
         std::holds_alternative<DropTrigger>(operation) || std::holds_alternative<DropCheck>(operation);
}

/// Returns whether a generated column is dropped together with other columns, or added again, and one is in an index.
bool remakes_indexed_column(const TableChange& change) {
  if (!has_index_on_virtual_column(change.before) && !has_index_on_virtual_column(change.after)) return false;
  std::size_t columns = 0;
  bool is_generated_dropped = false;
  for (const Operation* operation : change.operations) {
    const auto* const dropped = std::get_if<DropColumn>(operation);
    if (dropped != nullptr || std::holds_alternative<AddColumn>(*operation)) ++columns;
    is_generated_dropped = is_generated_dropped || (dropped != nullptr && dropped->column.computed);
  }
  return is_generated_dropped && columns > 1;
}

}  // namespace

bool updates_rows(const Operation& operation) {
  if (const auto* const op = std::get_if<AddColumn>(&operation)) return op->backfill && !op->column.auto_increment;
  const auto* const op = std::get_if<AlterColumn>(&operation);
  return op != nullptr && (op->backfill || !op->renamed_values.empty());
}

bool differs_by_row(const std::string& expression, const Table& table) {
  static constexpr std::array<std::string_view, 7> functions = {"uuid", "uuid_short",   "sys_guid", "nextval",
                                                                "next", "random_bytes", "rand"};
  const std::vector<sql::Token> tokens = sql::tokenize(expression, mysql_syntax);
  const bool calls = std::any_of(tokens.begin(), tokens.end(), [](const sql::Token& token) {
    return std::any_of(functions.begin(), functions.end(), [&](std::string_view name) { return token.is(name); });
  });
  return calls || std::any_of(table.columns.begin(), table.columns.end(),
                              [&](const Column& column) { return may_use(expression, column.name); });
}

bool copies_table(const TableChange& change, const Server& server) {
  const bool is_innodb = is_of_innodb(change.before);
  const bool copies = std::any_of(change.operations.begin(), change.operations.end(), [&](const Operation* operation) {
    return is_innodb ? std::visit(Copies{change, server}, *operation) : !is_only_definition(*operation, server);
  });
  return copies || remakes_indexed_column(change) || is_recomputed(change);
}

std::string what_blocks_writes(const TableChange& change) {
  for (const Operation* operation : change.operations) {
    const auto* const op = std::get_if<AddColumn>(operation);
    if (op != nullptr && op->column.auto_increment) return "numbers the rows of table " + in_quotes(change.before.name);
  }
  if (count_of_method(change, "FULLTEXT") > 0)
    return "builds a full-text index on table " + in_quotes(change.before.name);
  if (count_of_method(change, "SPATIAL") > 0) return "builds a spatial index on table " + in_quotes(change.before.name);
  return {};
}

}  // namespace whimbrel::dialect::mysql
