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

/// Returns the value that removes an option.
std::string_view removed(const std::string& name) {
  struct Known {
    std::string_view name;
    std::string_view value;
  };
  static constexpr std::array known = {Known{"KEY_BLOCK_SIZE", "0"},
                                       Known{"CHECKSUM", "0"},
                                       Known{"DELAY_KEY_WRITE", "0"},
                                       Known{"MIN_ROWS", "0"},
                                       Known{"MAX_ROWS", "0"},
                                       Known{"AVG_ROW_LENGTH", "0"},
                                       Known{"INSERT_METHOD", "NO"},
                                       Known{"CONNECTION", "''"},
                                       Known{"COMPRESSION", "''"},
                                       Known{"ENCRYPTION", "'N'"},
                                       Known{"SECONDARY_ENGINE", "NULL"},
                                       Known{"PAGE_CHECKSUM", "1"},
                                       Known{"TRANSACTIONAL", "1"}};
  for (const Known& option : known) {
    if (name == option.name) return option.value;
  }
  return "DEFAULT";
}

std::string value_of(const std::map<std::string, std::string>& options, const std::string& name) {
  const auto found = options.find(name);
  return found == options.end() ? std::string() : found->second;
}

bool is_option_of_aria(const std::string& name) { return name == "PAGE_CHECKSUM" || name == "TRANSACTIONAL"; }

bool is_of_aria(const std::map<std::string, std::string>& options) { return value_of(options, "ENGINE") == "Aria"; }

/// `DROP PERIOD FOR `p``, then those that are added.
void change_periods(Statements& statements, const operation::AlterTable& op) {
  for (const auto& [name, columns] : op.options_before) {
    const bool stays = op.options_after.contains(name) && value_of(op.options_after, name) == columns;
    if (is_own_period(name) && !stays) statements.alter(op.table, {"DROP " + name});
  }
  for (const auto& [name, columns] : op.options_after) {
    const bool was_there = op.options_before.contains(name) && value_of(op.options_before, name) == columns;
    if (is_own_period(name) && !was_there) statements.alter(op.table, {"ADD " + name + " (" + columns + ')'});
  }
}

/// The rewriter refuses what would delete the history of rows.
void change_versioning(Statements& statements, const operation::AlterTable& op) {
  const bool was_versioned = op.options_before.contains(versioning_option);
  const bool is_versioned = op.options_after.contains(versioning_option);
  if (was_versioned && !is_versioned) statements.alter(op.table, {"DROP SYSTEM VERSIONING"});
  const std::string before = value_of(op.options_before, period_option);
  const std::string after = value_of(op.options_after, period_option);
  if (before != after && !before.empty()) statements.alter(op.table, {"DROP PERIOD FOR SYSTEM_TIME"});
  if (before != after && !after.empty()) statements.alter(op.table, {"ADD PERIOD FOR SYSTEM_TIME (" + after + ')'});
  if (!was_versioned && is_versioned) statements.alter(op.table, {"ADD SYSTEM VERSIONING", {}, Algorithm::copy});
}

/// Rows that fit no new partition make it fail.
void change_partitions(Statements& statements, const operation::AlterTable& op) {
  const bool was_parted = op.options_before.contains(partitions_option);
  const bool is_parted = op.options_after.contains(partitions_option);
  if (was_parted && !is_parted) {
    statements.end_alter();
    statements.alter_at_end(op.table, "REMOVE PARTITIONING");
  }
  const std::string after = value_of(op.options_after, partitions_option);
  if (is_parted && (!was_parted || value_of(op.options_before, partitions_option) != after)) {
    statements.alter_at_end(op.table, "PARTITION BY " + after);
  }
}

bool is_plain_option(const std::string& name) {
  return name != versioning_option && name != period_option && name != partitions_option && !is_own_period(name);
}

}  // namespace

bool changes_late_options(const operation::AlterTable& op) {
  const auto rest = [](std::map<std::string, std::string> options) {
    std::erase_if(options, [](const auto& option) { return !is_plain_option(option.first); });
    return options;
  };
  const bool removes_partitions =
      op.options_before.contains(partitions_option) && !op.options_after.contains(partitions_option);
  return op.options_before != op.options_after && op.comment_before == op.comment_after && !removes_partitions &&
         rest(op.options_before) == rest(op.options_after);
}

void change_options(Statements& statements, const operation::AlterTable& op) {
  std::string sql;
  for (const auto& [name, value] : op.options_before) {
    const bool is_unknown = is_option_of_aria(name) && !is_of_aria(op.options_after);
    if (is_plain_option(name) && !is_unknown && !op.options_after.contains(name)) {
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
  // The table may have kept others from the time when it had this engine before.
  const bool becomes_aria = is_of_aria(op.options_after) && !is_of_aria(op.options_before);
  for (const char* const name : {"PAGE_CHECKSUM", "TRANSACTIONAL"}) {
    if (becomes_aria && !op.options_after.contains(name)) sql += option_sql(name, std::string(removed(name)));
  }
  if (op.comment_before != op.comment_after) sql += " COMMENT=" + sql::quote_string(op.comment_after, mysql_syntax);
  if (!sql.empty()) statements.alter(op.table, {sql.substr(1), "options"});
  change_periods(statements, op);
  change_versioning(statements, op);
  change_partitions(statements, op);
}

}  // namespace whimbrel::dialect::mysql
