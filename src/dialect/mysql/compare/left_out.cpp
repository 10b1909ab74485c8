#include "dialect/mysql/compare/left_out.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "dialect/mysql/text/names.h"
#include "dialect/mysql/text/syntax.h"
#include "operation/describe.h"
#include "operation/uses.h"
#include "sql/lexer.h"
#include "whimbrel/error.h"

namespace whimbrel::dialect::mysql {

namespace {

using namespace operation;
using model::Name;
using model::Table;

bool is_member(const std::vector<std::string>& columns, const std::string& column) {
  return std::find(columns.begin(), columns.end(), column) != columns.end();
}

/// A key that can serve foreign keys.
struct ServingKey {
  std::vector<std::string> columns;  ///< Up to the first part that is no whole column.
  bool is_whole_unique = false;      ///< It is unique, and has no other parts.
  bool is_left_out = false;

  /// Returns whether the foreign key's columns are the first ones of the key.
  [[nodiscard]] bool begins_with(const std::vector<std::string>& start) const {
    return columns.size() >= start.size() && std::equal(start.begin(), start.end(), columns.begin());
  }
  /// Returns whether it serves keys that reference these columns also where the server demands a unique key.
  [[nodiscard]] bool is_unique_over(const std::vector<std::string>& all) const {
    return is_whole_unique && columns == all;
  }
};

ServingKey serving_key(const std::vector<model::KeyPart>& parts, bool is_unique, bool is_left_out) {
  ServingKey key{{}, is_unique, is_left_out};
  for (const model::KeyPart& part : parts) {
    if (part.column.empty() || part.length) {
      key.is_whole_unique = false;
      break;
    }
    key.columns.push_back(part.column);
  }
  return key;
}

/// Collects what of a table one rename leaves out.
class LeftOutParts {
 public:
  LeftOutParts(const Table& table, const RenameColumn& op) : table_(table), op_(op) {
    // A generated column uses only generated columns before it.
    for (const model::Column& column : table.columns) {
      if (column.computed && is_affected(column.computed->uses)) columns_.push_back(column.name);
    }
  }

  LeftOut collect(const model::Schema& schema) {
    if (table_.primary_key) {
      keys_.push_back(serving_key(table_.primary_key->columns, true, false));
      if (has_left_out(table_.primary_key->columns)) refuse_primary_key();
    }
    for (const model::Check& check : table_.checks) leave_out(check);
    for (const model::Unique& unique : table_.uniques) leave_out(unique);
    for (const model::Index& index : table_.indexes) leave_out(index);
    for (std::size_t i = 0; i < table_.columns.size(); ++i) leave_out(table_.columns[i], i);
    std::move(recreated_keys_.begin(), recreated_keys_.end(), std::back_inserter(result_.recreations));
    for (const Table& other : schema.tables) {
      for (const model::ForeignKey& key : other.foreign_keys) leave_out(other, key);
    }
    result_.drops.insert(result_.drops.begin(), dropped_foreign_keys_.begin(), dropped_foreign_keys_.end());
    return std::move(result_);
  }

 private:
  void leave_out(const model::Check& check) {
    if (!is_affected(check.uses)) return;
    model::Check renamed = check;
    renamed.expression = with_renamed_column(check.expression, op_.from, op_.to);
    rename_used(renamed.uses, op_.table, op_.from, op_.to);
    result_.drops.emplace_back(DropCheck{table_.name, check});
    result_.recreations.emplace_back(AddCheck{table_.name, std::move(renamed)});
  }

  void leave_out(const model::Unique& unique) {
    const bool is_left_out = has_left_out(unique.columns);
    keys_.push_back(serving_key(unique.columns, true, is_left_out));
    if (!is_left_out) return;
    result_.drops.emplace_back(DropUnique{table_.name, unique});
    model::Unique renamed = unique;
    rename_columns(renamed.columns);
    recreated_keys_.emplace_back(AddUnique{table_.name, std::move(renamed)});
  }

  void leave_out(const model::Index& index) {
    model::Index renamed = index;
    for (model::KeyPart& part : renamed.columns) {
      part.expression = with_renamed_column(part.expression, op_.from, op_.to);
    }
    // The server follows the name of a part that is the column itself.
    const bool is_renamed = renamed.columns != index.columns && uses(index.uses, table_.name, op_.from);
    const bool is_left_out =
        is_renamed || has_left_out(index.columns) || (has_expression(index) && uses_left_out(index.uses));
    if (index.method.empty()) keys_.push_back(serving_key(index.columns, index.unique, is_left_out));
    if (!is_left_out) return;
    rename_columns(renamed.columns);
    if (renamed.columns != index.columns) renamed.definition.value.clear();
    rename_used(renamed.uses, op_.table, op_.from, op_.to);
    result_.drops.emplace_back(DropIndex{table_.name, index});
    recreated_keys_.emplace_back(CreateIndex{table_.name, std::move(renamed)});
  }

