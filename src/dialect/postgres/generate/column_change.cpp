#include "dialect/postgres/generate/column_change.h"

#include <algorithm>

#include "dialect/postgres/generate/conversion.h"
#include "dialect/postgres/generate/definition.h"
#include "dialect/postgres/generate/sequence.h"
#include "dialect/postgres/generate/type_parts.h"
#include "dialect/postgres/text/syntax.h"
#include "operation/consequences.h"
#include "sql/lexer.h"
#include "sql/writer.h"

namespace whimbrel::dialect::postgres {

namespace {

using model::Column;
using sql::quote_identifier;

std::string alter(const Column& column) {
  return "ALTER COLUMN " + quote_identifier(column.name, postgres_syntax) + ' ';
}

bool is_serial_column(const Column& column) { return column.auto_increment && !column.identity; }

std::string sequence_of(const model::Name& table, const Column& column) { return quote(sequence_name(table, column)); }

/// Returns whether its INCREMENT is negative.
bool counts_down(const Column& column) {
  const std::vector<sql::Token> tokens = sql::tokenize(column.sequence_options, postgres_syntax);
  auto token = std::find_if(tokens.begin(), tokens.end(), [](const sql::Token& one) { return one.is("INCREMENT"); });
  if (token != tokens.end()) ++token;
  if (token != tokens.end() && token->is("BY")) ++token;
  return token != tokens.end() && token->text.starts_with('-');
}

/// Stores the last value of the column's sequence, which may have generated numbers of deleted rows, too. The position
/// of a serial column's can be known though it has generated none yet.
void keep_position(Statements& statements, const model::Name& table, const Column& column) {
  const std::string sequence = own_sequence(table, column);
  if (column.identity) {
    statements.say("SELECT set_config('whimbrel.position', pg_sequence_last_value(" + sequence + ")::text, false)");
    return;
  }
  statements.say(
      "SELECT set_config('whimbrel.position', (CASE WHEN is_called THEN last_value ELSE last_value::numeric - " +
      ("(SELECT seqincrement FROM pg_sequence WHERE seqrelid = " + sequence + ")") + " END)::text, false) FROM " +
      sequence_of(table, column));
}

/// Returns whether the column has the same sequence before and after, which is changed in place. An identity cannot
/// take that of a serial column.
bool sequence_stays(const operation::AlterColumn& op) {
  return operation::keeps_sequence(op) && op.before.identity == op.after.identity;
}

void stop_counting(Statements& statements, const operation::AlterColumn& op) {
  const Column& column = op.before;
  if (column.identity) {
    statements.alter(op.table, alter(column) + "DROP IDENTITY");
    return;
  }
  statements.alter(op.table, alter(column) + "DROP DEFAULT");
  if (!sequence_stays(op)) statements.say("DROP SEQUENCE " + sequence_of(op.table, column));
}

void set_default(Statements& statements, const model::Name& table, const Column& column) {
  statements.alter(table, alter(column) + "SET DEFAULT nextval(" +
                              sql::quote_string(sequence_of(table, column), postgres_syntax) + ")");
}

void start_counting(Statements& statements, const operation::AlterColumn& op, bool has_position) {
  const Column& column = op.after;
  if (column.identity) {
    statements.alter(op.table, alter(column) + "ADD " + identity_sql(op.table, column));
  } else if (sequence_stays(op)) {
    set_default(statements, op.table, column);
  } else {
    create_sequence(statements, op.table, column, op.gives_sequence_away);
  }
  set_sequence(statements, op.table, column, has_position);
}

/// Changes a sequence that a column begins or ceases to use.
void change_kept_sequence(Statements& statements, const operation::AlterColumn& op) {
  const auto known = [](const Column& column) {
    return column.sequence.value->type.empty() ? plain_sequence(column.type.name) : *column.sequence.value;
  };
  change_options(statements, sequence_of(op.table, op.after), known(op.before), known(op.after));
}

/// Changes the sequence that the column has before and after, before the column's type changes: the server changes the
/// type of an identity's sequence with it, which the other properties must fit.
void change_sequence(Statements& statements, const operation::AlterColumn& op) {
  const Column& before = op.before;
  const Column& after = op.after;
  const std::string sequence = sequence_of(op.table, after);
  const bool is_known = before.sequence.value && after.sequence.value && !before.sequence.value->type.empty() &&
                        !after.sequence.value->type.empty();
  if (is_known && !(after.identity && changed_options(*before.sequence.value, *after.sequence.value).empty())) {
    change_options(statements, sequence, *before.sequence.value, *after.sequence.value);
  } else if (!is_known && is_serial_column(after) && before.type != after.type) {
    statements.say("ALTER SEQUENCE " + sequence + " AS " + after.type.name);
  }
}

std::string renamed_values_sql(const operation::AlterColumn& op) {
  const std::string text = quote_identifier(op.after.name, postgres_syntax) + "::text";
  sql::Writer writer(postgres_syntax);
  writer.raw("CASE ").raw(text);
  for (const auto& [from, to] : op.renamed_values) writer.raw(" WHEN ").string(from).raw(" THEN ").string(to);
  return writer.raw(" ELSE ").raw(text).raw(" END").take();
}

/// Returns the text that the column's values were meanwhile. If they were decimals, whole ones of them may have zeros
/// after a point.
std::string text_of_values(const Column& column) {
  std::string text = quote_identifier(column.name, postgres_syntax);
  const std::optional<model::Type>& base = column.base_type.value;
  if (!base || parts_of(*base).is_array || !is_whole(parts_of(*base).name)) return text;
  return "regexp_replace(" + text + ", '[.]0+$', '')";
}

void change_type(Statements& statements, const operation::AlterColumn& op) {
  const Column& after = op.after;
  std::string part = alter(after) + "TYPE " + to_string(after.type);
  if (!after.collation.empty()) part += ' ' + collation_sql(after.collation);
  const std::string conversion = conversion_sql(op.before, after);
  if (!op.renamed_values.empty()) {
    part += " USING (" + renamed_values_sql(op) + ")::" + to_string(after.type);
  } else if (op.by_text) {
    part += " USING " + text_of_values(after) + "::" + to_string(after.type);
  } else if (op.before.type != after.type && !conversion.empty()) {
    part += " USING " + conversion;
  }
  statements.alter(op.table, part);
}

void fill_nulls(Statements& statements, const model::Name& table, const Column& column, const std::string& fill) {
  const std::string name = quote_identifier(column.name, postgres_syntax);
  statements.say("UPDATE " + quote(table) + " SET " + name + " = " + fill + " WHERE " + name + " IS NULL");
}

}  // namespace

std::string own_sequence(const model::Name& table, const Column& column) {
  const auto regclass = [](const std::string& name) { return sql::quote_string(name, postgres_syntax) + "::regclass"; };
  if (!column.identity) return regclass(sequence_of(table, column));
  return "(SELECT d.objid FROM pg_depend d JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid "
         "WHERE d.classid = 'pg_class'::regclass AND d.deptype = 'i' AND d.refobjid = " +
         regclass(quote(table)) + " AND a.attname = " + sql::quote_string(column.name, postgres_syntax) + ")::regclass";
}

void set_sequence(Statements& statements, const model::Name& table, const Column& column, bool has_position) {
  const bool goes_down = counts_down(column);
  std::string last = (goes_down ? "MIN(" : "MAX(") + quote_identifier(column.name, postgres_syntax) + ')';
  if (has_position) {
    last = (goes_down ? "LEAST(" : "GREATEST(") + last + ", NULLIF(current_setting('whimbrel.position'), '')::numeric)";
  }
  const std::string sequence = own_sequence(table, column);
  const auto fact = [&](const char* name) {
    return std::string("(SELECT ") + name + " FROM pg_sequence WHERE seqrelid = " + sequence + ')';
  };
  // A value may be outside of bounds of its own: then all numbers are used up.
  std::string position = last;
  if (!column.sequence_options.empty()) {
    position = (goes_down ? "GREATEST(" : "LEAST(") + last + ", " + fact(goes_down ? "seqmin" : "seqmax") + ')';
  }
  statements.say("SELECT setval(" + sequence + ", (" + position + ")::bigint) FROM " + quote(table) + " HAVING " +
                 last + (goes_down ? " <= " : " >= ") + fact("seqstart"));
}

void create_sequence(Statements& statements, const model::Name& table, const Column& column, bool gives_away) {
  const bool is_unlogged = column.sequence.value && column.sequence.value->unlogged;
  std::string sql = (is_unlogged ? "CREATE UNLOGGED SEQUENCE " : "CREATE SEQUENCE ") + sequence_of(table, column);
  if (column.sequence_options.find("AS ") == std::string::npos) sql += " AS " + column.type.name;
  if (!column.sequence_options.empty()) sql += ' ' + column.sequence_options;
  const std::string ownership = " OWNED BY " + quote(table) + '.' + quote_identifier(column.name, postgres_syntax);
  if (gives_away) {
    statements.say(sql);
    statements.say(give_away_sql(sequence_of(table, column), table));
    sql = "ALTER SEQUENCE " + sequence_of(table, column);
  }
  statements.say(sql + ownership);
  set_default(statements, table, column);
}

void add_column(Statements& statements, const operation::AddColumn& op) {
  Column column = op.column;
  // Existing rows are backfilled before the column becomes NOT NULL.
  const bool is_filled = op.backfill && !column.nullable && !column.computed && !column.auto_increment;
  if (is_filled) column.nullable = true;
  statements.alter(op.table, "ADD " + column_sql(op.table, column));
  if (needs_sequence(op.table, column)) create_sequence(statements, op.table, column, op.gives_sequence_away);
  if (op.backfill && !column.computed && !column.auto_increment) {
    statements.say("UPDATE " + quote(op.table) + " SET " + quote_identifier(column.name, postgres_syntax) + " = " +
                   *op.backfill);
  }
  if (is_filled) statements.alter(op.table, alter(column) + "SET NOT NULL");
  if (op.foreign_key) statements.alter(op.table, "ADD " + constraint_sql(op.table, *op.foreign_key));
  if (!column.comment.empty()) statements.say(comment_sql(op.table, column));
}

bool changes_type(const operation::AlterColumn& op) {
  return op.before.type != op.after.type || op.before.collation != op.after.collation;
}

bool clears_default(const operation::AlterColumn& op) {
  const Column& before = op.before;
  if (before.default_expression) return changes_type(op) || before.default_expression != op.after.default_expression;
  return changes_type(op) && !op.children.empty() && !before.auto_increment;
}

void alter_column(Statements& statements, const operation::AlterColumn& op) {
  const Column& before = op.before;
  const Column& after = op.after;
  const bool has_other_type = changes_type(op);
  const bool changes_counting = before.auto_increment != after.auto_increment || before.identity != after.identity;
  const bool changes_default = before.default_expression != after.default_expression;
  const bool has_position = after.auto_increment && (before.auto_increment || sequence_stays(op));
  if (has_position && changes_counting) keep_position(statements, op.table, before);
  if (before.auto_increment && changes_counting) stop_counting(statements, op);
  if (changes_counting && sequence_stays(op)) change_kept_sequence(statements, op);
  if (before.auto_increment && after.auto_increment && !changes_counting) change_sequence(statements, op);
  if (before.computed && !after.computed) {
    statements.alter(op.table, alter(after) + "DROP EXPRESSION");
    // USING is rejected while the column is a generated one.
    if (has_other_type) statements.end_alter();
  }
  if (clears_default(op)) {
    statements.alter(op.table, alter(after) + "DROP DEFAULT");
  }
  if (has_other_type) change_type(statements, op);
  if (after.default_expression && (changes_default || has_other_type)) {
    statements.alter(op.table, alter(after) + "SET DEFAULT " + default_sql(*after.default_expression));
  }
  if (before.nullable != after.nullable) {
    if (op.backfill && !after.nullable) fill_nulls(statements, op.table, after, *op.backfill);
    statements.alter(op.table, alter(after) + (after.nullable ? "DROP NOT NULL" : "SET NOT NULL"));
  }
  if (after.auto_increment && changes_counting) {
    start_counting(statements, op, has_position);
  }
  if (after.identity && !changes_counting && before.identity_always != after.identity_always) {
    statements.alter(op.table,
                     alter(after) + (after.identity_always ? "SET GENERATED ALWAYS" : "SET GENERATED BY DEFAULT"));
  }
  if (before.comment != after.comment) statements.say(comment_sql(op.table, after));
}

}  // namespace whimbrel::dialect::postgres
