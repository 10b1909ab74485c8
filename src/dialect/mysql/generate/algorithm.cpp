#include "dialect/mysql/generate/algorithm.h"

#include <algorithm>
#include <array>

#include "dialect/mysql/text/literal.h"
#include "dialect/mysql/text/type_text.h"
#include "sql/lexer.h"

namespace whimbrel::dialect::mysql {

namespace {

using namespace operation;
using model::Column;

/// MariaDB refuses INSTANT and NOCOPY for a table that once had a full-text index, whose hidden column stays, and as
/// innodb_instant_alter_column_allowed says. https://mariadb.com/kb/en/innodb-online-ddl-operations-with-the-instant-
/// alter-algorithm/
constexpr Algorithm best_for_columns = Algorithm::inplace;

Algorithm best_for_added(const Column& column, const Server& server) {
  if (column.auto_increment) return Algorithm::unknown;
  if (column.computed) return column.computed->stored ? Algorithm::copy : Algorithm::unknown;
  const auto& value = column.default_expression;
  if (value && !is_literal(*value) && !is_current_timestamp(*value)) return Algorithm::unknown;
  // MySQL refuses INSTANT for a table that has had many instant changes. https://dev.mysql.com/doc/refman/8.4/en/
  // innodb-online-ddl-operations.html#online-ddl-column-operations
  return server.is_mariadb ? best_for_columns : Algorithm::unknown;
}

bool is_prefix(const std::vector<std::string>& values, const std::vector<std::string>& beginning) {
  return values.size() >= beginning.size() && std::equal(beginning.begin(), beginning.end(), values.begin());
}

/// Up to this number of values, an enum needs one byte.
constexpr std::size_t most_in_byte = 255;

Algorithm best_for_enum(const Column& before, const Column& after) {
  const bool same_size = (before.enum_values.size() > most_in_byte) == (after.enum_values.size() > most_in_byte);
  return is_prefix(after.enum_values, before.enum_values) && same_size ? Algorithm::instant : Algorithm::copy;
}

/// A set has a bit for each value, and 1, 2, 3, 4 or 8 bytes.
std::size_t size_of_set(std::size_t values) {
  const std::size_t bytes = (values + 7) / 8;
  return bytes > 4 ? 8 : bytes;
}

Algorithm best_for_set(const std::vector<std::string>& before, const std::vector<std::string>& after) {
  const bool is_same_size = size_of_set(before.size()) == size_of_set(after.size());
  return is_prefix(after, before) && is_same_size ? Algorithm::instant : Algorithm::copy;
}

/// Whether a longer varchar is only metadata depends on its character set.
Algorithm best_for_type(const model::Type& before, const model::Type& after) {
  const std::vector<std::string> values = read_values(before.name);
  if (!values.empty()) return best_for_set(values, read_values(after.name));
  const bool is_longer = before.name == "varchar" && after.name == "varchar" && before.suffix == after.suffix &&
                         !before.arguments.empty() && !after.arguments.empty() &&
                         before.arguments.front() <= after.arguments.front();
  return is_longer ? Algorithm::unknown : Algorithm::copy;
}

Algorithm best_for_altered(const AlterColumn& op) {
  const Column& before = op.before;
  const Column& after = op.after;
  if (before.computed || after.computed || before.auto_increment != after.auto_increment) return Algorithm::unknown;
  if (!op.renamed_values.empty()) return Algorithm::copy;
  if (before.charset != after.charset || before.collation != after.collation) return Algorithm::unknown;
  std::vector<Algorithm> parts;
  const AttributedType from = split_attributes(before.type);
  const AttributedType to = split_attributes(after.type);
  if (from.type != to.type) parts.push_back(best_for_type(from.type, to.type));
  if (from.attributes != to.attributes) parts.push_back(Algorithm::unknown);
  if (before.enum_values != after.enum_values && from.type == to.type) parts.push_back(best_for_enum(before, after));
  // In place, MariaDB cannot put the time in the place of NULL, as it would while copying.
  const bool becomes_time = !after.nullable && after.type.name == "timestamp";
  if (before.nullable != after.nullable) parts.push_back(becomes_time ? Algorithm::copy : Algorithm::inplace);
  if (before.default_expression != after.default_expression || before.comment != after.comment) {
    parts.push_back(Algorithm::instant);
  }
  return parts.empty() ? Algorithm::unknown : joined(parts);
}

Algorithm best_for_index(const model::Index& index, const Server& server) {
  if (!index.method.empty()) return Algorithm::unknown;
  const bool has_expression = std::any_of(index.columns.begin(), index.columns.end(),
                                          [](const model::KeyPart& part) { return !part.expression.empty(); });
  if (has_expression) return Algorithm::unknown;
  return server.is_mariadb && !index.unique ? Algorithm::nocopy : Algorithm::inplace;
}

}  // namespace

Algorithm best_algorithm(const Operation& operation, const Server& server) {
  const Algorithm metadata = server.is_mariadb ? Algorithm::nocopy : Algorithm::inplace;
  if (const auto* op = std::get_if<AddColumn>(&operation)) return best_for_added(op->column, server);
  if (const auto* op = std::get_if<DropColumn>(&operation)) {
    return server.is_mariadb && !op->column.computed ? best_for_columns : Algorithm::unknown;
  }
  if (const auto* op = std::get_if<AlterColumn>(&operation)) return best_for_altered(*op);
  if (const auto* op = std::get_if<AlterPrimaryKey>(&operation)) {
    return op->after ? Algorithm::unknown : Algorithm::copy;
  }
  if (std::holds_alternative<AddUnique>(operation) || std::holds_alternative<DropUnique>(operation)) {
    return Algorithm::inplace;
  }
  if (const auto* op = std::get_if<CreateIndex>(&operation)) return best_for_index(op->index, server);
  if (const auto* op = std::get_if<DropIndex>(&operation)) return op->index.unique ? Algorithm::inplace : metadata;
  if (std::holds_alternative<DropForeignKey>(operation)) return metadata;
  if (std::holds_alternative<AddCheck>(operation) || std::holds_alternative<AddForeignKey>(operation)) {
    return Algorithm::copy;
  }
  if (const auto* op = std::get_if<RenameConstraint>(&operation)) {
    return op->part == NamedPart::index ? metadata : Algorithm::unknown;
  }
  return Algorithm::unknown;
}

Algorithm joined(const std::vector<Algorithm>& algorithms) {
  if (algorithms.empty()) return Algorithm::unknown;
  const Algorithm worst = *std::max_element(algorithms.begin(), algorithms.end());
  if (algorithms.size() == 1 || worst > Algorithm::inplace) return worst;
  return worst == *std::min_element(algorithms.begin(), algorithms.end()) ? worst : Algorithm::inplace;
}

std::string_view algorithm_sql(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::instant:
      return "INSTANT";
    case Algorithm::nocopy:
      return "NOCOPY";
    case Algorithm::inplace:
      return "INPLACE";
    case Algorithm::unknown:
    case Algorithm::copy:
      break;
  }
  return {};
}

