#include <algorithm>

#include "cli/answers.h"

namespace whimbrel::cli {

namespace {

// The renames and drops of a difference, compared as the database compares names.
class Effects {
 public:
  Effects(const dialect::Dialect& dialect, const std::vector<operation::Operation>& operations)
      : dialect_(dialect), operations_(operations) {}

  bool has(const diff::Answers::TableRename& rename) const {
    const auto is_any = [](const operation::RenameTable&) { return true; };
    return renames<operation::RenameTable>(rename.from, rename.to, is_any);
  }
  bool drops(const model::Name& table) const {
    return any_of<operation::DropTable>(
        [&](const operation::DropTable& found) { return same(found.table.name, table); });
  }
  bool has(const diff::Answers::ColumnRename& rename) const {
    const auto is_column = [&](const operation::RenameColumn& found) { return same(found.table, rename.table); };
    const auto is_value = [&](const operation::RenameEnumValue& found) { return same(found.type, rename.table); };
    return renames<operation::RenameColumn>(rename.from, rename.to, is_column) ||
           renames<operation::RenameEnumValue>(rename.from, rename.to, is_value) || has_value(rename);
  }

  // A backfill for the reverse counts, too.
  bool backfills(const std::string& table, const std::string& column) const {
    return std::any_of(operations_.begin(), operations_.end(), [&](const operation::Operation& operation) {
      const auto is_it = [&](const std::string& name) {
        return dialect_.same_name(model::NameKind::table, to_string(operation::target_name(operation)), table) &&
               same(name, column);
      };
      const auto* const added = std::get_if<operation::AddColumn>(&operation);
      const auto* const dropped = std::get_if<operation::DropColumn>(&operation);
      const auto* const altered = std::get_if<operation::AlterColumn>(&operation);
      return (added != nullptr && added->backfill && is_it(added->column.name)) ||
             (dropped != nullptr && dropped->backfill && is_it(dropped->column.name)) ||
             (altered != nullptr && (altered->backfill || altered->fill_back) && is_it(altered->after.name));
    });
  }

 private:
  template <class Kind, class Function>
  bool any_of(Function is_it) const {
    return std::any_of(operations_.begin(), operations_.end(), [&](const operation::Operation& operation) {
      const Kind* found = std::get_if<Kind>(&operation);
      return found != nullptr && is_it(*found);
    });
  }
  // A rename can take two steps.
  template <class Kind, class Name, class Function>
  bool renames(const Name& from, const Name& to, Function is_meant) const {
    Name name = from;
    for (const operation::Operation& operation : operations_) {
      const Kind* found = std::get_if<Kind>(&operation);
      if (found != nullptr && is_meant(*found) && same(found->from, name)) name = found->to;
    }
    return same(name, to) && !same(from, to);
  }
  bool has_value(const diff::Answers::ColumnRename& rename) const {
    return any_of<operation::AlterColumn>([&](const operation::AlterColumn& found) {
      const auto& values = found.renamed_values;
      return same({found.table.name, found.before.name}, rename.table) &&
             std::find(values.begin(), values.end(), std::pair(rename.from, rename.to)) != values.end();
    });
  }
  bool same(const std::string& a, const std::string& b) const {
    return dialect_.same_name(model::NameKind::column, a, b);
  }
  bool same(const model::Name& a, const model::Name& b) const {
    return dialect_.fold_name(model::NameKind::table, a) == dialect_.fold_name(model::NameKind::table, b);
  }

  const dialect::Dialect& dialect_;
  const std::vector<operation::Operation>& operations_;
};

// The tables and columns on both sides of a difference, compared as the database compares names.
class Names {
 public:
  Names(const dialect::Dialect& dialect, const change::SchemaChange& generated)
      : dialect_(dialect), generated_(generated) {}

