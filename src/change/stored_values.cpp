#include "change/stored_values.h"

#include <algorithm>
#include <set>

#include "change/former_names.h"
#include "operation/describe.h"
#include "operation/uses.h"

namespace whimbrel::change {

namespace {

std::string text_of(const model::View& view) { return view.definition; }
std::string text_of(const model::Trigger& trigger) { return trigger.definition; }
std::string text_of(const model::Check& check) { return check.expression; }
std::string text_of(const model::Index& index) {
  std::string text = index.where;
  for (const model::KeyPart& part : index.columns) text += part.expression;
  return text;
}

/// Finds what uses a column, as the database says or as it shows when the column is renamed.
class ColumnUsers {
 public:
  ColumnUsers(session::Session& session, const SchemaChange& generated, const model::Name& table,
              const std::string& column)
      : generated_(generated), table_(table), column_(column) {
    std::string free_name = column + '_';
    const model::Table* const owner = generated.current.find_table(table);
    while (owner != nullptr && owner->find_column(free_name) != nullptr) free_name += '_';
    const auto comparison = session.dialect().comparison(session.connection());
    const model::Schema& current = generated.current;
    const auto steps = comparison->rename_steps(current, {operation::RenameColumn{table, column, free_name}}, false);
    renamed_ = comparison->after_renames(current, steps);
    // What the database does not change with the rename is recreated.
    for (const operation::Operation& step : steps) recreated_.insert(operation::describe_target(step));
  }

  /// Without what changes, too.
  std::string find() {
    static const model::Table none;
    for (const model::Table& table : generated_.current.tables) {
      const auto in = [&](const model::Schema& schema) -> const model::Table& {
        const model::Table* const found = schema.find_table(table.name);
        return found == nullptr ? none : *found;
      };
      add<operation::DropCheck>(table, &model::Table::checks, in(renamed_), in(generated_.target));
      add<operation::DropIndex>(table, &model::Table::indexes, in(renamed_), in(generated_.target));
      add<operation::DropTrigger>(table, &model::Table::triggers, in(renamed_), in(generated_.target));
    }
    for (const model::View& view : generated_.current.views) {
      add(view, renamed_.views, generated_.target.views, operation::DropView{view});
    }
    return words_;
  }

 private:
  template <class Drop, class Item>
  void add(const model::Table& table, std::vector<Item> model::Table::*items, const model::Table& renamed,
           const model::Table& target) {
    for (const Item& item : table.*items) add(item, renamed.*items, target.*items, Drop{table.name, item});
  }
  template <class Item>
  void add(const Item& item, const std::vector<Item>& renamed, const std::vector<Item>& target,
           const operation::Operation& drop) {
    const auto has_it = [&](const std::vector<Item>& items) {
      return std::any_of(items.begin(), items.end(),
                         [&](const Item& other) { return other.name == item.name && text_of(other) == text_of(item); });
    };
    const std::string words = operation::describe_target(drop);
    const bool is_user =
        item.uses.value ? operation::uses(item.uses, table_, column_) : !has_it(renamed) || recreated_.contains(words);
    if (text_of(item).empty() || !has_it(target) || !is_user) return;
    words_ += (words_.empty() ? "" : ", ") + words;
  }

  const SchemaChange& generated_;
  const model::Name& table_;
  const std::string& column_;
  model::Schema renamed_;
  std::set<std::string> recreated_;
  std::string words_;
};

/// Returns them as display text; empty if the column cannot be renamed.
std::string users_of(session::Session& session, const SchemaChange& generated, const model::Name& table,
                     const std::string& column) {
  try {
    return ColumnUsers(session, generated, table, column).find();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::unsafe && error.kind() != ErrorKind::statement) throw;
    return {};
  }
}

}  // namespace

void note_old_values(session::Session& session, SchemaChange& generated) {
  const FormerNames former(generated.operations, generated.current);
  for (const operation::Operation& operation : generated.operations) {
    const auto* const op = std::get_if<operation::AlterColumn>(&operation);
    if (op == nullptr || op->renamed_values.empty()) continue;
    const model::Name table = former.table(op->table);
    const std::string column = former.column(op->table, op->before.name);
    const std::string users = users_of(session, generated, table, column);
    if (users.empty()) continue;
    generated.notes.push_back("stores other values in column \"" + op->after.name + "\" of \"" + to_string(op->table) +
                              "\"; these use the column and may compare it with the old values: " + users);
  }
}

}  // namespace whimbrel::change