bool is_plain(const model::Table& table, const Server& server) {
  static constexpr std::array<std::string_view, 3> known = {"ENGINE", "DEFAULT CHARSET", "COLLATE"};
  const auto engine = table.options.find("ENGINE");
  // The first unique key over columns that are NOT NULL orders the rows of a table without a primary key, and can only
  // be dropped by a copy.
  const bool has_unique = !table.uniques.empty() || std::any_of(table.indexes.begin(), table.indexes.end(),
                                                                [](const auto& index) { return index.unique; });
  if (!table.primary_key && has_unique) return false;
  // MySQL copies a table when one of its columns is redefined or renamed, if a check uses one of certain types.
  if (!server.is_mariadb && !table.checks.empty()) return false;
  return engine != table.options.end() && sql::equal_ignoring_case(engine->second, "InnoDB") &&
         std::all_of(
             table.options.begin(), table.options.end(),
             [](const auto& option) { return std::find(known.begin(), known.end(), option.first) != known.end(); }) &&
         std::none_of(table.indexes.begin(), table.indexes.end(),
                      [](const model::Index& index) { return !index.method.empty(); }) &&
         std::none_of(table.columns.begin(), table.columns.end(),
                      [](const Column& column) { return column.computed.has_value(); });
}

}  // namespace whimbrel::dialect::mysql