  bool has_table(const model::Name& name) const { return find_table(generated_.current, name) != nullptr; }
  // What else has the name, as display text; empty: nothing.
  std::string other_object(const model::Name& name) const {
    const auto is_it = [&](const auto& item) { return folded(item.name) == folded(name); };
    const auto& objects = generated_.current.objects;
    const auto object = std::find_if(objects.begin(), objects.end(), is_it);
    if (object != objects.end()) return object->kind;
    const auto& views = generated_.current.views;
    return std::any_of(views.begin(), views.end(), is_it) ? "view" : "";
  }
  // A column whose values cannot be renamed; null: there is none, or it is an enum.
  const model::Column* find_plain_column(const std::string& table, const std::string& name) const {
    const model::Table* const found = find_table(generated_.current, former(model::Name(table)));
    if (found == nullptr) return nullptr;
    const auto column = std::find_if(found->columns.begin(), found->columns.end(),
                                     [&](const model::Column& candidate) { return same_column(candidate.name, name); });
    const bool is_plain = column != found->columns.end() && column->enum_values.empty() && column->enum_name.empty();
    return is_plain ? &*column : nullptr;
  }
  bool same_column(const std::string& a, const std::string& b) const {
    return dialect_.same_name(model::NameKind::column, a, b);
  }
  bool same_table(const model::Name& a, const model::Name& b) const { return folded(a) == folded(b); }
  bool wants_table(const model::Name& name) const { return find_table(generated_.target, name) != nullptr; }
  // A current table, which may be given by its new name.
  bool knows_table(const model::Name& table) const { return has_table(former(table)); }
  bool has_either(const std::string& table, const std::string& column) const {
    return has_column(generated_.current, table, column) || has_column(generated_.target, table, column);
  }
  bool has_column(const model::Name& table, const std::string& column) const {
    return has_column(find_table(generated_.current, former(table)), column);
  }
  bool wants_column(const model::Name& table, const std::string& column) const {
    return has_column(find_table(generated_.target, table), column);
  }

 private:
  model::Name folded(const model::Name& name) const { return dialect_.fold_name(model::NameKind::table, name); }
  const model::Table* find_table(const model::Schema& schema, const model::Name& name) const {
    const auto found = std::find_if(schema.tables.begin(), schema.tables.end(),
                                    [&](const model::Table& table) { return folded(table.name) == folded(name); });
    return found == schema.tables.end() ? nullptr : &*found;
  }
  bool has_column(const model::Table* table, const std::string& column) const {
    return table != nullptr &&
           std::any_of(table->columns.begin(), table->columns.end(),
                       [&](const model::Column& candidate) { return same_column(candidate.name, column); });
  }
  // A table is given as it is written, with its schema or without.
  bool has_column(const model::Schema& schema, const std::string& table, const std::string& column) const {
    return std::any_of(schema.tables.begin(), schema.tables.end(), [&](const model::Table& candidate) {
      return dialect_.same_name(model::NameKind::table, model::to_string(candidate.name), table) &&
             has_column(&candidate, column);
    });
  }
  model::Name former(model::Name name) const {
    const auto& operations = generated_.operations;
    for (auto operation = operations.rbegin(); operation != operations.rend(); ++operation) {
      const auto* const rename = std::get_if<operation::RenameTable>(&*operation);
      if (rename != nullptr && folded(rename->to) == folded(name)) name = rename->from;
    }
    return name;
  }

