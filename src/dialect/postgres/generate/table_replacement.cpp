#include "dialect/postgres/generate/table_replacement.h"

#include <algorithm>

#include "dialect/postgres/generate/column_change.h"
#include "dialect/postgres/generate/definition.h"
#include "dialect/postgres/generate/preserved.h"
#include "dialect/postgres/generate/sequence.h"
#include "dialect/postgres/generate/table_options.h"
#include "dialect/postgres/text/syntax.h"
#include "operation/describe.h"
#include "sql/writer.h"

namespace whimbrel::dialect::postgres {

namespace {

using model::Column;
using model::Name;
using sql::quote_identifier;

/// Of a column whose sequence is not kept.
std::string name_of_old_sequence(const std::string& table, const Column& column) {
  return with_suffix(table + '_' + column.name, "_seq");
}

std::string list(const std::vector<operation::CopiedColumn>& columns, bool of_old_table) {
  std::string text;
  for (const auto& [column, source] : columns) {
    text += text.empty() ? "" : ", ";
    text += of_old_table && source ? *source : quote_identifier(column, postgres_syntax);
  }
  return text;
}

/// The server does not change the owner of a sequence that a column owns.
void give_sequence(Statements& statements, const operation::RebuildTable& op, const Column& before,
                   const Column& after) {
  const Name& table = op.after.name;
  const model::Sequence& sequence = *after.sequence.value;
  const std::string name = quote(sequence_name(table, after));
  if (!op.before.owner.value.empty() || !sequence.owner.value.empty()) {
    statements.say("ALTER SEQUENCE " + name + " OWNED BY NONE");
    statements.say(give_away_sql(name, table));
  }
  statements.say("ALTER SEQUENCE " + name + " OWNED BY " + quote(table) + '.' +
                 quote_identifier(after.name, postgres_syntax));
  const bool is_known = !before.sequence.value->type.empty() && !sequence.type.empty();
  if (is_known) change_options(statements, name, *before.sequence.value, sequence);
}

void continue_counting(Statements& statements, const operation::RebuildTable& op, const Column& after) {
  const Name& table = op.after.name;
  const Column* const before = op.before.find_column(after.name);
  if (before == nullptr) return;  // All rows got numbers.
  if (!before->auto_increment) return set_sequence(statements, table, after, false);
  if (has_same_sequence(*before, after)) return give_sequence(statements, op, *before, after);
  statements.say("SELECT setval(" + own_sequence(table, after) + ", last_value, is_called) FROM " +
                 quote(Name(table.schema, name_of_old_sequence(op.temporary_name, after))));
}

/// Drops what would keep the new table, and what it needs, from having the same names.
void drop_parts(Statements& statements, const model::Table& table, const Name& kept) {
  const auto drop = [&](const auto& constraint) {
    const std::string name = quote_identifier(constraint_name(table.name, constraint), postgres_syntax);
    statements.alter(kept, "DROP CONSTRAINT " + name);
  };
  if (table.primary_key) drop(*table.primary_key);
  for (const model::Unique& unique : table.uniques) drop(unique);
  for (const model::Exclusion& exclusion : table.exclusions) drop(exclusion);
  for (const model::Index& index : table.indexes) {
    statements.say("DROP INDEX " + quote(Name(kept.schema, constraint_name(table.name, index))));
  }
  for (const model::Trigger& trigger : table.triggers) {
    statements.say("DROP TRIGGER " + quote_identifier(trigger.name, postgres_syntax) + " ON " + quote(kept));
  }
}

/// The names of columns as SQL strings, NULL if there is none.
std::string names_of(const std::vector<Column>& columns) {
  std::string names;
  for (const Column& column : columns) {
    names += (names.empty() ? "" : ", ") + sql::quote_string(column.name, postgres_syntax);
  }
  return names.empty() ? "NULL" : names;
}

/// The columns that are copied without a conversion.
std::vector<Column> unconverted_columns(const operation::RebuildTable& op) {
  std::vector<Column> unconverted;
  for (const operation::CopiedColumn& copied : op.copy) {
    const std::string& name = copied.column;
    const Column* const before = op.before.find_column(name);
    if (before != nullptr && before->type == op.after.find_column(name)->type) unconverted.push_back(*before);
  }
  return unconverted;
}

/// Stops before the copy if the old table is not the one that was compared: what another column holds, or a partitioned
/// table instead of an ordinary one, would be dropped without being copied, and values of a wider type would be cut. So
/// would rows be dropped that others wrote before the table was locked, in a transaction that sees only what was there
/// when it began.
std::string require_whole_copy(const operation::RebuildTable& op, const std::string& old, bool was_partitioned) {
  const std::string table = "Table " + quote(op.before.name);
  const auto raise = [](const std::string& message) {
    return "    RAISE EXCEPTION USING MESSAGE = " + sql::quote_string(message, postgres_syntax) + ";\n";
  };
  const auto number_of = [](const std::string& name) {
    return sql::quote_string(name, postgres_syntax) + "::regclass";
  };
  const std::string number = number_of(old);
  const std::string others =
      op.before.columns.empty() ? "" : " AND attname NOT IN (" + names_of(op.before.columns) + ")";
  return do_block("\nBEGIN\n  IF current_setting('transaction_isolation') NOT LIKE 'read %' THEN\n" +
                  raise(table + " is copied, and others may have written rows that a transaction with this isolation "
                                "level does not see. Use READ COMMITTED.") +
                  "  ELSIF EXISTS (SELECT FROM pg_class WHERE oid = " + number + " AND relkind <> '" +
                  (was_partitioned ? "p" : "r") + "') THEN\n" +
                  raise(table + (was_partitioned ? " is not partitioned" : " is already partitioned") +
                        ". Generate the script again for this database.") +
                  "  ELSIF EXISTS (SELECT FROM pg_attribute WHERE attrelid = " + number +
                  " AND attnum > 0 AND NOT attisdropped" + others + ") THEN\n" +
                  raise(table + " has a column whose values would not be copied. Generate the script again for this "
                                "database.") +
                  (was_partitioned ? "  ELSIF EXISTS (SELECT FROM pg_partition_tree(" + number +
                                         ") JOIN pg_class ON oid = relid AND relkind = 'f') THEN\n" +
                                         raise(table + " has a foreign table as a partition, which would be dropped "
                                                       "with it. Detach it first.")
                                   : "") +
                  "  ELSIF EXISTS (SELECT FROM pg_attribute old JOIN pg_attribute new USING (attname) WHERE "
                  "old.attrelid = " +
                  number + " AND new.attrelid = " + number_of(quote(op.after.name)) + " AND attname IN (" +
                  names_of(unconverted_columns(op)) +
                  ") AND (old.atttypid, old.atttypmod) <> (new.atttypid, new.atttypmod)) THEN\n" +
                  raise(table + " has a column whose type is not the compared one, so that its values could change. "
                                "Generate the script again for this database.") +
                  "  END IF;\nEND\n");
}

}  // namespace

bool has_same_sequence(const Column& before, const Column& after) {
  const auto is_serial = [](const Column& column) {
    return column.auto_increment && !column.identity && column.sequence.value;
  };
  return is_serial(before) && is_serial(after) && before.sequence.value->name == after.sequence.value->name;
}

void set_aside(Statements& statements, const operation::DropTable& op) {
  const model::Table& table = op.table;
  const Name kept(table.name.schema, op.kept_as);
  statements.describe(describe(operation::RenameTable{table.name, kept}));
  for (const Name& parent : table.inherits) {
    statements.say(is_partition(table) ? "ALTER TABLE " + quote(parent) + " DETACH PARTITION " + quote(table.name)
                                       : "ALTER TABLE " + quote(table.name) + " NO INHERIT " + quote(parent));
  }
  statements.say("ALTER TABLE " + quote(table.name) + " RENAME TO " + quote_identifier(op.kept_as, postgres_syntax));
  for (const Column& column : table.columns) {
    if (!column.auto_increment) continue;
    statements.say("ALTER SEQUENCE " + quote(sequence_name(table.name, column)) + " RENAME TO " +
                   quote_identifier(name_of_old_sequence(op.kept_as, column), postgres_syntax));
  }
  drop_parts(statements, table, kept);
  // It would hide rows from the owner.
  const auto security = table.options.find("ROW LEVEL SECURITY");
  if (security != table.options.end() && security->second.find("FORCE") != std::string::npos) {
    statements.say("ALTER TABLE " + quote(kept) + " NO FORCE ROW LEVEL SECURITY");
  }
}

void copy_rows(Statements& statements, const operation::RebuildTable& op) {
  const std::string old = quote(Name(op.before.name.schema, op.temporary_name));
  const bool was_partitioned = op.before.options.contains("PARTITION BY");
  const bool overrides = std::any_of(op.copy.begin(), op.copy.end(), [&](const operation::CopiedColumn& copied) {
    return op.after.find_column(copied.column)->identity_always;
  });
  if (!op.copy.empty()) {
    statements.say(require_whole_copy(op, old, was_partitioned));
    statements.say("INSERT INTO " + quote(op.after.name) + " (" + list(op.copy, false) + ')' +
                   (overrides ? " OVERRIDING SYSTEM VALUE" : "") + " SELECT " + list(op.copy, true) + " FROM " +
                   (was_partitioned ? "" : "ONLY ") + old);
  }
  for (const Column& column : op.after.columns) {
    if (column.auto_increment) continue_counting(statements, op, column);
  }
  statements.say("DROP TABLE " + old);
}

}  // namespace whimbrel::dialect::postgres
