#include "change/needed_rows.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "change/affected_objects.h"
#include "change/former_names.h"
#include "model/indexed_schema.h"
#include "sql/lexer.h"

namespace whimbrel::change {

namespace {

using namespace operation;
using model::ForeignKey;
using model::Name;

class Search {
 public:
  Search(const std::vector<Operation>& operations, const model::Schema& start, const sql::Syntax& syntax)
      : operations_(operations), start_(start), syntax_(syntax), former_(operations, start) {}

  NeededRows run() {
    for (const Operation& operation : operations_) add_filled(operation);
    for (const model::Table& table : start_.tables) {
      for (const ForeignKey& key : table.foreign_keys) {
        const bool is_copied = start_.find_table(key.referenced_table) != nullptr;
        if (is_copied && has_changed_values(table.name, key)) need(table.name, key);
      }
    }
    // A value that a conversion changes references another row than the one that is found for it before.
    for (const Operation& operation : operations_) {
      const auto* const op = std::get_if<AlterColumn>(&operation);
      if (op != nullptr && op->before.type != op->after.type) change_values(op->table, op->before.name);
    }
    for (const Operation& operation : operations_) {
      if (const auto* op = std::get_if<AddForeignKey>(&operation)) add_key(op->table, op->foreign_key);
      const auto* const op = std::get_if<AddColumn>(&operation);
      if (op != nullptr && op->foreign_key) add_key(op->table, *op->foreign_key);
    }
    return std::move(needed_);
  }

 private:
  void add_filled(const Operation& operation) {
    if (const auto* op = std::get_if<AddColumn>(&operation)) {
      fill(op->table, op->column.name, op->backfill ? op->backfill : op->column.default_expression);
    }
    if (const auto* op = std::get_if<DropColumn>(&operation)) fill(op->table, op->column.name, op->backfill);
    if (const auto* op = std::get_if<AlterColumn>(&operation)) {
      fill(op->table, op->before.name, op->backfill);
      fill(op->table, op->before.name, op->fill_back);
    }
  }

  void fill(const Name& table, const std::string& column, const std::optional<std::string>& sql) {
    if (!sql) return;
    change_values(table, column);
    add_named(*sql);
  }

  void change_values(const Name& table, const std::string& column) {
    changed_.emplace(former_.table(table), former_.column(table, column));
  }

  [[nodiscard]] bool has_changed_values(const Name& table, const ForeignKey& key) const {
    return std::any_of(key.columns.begin(), key.columns.end(), [&](const std::string& column) {
      return changed_.contains({table, column});
    });
  }

  void add_key(const Name& table, ForeignKey key) {
    const Name later_parent = std::exchange(key.referenced_table, former_.table(key.referenced_table));
    for (std::string& column : key.columns) column = former_.column(table, column);
    for (std::string& column : key.referenced_columns) column = former_.column(later_parent, column);
    const model::Table* const child = start_.find_table(former_.table(table));
    const model::Table* const parent = start_.find_table(key.referenced_table);
    if (child == nullptr || parent == nullptr) return;
    if (has_changed_values(child->name, key)) need(child->name, key);
    if (has_all(*child, key.columns) && has_all(*parent, key.referenced_columns)) {
      needed_.later_keys.emplace(child->name, std::move(key));
    }
  }

  void need(const Name& named) {
    needed_.read.insert(named);
    needed_.named.insert(named);
  }
  void need(const Name& child, const ForeignKey& key) {
    needed_.read.insert(key.referenced_table);
    needed_.changed_keys.emplace(child, key);
  }

  static bool has_all(const model::Table& table, const std::vector<std::string>& columns) {
    return std::all_of(columns.begin(), columns.end(),
                       [&](const std::string& column) { return table.find_column(column) != nullptr; });
  }

  /// Every word may be the name of a table, or of a view or a function that reads some: copying an unneeded table is
  /// harmless.
  void add_named(std::string_view sql) {
    std::set<std::string> words;
    add_words(words, sql, syntax_);
    const auto is_named = [&](const Name& name) {
      const std::string without_parameters = name.name.substr(0, name.name.find('('));
      return words.contains(sql::to_lower(without_parameters));
    };
    for (const Operation& operation : operations_) {
      const auto* const op = std::get_if<RenameTable>(&operation);
      if (op != nullptr && is_named(op->to)) need(former_.table(op->to));
    }
    for (const model::Table& table : start_.tables) {
      if (is_named(table.name)) need(table.name);
    }
    for (const model::View& view : start_.whole.views) {
      if (is_named(view.name) && entered_.insert(view.name).second) add_named(view.definition);
    }
    for (const model::Object& object : start_.whole.objects) {
      if (is_named(object.name) && entered_.insert(object.name).second) add_named(object.definition);
    }
  }

  const std::vector<Operation>& operations_;
  model::IndexedSchema start_;
  const sql::Syntax& syntax_;
  FormerNames former_;
  std::set<std::pair<Name, std::string>> changed_;  ///< Columns that get other values.
  std::set<Name> entered_;                          ///< Views and functions.
  NeededRows needed_;
};

}  // namespace

NeededRows needed_rows(const std::vector<Operation>& operations, const model::Schema& start,
                       const sql::Syntax& syntax) {
  return Search(operations, start, syntax).run();
}

}  // namespace whimbrel::change