  const dialect::Dialect& dialect_;
  const change::SchemaChange& generated_;
};

std::string quoted(const std::string& name) { return '"' + name + '"'; }

[[noreturn]] void refuse_taken(const std::string& what, const std::string& from, const std::string& to) {
  throw Error(ErrorKind::usage, "Cannot rename " + what + ' ' + quoted(from) + " to " + quoted(to) + ": a " + what +
                                    " of that name already exists and is not renamed.")
      .with_remedy(
          "Rename it too, or drop it in a separate step before this one: in an earlier migration, or with an SQL "
          "statement before you run `diff`.");
}

[[noreturn]] void refuse_rename(const std::string& what, const std::string& from, const std::string& to,
                                const std::string& why) {
  throw Error(ErrorKind::usage, "Cannot rename " + what + ' ' + quoted(from) + " to " + quoted(to) + ": " + why + '.')
      .with_remedy(
          "Check the names: the old one must exist in the current schema, and the new one in the desired one.");
}

constexpr const char* no_change_of_names = "the database takes these names for the same, so this is no change";

void require_table_rename(const Names& names, const diff::Answers::TableRename& rename) {
  const std::string from = model::to_string(rename.from);
  const std::string to = model::to_string(rename.to);
  if (const std::string other = names.other_object(rename.from); !other.empty() && !names.has_table(rename.from)) {
    refuse_rename("table", from, to,
                  quoted(from) + " is a " + other + ", and only tables, columns and values are renamed");
  }
  if (!names.has_table(rename.from)) refuse_rename("table", from, to, "table " + quoted(from) + " does not exist");
  if (names.same_table(rename.from, rename.to)) refuse_rename("table", from, to, no_change_of_names);
  if (names.has_table(rename.to)) refuse_taken("table", from, to);
  refuse_rename("table", from, to,
                names.wants_table(rename.to) ? "table " + quoted(from) + " is still described"
                                             : "the desired schema has no table " + quoted(to));
}

/// A renamed table has only its new name, which may be the former one of another.
void require_new_table_name(const diff::Answers& answers, const diff::Answers::ColumnRename& rename) {
  const auto is_new_name = [&](const diff::Answers::TableRename& table) { return table.to == rename.table; };
  if (std::any_of(answers.table_renames.begin(), answers.table_renames.end(), is_new_name)) return;
  for (const diff::Answers::TableRename& table : answers.table_renames) {
    if (table.from != rename.table) continue;
    const std::string from = model::to_string(table.from);
    refuse_rename("column", from + '.' + rename.from, rename.to,
                  "table " + quoted(from) + " is renamed, so the column is " + quoted(model::to_string(table.to)) +
                      '.' + quoted(rename.from));
  }
}

// The name before the column's can also be that of an enum, or of an enum column with its table.
void require_column_rename(const Names& names, const diff::Answers::ColumnRename& rename) {
  const std::string table = model::to_string(rename.table);
  if (rename.table.schema.empty() && names.has_table({rename.table.name, rename.from})) {
    refuse_rename("table", table + '.' + rename.from, rename.to, "the new name needs its schema, too");
  }
  const model::Column* const plain = names.find_plain_column(rename.table.schema, rename.table.name);
  if (plain != nullptr && !names.knows_table(rename.table)) {
    refuse_rename("value", table + '.' + rename.from, rename.to,
                  "column " + quoted(plain->name) + " of " + quoted(rename.table.schema) + " has the type " +
                      to_string(plain->type) + ", and only values of an enum are renamed");
  }
  if (!names.knows_table(rename.table)) {
    refuse_rename("column or value", table + '.' + rename.from, rename.to,
                  "no table or enum " + quoted(table) + " has such a column or value");
  }
  if (!names.has_column(rename.table, rename.from)) {
    refuse_rename("column", table + '.' + rename.from, rename.to,
                  "table " + quoted(table) + " has no column " + quoted(rename.from));
  }
  if (names.same_column(rename.from, rename.to)) {
    refuse_rename("column", table + '.' + rename.from, rename.to, no_change_of_names);
  }
  if (names.has_column(rename.table, rename.to)) {
    refuse_taken("column", table + '.' + rename.from, table + '.' + rename.to);
  }
  refuse_rename("column", table + '.' + rename.from, rename.to,
                names.wants_column(rename.table, rename.to)
                    ? "column " + quoted(rename.from) + " is still described"
                    : "the desired table " + quoted(table) + " has no column " + quoted(rename.to));
}

[[noreturn]] void refuse_backfill(const std::string& table, const std::string& column) {
  throw Error(ErrorKind::usage,
              "Cannot backfill column " + quoted(column) + " of table " + quoted(table) +
                  ": only a column that is added or becomes NOT NULL is backfilled, by this change or by its reverse.")
      .with_remedy(
          "Omit --backfill for this column. Compute other values with SQL of your own, before or after this change.");
}

}  // namespace

void require_effect(const dialect::Dialect& dialect, const diff::Answers& answers,
                    const change::SchemaChange& generated) {
  const Effects effects(dialect, generated.operations);
  const Names names(dialect, generated);
  for (const diff::Answers::TableRename& rename : answers.table_renames) {
    if (!effects.has(rename)) require_table_rename(names, rename);
  }
  for (const diff::Answers::ColumnRename& rename : answers.column_renames) {
    if (effects.has(rename)) continue;
    require_new_table_name(answers, rename);
    require_column_rename(names, rename);
  }
  for (const auto& [column, expression] : answers.backfills) {
    if (effects.backfills(column.first, column.second)) continue;
    if (names.has_either(column.first, column.second)) {
      // A table that may be a renamed one is created until that is decided.
      if (generated.table_candidates.empty()) refuse_backfill(column.first, column.second);
      continue;
    }
    throw Error(ErrorKind::usage, "Cannot backfill column " + quoted(column.second) + " of table " +
                                      quoted(column.first) + ": there is no such column.")
        .with_remedy("Check the names. A table that is renamed has its new name.");
  }
  for (const model::Name& table : answers.dropped_tables) {
    if (effects.drops(table)) continue;
    const std::string why = names.has_table(table) ? "it is unmanaged or still described" : "it does not exist";
    throw Error(ErrorKind::usage, "Cannot drop table " + quoted(model::to_string(table)) + ": " + why + '.')
        .with_remedy(
            "Check the name. Only tables that a migration of this program created, and that are no longer described by "
            "an entity, are dropped.");
  }
}

}  // namespace whimbrel::cli