  void rename_columns(std::vector<model::KeyPart>& parts) const {
    for (model::KeyPart& part : parts) {
      if (part.column == op_.from) part.column = op_.to;
    }
  }

  void leave_out(const model::Column& column, std::size_t position) {
    if (column.name != op_.from && column.default_expression && is_affected(column.default_uses)) {
      leave_out_default(column);
    }
    if (!is_member(columns_, column.name)) return;
    model::Column renamed = column;
    renamed.computed->expression = with_renamed_column(column.computed->expression, op_.from, op_.to);
    rename_used(renamed.computed->uses, op_.table, op_.from, op_.to);
    result_.drops.emplace_back(DropColumn{table_.name, column, position, {}, {}});
    result_.recreations.emplace_back(AddColumn{table_.name, std::move(renamed), position, {}, {}});
  }

  void leave_out_default(const model::Column& column) {
    model::Column bare = column;
    bare.default_expression.reset();
    bare.default_uses = {};
    model::Column renamed = bare;
    renamed.default_expression = with_renamed_column(*column.default_expression, op_.from, op_.to);
    renamed.default_uses = column.default_uses;
    rename_used(renamed.default_uses, table_.name, op_.from, op_.to);
    result_.drops.emplace_back(AlterColumn{table_.name, column, bare, {}, {}});
    result_.recreations.emplace_back(AlterColumn{table_.name, std::move(bare), std::move(renamed), {}, {}});
  }

  void leave_out(const Table& other, const model::ForeignKey& key) {
    const bool is_own = other.name == table_.name;
    const bool is_reference = key.referenced_table == table_.name;
    if ((!is_own || !is_in_the_way(key.columns, false)) &&
        (!is_reference || !is_in_the_way(key.referenced_columns, true))) {
      return;
    }
    if (is_reference) require_unique(key, other);
    model::ForeignKey renamed = key;
    if (is_own) std::replace(renamed.columns.begin(), renamed.columns.end(), op_.from, op_.to);
    if (is_reference) {
      std::replace(renamed.referenced_columns.begin(), renamed.referenced_columns.end(), op_.from, op_.to);
    }
    dropped_foreign_keys_.emplace_back(DropForeignKey{other.name, key});
    result_.recreations.emplace_back(AddForeignKey{other.name, std::move(renamed)});
  }

  /// Returns whether a foreign key over these columns of the table has one that is left out, or needs such a key.
  [[nodiscard]] bool is_in_the_way(const std::vector<std::string>& columns, bool is_referenced) const {
    if (std::any_of(columns.begin(), columns.end(),
                    [&](const std::string& column) { return is_member(columns_, column); })) {
      return true;
    }
    const auto has = [&](bool is_left_out, bool is_unique) {
      return std::any_of(keys_.begin(), keys_.end(), [&](const ServingKey& key) {
        return key.is_left_out == is_left_out && (is_unique ? key.is_unique_over(columns) : key.begins_with(columns));
      });
    };
    return (has(true, false) && !has(false, false)) || (is_referenced && has(true, true) && !has(false, true));
  }

  [[nodiscard]] bool uses_left_out(const model::Uses& used) const {
    return std::any_of(columns_.begin(), columns_.end(),
                       [&](const std::string& column) { return uses(used, table_.name, column); });
  }
  [[nodiscard]] bool is_affected(const model::Uses& used) const {
    return uses(used, table_.name, op_.from) || uses_left_out(used);
  }
  [[nodiscard]] bool has_left_out(const std::vector<model::KeyPart>& parts) const {
    return std::any_of(parts.begin(), parts.end(),
                       [&](const model::KeyPart& part) { return is_member(columns_, part.column); });
  }

  /// A server accepts new foreign keys to other keys only by a setting, so it might not take this one back.
  /// https://dev.mysql.com/doc/refman/8.4/en/server-system-variables.html#sysvar_restrict_fk_on_non_standard_key
  void require_unique(const model::ForeignKey& key, const Table& other) const {
    const auto serves = [&](const ServingKey& own) { return own.is_unique_over(key.referenced_columns); };
    if (std::any_of(keys_.begin(), keys_.end(), serves)) return;
    throw Error(ErrorKind::unsafe, "Column " + in_quotes(op_.from) + " of table " + in_quotes(table_.name) +
                                       " cannot be renamed: MySQL renames it only without a foreign key of " +
                                       in_quotes(other.name) + ", which references columns without a unique key.")
        .with_remedy("First give them a unique key, or write a migration that drops the foreign key (`newmigration`).");
  }

