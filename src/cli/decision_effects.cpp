#include <algorithm>

#include "cli/decisions.h"

namespace whimbrel::cli {

namespace {

// What a difference renames and drops, compared as the database compares names.
class Effects {
 public:
  Effects(const dialect::Dialect& dialect, const std::vector<operation::Operation>& operations)
      : dialect_(dialect), operations_(operations) {}

  bool has(const diff::Decisions::TableRename& rename) const {
    const auto is_any = [](const operation::RenameTable&) { return true; };
    return renames<operation::RenameTable>(rename.from, rename.to, is_any);
  }
  bool drops(const model::Name& table) const {
    return any_of<operation::DropTable>(
        [&](const operation::DropTable& found) { return same(found.table.name, table); });
  }
  bool has(const diff::Decisions::ColumnRename& rename) const {
    const auto is_column = [&](const operation::RenameColumn& found) { return same(found.table, rename.table); };
    const auto is_value = [&](const operation::RenameEnumValue& found) { return same(found.type, rename.table); };
    return renames<operation::RenameColumn>(rename.from, rename.to, is_column) ||
           renames<operation::RenameEnumValue>(rename.from, rename.to, is_value) || has_value(rename);
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
  bool has_value(const diff::Decisions::ColumnRename& rename) const {
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

// What is there before the renames.
class CurrentNames {
 public:
  CurrentNames(const dialect::Dialect& dialect, const run::Generated& generated)
      : dialect_(dialect), generated_(generated) {}

  bool has_table(const model::Name& name) const { return find_table(name) != nullptr; }
  // The table by its new name.
  bool has_column(const model::Name& table, const std::string& column) const {
    const model::Table* const found = find_table(former(table));
    return found != nullptr &&
           std::any_of(found->columns.begin(), found->columns.end(), [&](const model::Column& candidate) {
             return dialect_.same_name(model::NameKind::column, candidate.name, column);
           });
  }

 private:
  model::Name folded(const model::Name& name) const { return dialect_.fold_name(model::NameKind::table, name); }
  const model::Table* find_table(const model::Name& name) const {
    const auto& tables = generated_.current.tables;
    const auto found = std::find_if(tables.begin(), tables.end(),
                                    [&](const model::Table& table) { return folded(table.name) == folded(name); });
    return found == tables.end() ? nullptr : &*found;
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
  const run::Generated& generated_;
};

[[noreturn]] void refuse_taken(const std::string& what, const std::string& from, const std::string& to) {
  throw Error(ErrorKind::usage, what + " \"" + from + "\" cannot be renamed to \"" + to +
                                    "\": there is one of that name, " + "and it gets no other.")
      .with_remedy("Rename that one, too, or drop it first, in a migration before this one (`newmigration`).");
}

}  // namespace

void require_effect(const dialect::Dialect& dialect, const diff::Decisions& decisions,
                    const run::Generated& generated) {
  const Effects effects(dialect, generated.operations);
  const CurrentNames names(dialect, generated);
  for (const diff::Decisions::TableRename& rename : decisions.table_renames) {
    if (effects.has(rename)) continue;
    if (names.has_table(rename.from) && names.has_table(rename.to)) {
      refuse_taken("Table", model::to_string(rename.from), model::to_string(rename.to));
    }
    throw Error(ErrorKind::usage, "There is no table \"" + model::to_string(rename.from) + "\" to be renamed to \"" +
                                      model::to_string(rename.to) + "\".")
        .with_remedy("Look at both names: the first is there now, the second should be.");
  }
  for (const diff::Decisions::ColumnRename& rename : decisions.column_renames) {
    if (effects.has(rename)) continue;
    if (names.has_column(rename.table, rename.from) && names.has_column(rename.table, rename.to)) {
      const std::string table = model::to_string(rename.table) + '.';
      refuse_taken("Column", table + rename.from, table + rename.to);
    }
    throw Error(ErrorKind::usage, "There is no column or value \"" + rename.from + "\" of \"" +
                                      model::to_string(rename.table) + "\" to be renamed to \"" + rename.to + "\".")
        .with_remedy("Look at the names: the old one is there now, the table and the new one should be.");
  }
  for (const model::Name& table : decisions.dropped_tables) {
    if (effects.drops(table)) continue;
    throw Error(ErrorKind::usage, "There is no table \"" + model::to_string(table) + "\" that would be dropped.")
        .with_remedy(
            "Look at the name. Only what a migration of this program made is dropped, when no entity describes "
            "it any more.");
  }
}

}  // namespace whimbrel::cli
