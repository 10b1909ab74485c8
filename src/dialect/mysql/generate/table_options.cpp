#include "dialect/mysql/generate/table_options.h"

#include <array>
#include <string_view>

#include "dialect/mysql/generate/definition.h"
#include "dialect/mysql/text/syntax.h"
#include "operation/describe.h"
#include "sql/writer.h"
#include "whimbrel/error.h"

namespace whimbrel::dialect::mysql {

namespace {

constexpr const char* versioning = "WITH SYSTEM VERSIONING";
constexpr const char* period = "PERIOD FOR SYSTEM_TIME";
constexpr const char* partitions = "PARTITION BY";

/// Returns the value that removes an option.
std::string_view removed(const std::string& name) {
  struct Known {
    std::string_view name;
    std::string_view value;
  };
  static constexpr std::array known = {
      Known{"KEY_BLOCK_SIZE", "0"}, Known{"CHECKSUM", "0"},           Known{"DELAY_KEY_WRITE", "0"},
      Known{"MIN_ROWS", "0"},       Known{"MAX_ROWS", "0"},           Known{"AVG_ROW_LENGTH", "0"},
      Known{"INSERT_METHOD", "NO"}, Known{"CONNECTION", "''"},        Known{"COMPRESSION", "''"},
      Known{"ENCRYPTION", "'N'"},   Known{"SECONDARY_ENGINE", "NULL"}};
  for (const Known& option : known) {
    if (name == option.name) return option.value;
  }
  return "DEFAULT";
}

[[noreturn]] void refuse(const operation::AlterTable& op, const std::string& what, const std::string& remedy) {
  throw Error(ErrorKind::unsafe, "Changing " + what + " of table \"" + model::to_string(op.table) +
                                     "\" would delete rows or the history of rows.")
      .with_remedy(remedy);
}

std::string value_of(const std::map<std::string, std::string>& options, const std::string& name) {
  const auto found = options.find(name);
  return found == options.end() ? std::string() : found->second;
}

/// The history of the rows is lost with the versioning.
void change_versioning(Statements& statements, const operation::AlterTable& op) {
  if (value_of(op.options_before, period) != value_of(op.options_after, period)) {
    refuse(op, "the period", "Write a migration of your own that changes it (`newmigration`).");
  }
  const bool was_versioned = op.options_before.contains(versioning);
  const bool is_versioned = op.options_after.contains(versioning);
  if (was_versioned && !is_versioned) {
    refuse(op, "the system versioning",
           "Write a migration of your own with ALTER TABLE ... DROP SYSTEM VERSIONING (`newmigration`).");
  }
  if (was_versioned != is_versioned) statements.alter(op.table, {"ADD SYSTEM VERSIONING", {}, Algorithm::copy});
}

void change_partitions(Statements& statements, const operation::AlterTable& op) {
  const bool was_parted = op.options_before.contains(partitions);
  const bool is_parted = op.options_after.contains(partitions);
  if (value_of(op.options_before, partitions) == value_of(op.options_after, partitions) && was_parted == is_parted) {
    return;
  }
  statements.end_alter();
  // Rows that fit no new partition make it fail.
  statements.alter(op.table, {is_parted ? "PARTITION BY " + value_of(op.options_after, partitions)
                                        : std::string("REMOVE PARTITIONING")});
  statements.end_alter();
}

bool is_plain_option(const std::string& name) { return name != versioning && name != period && name != partitions; }

}  // namespace

void change_options(Statements& statements, const operation::AlterTable& op) {
  std::string sql;
  for (const auto& [name, value] : op.options_before) {
    if (is_plain_option(name) && !op.options_after.contains(name)) {
      sql += ' ' + name + '=' + std::string(removed(name));
    }
  }
  const auto differs = [&](const std::string& name) {
    return value_of(op.options_before, name) != value_of(op.options_after, name);
  };
  // A character set comes with its own default collation.
  const bool has_other_charset = differs("DEFAULT CHARSET") || differs("COLLATE");
  for (const auto& [name, value] : op.options_after) {
    const bool is_charset = name == "DEFAULT CHARSET" || name == "COLLATE";
    const auto before = op.options_before.find(name);
    const bool is_same = before != op.options_before.end() && before->second == value;
    if (is_plain_option(name) && (!is_same || (is_charset && has_other_charset))) sql += option_sql(name, value);
  }
  if (op.comment_before != op.comment_after) sql += " COMMENT=" + sql::quote_string(op.comment_after, mysql_syntax);
  if (!sql.empty()) statements.alter(op.table, {sql.substr(1), "options"});
  change_versioning(statements, op);
  change_partitions(statements, op);
}

}  // namespace whimbrel::dialect::mysql