  [[noreturn]] void refuse_primary_key() const {
    throw Error(ErrorKind::unsafe, "Column " + in_quotes(op_.from) + " of table " + in_quotes(table_.name) +
                                       " cannot be renamed: a generated column in the primary key uses it, and MySQL "
                                       "renames it only without that column.")
        .with_remedy("First write a migration that drops or replaces it (`newmigration`), then generate again.");
  }

  const Table& table_;
  const RenameColumn& op_;
  std::vector<std::string> columns_;  ///< Those that are left out.
  std::vector<ServingKey> keys_;
  LeftOut result_;
  std::vector<Operation> recreated_keys_;
  std::vector<Operation> dropped_foreign_keys_;
};

/// Follows the columns of tables while the operations run.
class ColumnPlaces {
 public:
  explicit ColumnPlaces(const model::Schema& before) {
    for (const Table& table : before.tables) {
      std::vector<ColumnPlace>& places = tables_[table.name];
      for (const model::Column& column : table.columns) places.push_back({column.name});
    }
  }

  void follow(Operation& operation) {
    if (const auto* const op = std::get_if<RenameTable>(&operation)) {
      if (auto node = tables_.extract(op->from)) {
        node.key() = op->to;
        tables_.insert(std::move(node));
      }
    } else if (const auto* const column = std::get_if<RenameColumn>(&operation)) {
      std::vector<ColumnPlace>& places = tables_[column->table];
      const auto found = find(places, column->from);
      if (found != places.end()) found->name = column->to;
    } else if (auto* const drop = std::get_if<DropColumn>(&operation)) {
      set(*drop, false);
    } else if (auto* const add = std::get_if<AddColumn>(&operation)) {
      set(*add, true);
    }
  }

 private:
  struct ColumnPlace {
    std::string name;
    bool is_there = true;
  };

  static std::vector<ColumnPlace>::iterator find(std::vector<ColumnPlace>& places, const std::string& name) {
    return std::find_if(places.begin(), places.end(),
                        [&](const ColumnPlace& place) { return sql::equal_ignoring_case(place.name, name); });
  }

  /// For a drop, the place is that to which its reverse returns the column.
  template <class Op>
  void set(Op& op, bool is_there) {
    std::vector<ColumnPlace>& places = tables_[op.table];
    const auto found = find(places, op.column.name);
    if (found == places.end()) return;
    found->is_there = is_there;
    op.position = 0;
    op.behind = "";
    for (auto place = places.begin(); place != found; ++place) {
      if (!place->is_there) continue;
      ++op.position;
      op.behind = place->name;
    }
  }

  std::map<Name, std::vector<ColumnPlace>> tables_;
};

void remove_passing_parts(std::vector<Operation>& renames) {
  const auto is_part = [](const Operation& operation) {
    return std::holds_alternative<DropCheck>(operation) || std::holds_alternative<DropColumn>(operation) ||
           std::holds_alternative<DropUnique>(operation) || std::holds_alternative<DropIndex>(operation) ||
           std::holds_alternative<DropForeignKey>(operation);
  };
  const auto key = [](const Operation& drop) { return std::pair(drop.index(), describe(drop)); };
  std::map<std::pair<std::size_t, std::string>, std::size_t> recreated;
  std::set<std::size_t> removed;
  for (std::size_t i = 0; i < renames.size(); ++i) {
    if (is_part(renames[i])) {
      const auto found = recreated.find(key(renames[i]));
      if (found == recreated.end()) continue;
      removed.insert({found->second, i});
      recreated.erase(found);
    } else if (const Operation drop = reverse(renames[i]); is_part(drop)) {
      recreated[key(drop)] = i;
    }
  }
  std::vector<Operation> rest;
  for (std::size_t i = 0; i < renames.size(); ++i) {
    if (!removed.contains(i)) rest.push_back(std::move(renames[i]));
  }
  renames = std::move(rest);
}

}  // namespace

LeftOut left_out_of(const model::Schema& schema, const Table& table, const RenameColumn& op) {
  return LeftOutParts(table, op).collect(schema);
}

void join_left_out(std::vector<Operation>& renames, const model::Schema& before) {
  remove_passing_parts(renames);
  const bool places_columns = std::any_of(renames.begin(), renames.end(), [](const Operation& operation) {
    return std::holds_alternative<AddColumn>(operation);
  });
  if (!places_columns) return;
  ColumnPlaces places(before);
  for (Operation& operation : renames) places.follow(operation);
}

}  // namespace whimbrel::dialect::mysql
