#include <algorithm>
#include <map>
#include <set>

#include "dialect/postgres/dialect.h"
#include "dialect/postgres/generate/column_change.h"
#include "dialect/postgres/generate/definition.h"
#include "dialect/postgres/generate/object_change.h"
#include "dialect/postgres/rewrite/dependents.h"
#include "dialect/postgres/rewrite/hidden_rows.h"
#include "dialect/postgres/rewrite/late_order.h"
#include "dialect/postgres/text/syntax.h"
#include "diff/rename_order.h"
#include "sql/writer.h"

namespace whimbrel::dialect::postgres {

namespace {

using namespace operation;
using model::Name;
using model::Schema;

void erase_marked(std::vector<Operation>& operations, const std::vector<bool>& marks) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < operations.size(); ++i) {
    if (marks[i]) continue;
    if (kept != i) operations[kept] = std::move(operations[i]);
    ++kept;
  }
  operations.erase(operations.begin() + static_cast<std::ptrdiff_t>(kept), operations.end());
}

/// A dropped constraint that is added again with nothing but another name is renamed.
class Renames {
 public:
  explicit Renames(std::vector<Operation>& operations) : operations_(operations), gone_(operations.size()) {
    for (std::size_t i = 0; i < operations.size(); ++i) by_table_[subject(operations[i])].push_back(i);
  }

  void find() {
    pair<DropUnique, AddUnique>(&DropUnique::unique, &AddUnique::unique);
    pair<DropCheck, AddCheck>(&DropCheck::check, &AddCheck::check);
    pair<DropExclusion, AddExclusion>(&DropExclusion::exclusion, &AddExclusion::exclusion);
    pair<DropForeignKey, AddForeignKey>(&DropForeignKey::foreign_key, &AddForeignKey::foreign_key);
    pair<DropIndex, CreateIndex>(&DropIndex::index, &CreateIndex::index);
    for (std::size_t i = 0; i < gone_.size(); ++i) rename_key(i);
    erase_marked(operations_, gone_);
    add_renames();
  }

 private:
  template <class Drop, class Add, class T>
  void pair(T Drop::*dropped, T Add::*added) {
    for (std::size_t i = 0; i < gone_.size(); ++i) {
      const auto* drop = gone_[i] ? nullptr : std::get_if<Drop>(&operations_[i]);
      if (drop == nullptr) continue;
      for (const std::size_t k : by_table_.at(drop->table)) {
        const auto* add = gone_[k] ? nullptr : std::get_if<Add>(&operations_[k]);
        if (add == nullptr) continue;
        T renamed = drop->*dropped;
        const std::string from = constraint_name(drop->table, renamed);
        const std::string to = constraint_name(add->table, add->*added);
        renamed.name = (add->*added).name;
        if (from == to || renamed != add->*added) continue;
        constexpr bool is_of_table = std::is_same_v<Drop, DropCheck> || std::is_same_v<Drop, DropForeignKey>;
        rename({drop->table, from, to, std::is_same_v<Drop, DropIndex>}, is_of_table);
        gone_[i] = gone_[k] = true;
        break;
      }
    }
  }

  void rename_key(std::size_t place) {
    const auto* op = std::get_if<AlterPrimaryKey>(&operations_[place]);
    if (op == nullptr || !op->before || !op->after) return;
    model::PrimaryKey renamed = *op->before;
    renamed.name = op->after->name;
    if (renamed != *op->after) return;
    rename({op->table, constraint_name(op->table, *op->before), constraint_name(op->table, *op->after)}, false);
    gone_[place] = true;
  }

  /// What has an index shares the names of its schema, else those of its table.
  void rename(RenameConstraint op, bool is_of_table) {
    if (op.from == op.to) return;
    const std::string space = op.table.schema + '\0' + (is_of_table ? op.table.name : "") + '\0';
    names_.push_back({space + op.from, space + op.to});
    renames_.push_back(std::move(op));
  }

  void add_renames() {
    const auto is_old_name = [&](const std::string& name) {
      return std::any_of(names_.begin(), names_.end(), [&](const diff::NamePair& pair) { return pair.from == name; });
    };
    for (const auto& [place, part] : diff::order_renames(names_, is_old_name)) {
      RenameConstraint op = renames_[place];
      const std::string temporary = "temporary_" + op.from;
      if (part == diff::RenameStep::Part::away) op.to = temporary;
      if (part == diff::RenameStep::Part::home) op.from = temporary;
      operations_.emplace_back(std::move(op));
    }
  }

  std::vector<Operation>& operations_;
  std::map<Name, std::vector<std::size_t>> by_table_;
  std::vector<bool> gone_;
  std::vector<RenameConstraint> renames_;
  std::vector<diff::NamePair> names_;  ///< Theirs.
};

/// What CREATE TABLE would not make as it is: a check that is not valid would be, and of two uniques over the same
/// columns there would be one.
void take_out_of_creation(model::Table& table, std::vector<Operation>& taken) {
  for (const model::Check& check : table.checks) {
    if (check.not_valid) taken.emplace_back(AddCheck{table.name, check});
  }
  std::erase_if(table.checks, [](const model::Check& check) { return check.not_valid; });
  std::vector<std::vector<model::KeyPart>> keys;
  if (table.primary_key) keys.push_back(table.primary_key->columns);
  std::erase_if(table.uniques, [&](const model::Unique& unique) {
    const bool is_repeated = std::find(keys.begin(), keys.end(), unique.columns) != keys.end();
    keys.push_back(unique.columns);
    if (is_repeated) taken.emplace_back(AddUnique{table.name, unique});
    return is_repeated;
  });
}

/// Keys between tables are made after all tables and dropped before them: so cycles of them need no care.
void take_out_constraints(std::vector<Operation>& operations) {
  std::vector<Operation> taken;
  for (Operation& operation : operations) {
    if (auto* created = std::get_if<CreateTable>(&operation)) {
      model::Table& table = created->table;
      for (const model::ForeignKey& key : table.foreign_keys) taken.emplace_back(AddForeignKey{table.name, key});
      table.foreign_keys.clear();
      take_out_of_creation(table, taken);
    } else if (auto* dropped = std::get_if<DropTable>(&operation)) {
      model::Table& table = dropped->table;
      for (const model::ForeignKey& key : table.foreign_keys) taken.emplace_back(DropForeignKey{table.name, key});
      table.foreign_keys.clear();
    }
  }
  for (Operation& operation : taken) operations.push_back(std::move(operation));
}

/// What a column is computed from cannot be changed in place in all versions, and its type only to one that the
/// expression fits: the column is made anew.
void remake_computed(std::vector<Operation>& operations) {
  std::vector<Operation> made;
  for (Operation& operation : operations) {
    auto* op = std::get_if<AlterColumn>(&operation);
    if (op == nullptr || !op->after.computed) continue;
    if (op->after.computed == op->before.computed && op->after.type == op->before.type) continue;
    made.emplace_back(AddColumn{op->table, op->after, 0, {}, {}});
    operation = DropColumn{op->table, op->before, 0, {}};
  }
  for (Operation& operation : made) operations.push_back(std::move(operation));
}

/// The server lets no column of a primary key take NULL, so the key that goes is dropped before the columns change, and
/// the one that comes is made after.
void split_keys(std::vector<Operation>& operations) {
  std::vector<Operation> dropped;
  for (Operation& operation : operations) {
    auto* const op = std::get_if<AlterPrimaryKey>(&operation);
    if (op == nullptr || !op->before || !op->after) continue;
    dropped.emplace_back(AlterPrimaryKey{op->table, op->before, std::nullopt});
    op->before.reset();
  }
  for (Operation& operation : dropped) operations.push_back(std::move(operation));
}

bool says(const std::optional<std::string>& expression, const model::Enum& before, const model::Enum& after) {
  if (!expression) return false;
  return std::any_of(after.values.begin(), after.values.end(), [&](const std::string& value) {
    const bool is_new = std::find(before.values.begin(), before.values.end(), value) == before.values.end();
    return is_new && expression->find(sql::quote_string(value, postgres_syntax)) != std::string::npos;
  });
}

/// Does an operation say a value that the enum gets? What is there already cannot mean it.
struct NewValueUse {
  const AlterEnum& op;

  bool operator()(const AddColumn& made) const { return in(made.column) || in(made.fill); }
  bool operator()(const AlterColumn& made) const { return in(made.after) || in(made.fill); }
  bool operator()(const AddCheck& made) const { return in(made.check.expression); }
  bool operator()(const AddExclusion& made) const { return in(made.exclusion.definition); }
  bool operator()(const CreateIndex& made) const { return in(made.index); }
  bool operator()(const CreateTrigger& made) const { return in(made.trigger.definition); }
  bool operator()(const CreateView& made) const { return in(made.view.definition); }
  bool operator()(const CreateTable& made) const {
    const model::Table& table = made.table;
    const auto any = [](const auto& items, const auto& says) { return std::any_of(items.begin(), items.end(), says); };
    return any(table.columns, [&](const model::Column& column) { return in(column); }) ||
           any(table.checks, [&](const model::Check& check) { return in(check.expression); }) ||
           any(table.exclusions, [&](const model::Exclusion& exclusion) { return in(exclusion.definition); }) ||
           any(table.indexes, [&](const model::Index& index) { return in(index); }) ||
           any(table.triggers, [&](const model::Trigger& trigger) { return in(trigger.definition); });
  }
  template <class Other>
  bool operator()(const Other&) const {
    return false;
  }

 private:
  [[nodiscard]] bool in(const std::optional<std::string>& text) const { return says(text, op.before, op.after); }
  [[nodiscard]] bool in(const model::Column& column) const {
    return in(column.default_expression) || (column.computed && in(column.computed->expression));
  }
  [[nodiscard]] bool in(const model::Index& index) const {
    return in(index.where) || std::any_of(index.columns.begin(), index.columns.end(),
                                          [&](const model::KeyPart& part) { return in(part.expression); });
  }
};

/// The columns of an enum that cannot be changed in place: one that loses or reorders values; and one that gets values
/// of which one is used in the same transaction.
/// https://www.postgresql.org/docs/current/sql-altertype.html#id-1.9.3.42.7
void fill_enum(AlterEnum& op, const std::vector<Operation>& operations, const Schema& from, const Schema& to) {
  const std::string name = to_string(op.before.name);
  for (const model::Table& table : from.tables) {
    const model::Table* const later_table = to.find_table(table.name);
    if (later_table == nullptr) continue;  // It is dropped before.
    for (const model::Column& column : table.columns) {
      if (column.enum_name != name) continue;
      const model::Column* const later = later_table->find_column(column.name);
      EnumColumn user{table.name, column, column.default_expression.has_value()};
      const bool stays = later != nullptr && later->enum_name == name;
      user.column.default_expression = stays ? later->default_expression : std::nullopt;
      op.columns.push_back(std::move(user));
    }
  }
  const bool is_used = std::any_of(operations.begin(), operations.end(),
                                   [&](const Operation& operation) { return std::visit(NewValueUse{op}, operation); });
  if (only_adds_values(op.before, op.after) && !is_used) op.columns.clear();
}

/// Is it a part of ALTER TABLE that is independent of other tables?
int table_part(const Operation& operation) {
  if (std::holds_alternative<AlterTable>(operation) || std::holds_alternative<AddColumn>(operation) ||
      std::holds_alternative<AlterColumn>(operation) || std::holds_alternative<AlterPrimaryKey>(operation) ||
      std::holds_alternative<DropColumn>(operation) || std::holds_alternative<AddUnique>(operation) ||
      std::holds_alternative<AddCheck>(operation) || std::holds_alternative<AddExclusion>(operation)) {
    return 1;
  }
  if (std::holds_alternative<DropCheck>(operation) || std::holds_alternative<DropExclusion>(operation) ||
      std::holds_alternative<DropUnique>(operation)) {
    return 2;
  }
  return 0;
}

/// Where an operation stands among those of its table: what is computed goes before and comes after what it uses.
int place_in_table(const Operation& operation) {
  if (const auto* op = std::get_if<AlterPrimaryKey>(&operation); op != nullptr && !op->after) return 0;
  if (const auto* op = std::get_if<DropColumn>(&operation)) return op->column.computed ? 0 : 3;
  if (const auto* op = std::get_if<AddColumn>(&operation)) return op->column.computed ? 4 : 1;
  if (std::holds_alternative<AddUnique>(operation) || std::holds_alternative<AddCheck>(operation) ||
      std::holds_alternative<AddExclusion>(operation)) {
    return 5;
  }
  return 2;
}

/// Puts together what one ALTER TABLE can do; tables stay in the order in which they come.
void group_by_table(std::vector<Operation>& operations) {
  for (auto begin = operations.begin(); begin != operations.end();) {
    const int part = table_part(*begin);
    const auto end =
        std::find_if(begin, operations.end(), [&](const Operation& next) { return table_part(next) != part; });
    if (part != 0) {
      std::map<Name, std::size_t> order;
      for (auto operation = begin; operation != end; ++operation) order.emplace(subject(*operation), order.size());
      std::stable_sort(begin, end, [&](const Operation& a, const Operation& b) {
        return std::pair(order.at(subject(a)), place_in_table(a)) < std::pair(order.at(subject(b)), place_in_table(b));
      });
    }
    begin = end;
  }
}

/// May the index be there later than the rest of the plan?
bool can_wait(const CreateIndex& op, const std::vector<Operation>& operations, const Schema& after) {
  const model::Table* const table = after.find_table(op.table);
  // https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY
  if (table == nullptr || table->options.contains("PARTITION BY") || table->options.contains("REPLICA IDENTITY")) {
    return false;
  }
  return !op.index.unique || std::none_of(operations.begin(), operations.end(), [&](const Operation& other) {
    const auto* key = std::get_if<AddForeignKey>(&other);
    return key != nullptr && key->foreign_key.referenced_table == op.table;
  });
}

/// Indexes that are asked to be made concurrently are, and are dropped so on the way back.
void make_concurrently(plan::Plan& plan, const Schema& after) {
  std::map<std::pair<Name, std::string>, DropIndex*> drops;
  for (Operation& operation : plan.down) {
    if (auto* op = std::get_if<DropIndex>(&operation)) drops[{op->table, op->index.name.text}] = op;
  }
  for (Operation& operation : plan.up) {
    auto* const op = std::get_if<CreateIndex>(&operation);
    if (op == nullptr || !op->index.concurrent.value || !can_wait(*op, plan.up, after)) continue;
    const auto drop = drops.find({op->table, op->index.name.text});
    if (drop == drops.end()) continue;
    op->concurrently = true;
    drop->second->concurrently = true;
  }
}

/// Has the table the column, by itself or from a table that it inherits from?
bool has_column(const Schema& schema, const Name& name, const std::string& column) {
  const model::Table* const table = schema.find_table(name);
  if (table == nullptr) return false;
  return table->find_column(column) != nullptr ||
         std::any_of(table->inherits.begin(), table->inherits.end(),
                     [&](const Name& parent) { return has_column(schema, parent, column); });
}

bool inherits_from(const Schema& schema, const Name& name, const Name& parent) {
  const model::Table* const table = schema.find_table(name);
  return table != nullptr && std::any_of(table->inherits.begin(), table->inherits.end(), [&](const Name& direct) {
           return direct == parent || inherits_from(schema, direct, parent);
         });
}

/// A table that begins or ceases to be a part of another has its columns before and after, though it says them itself
/// only as long as it is none. One that goes on to inherit keeps a column that the other loses.
/// https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES
void keep_inherited_columns(std::vector<Operation>& operations, const Schema& from, const Schema& to) {
  std::vector<model::ColumnReference> kept;
  std::erase_if(operations, [&](const Operation& operation) {
    if (const auto* dropped = std::get_if<DropColumn>(&operation)) {
      return has_column(to, dropped->table, dropped->column.name);
    }
    const auto* added = std::get_if<AddColumn>(&operation);
    if (added == nullptr || !has_column(from, added->table, added->column.name)) return false;
    kept.push_back({added->table, added->column.name});
    return true;
  });
  for (Operation& operation : operations) {
    auto* const dropped = std::get_if<DropColumn>(&operation);
    if (dropped == nullptr) continue;
    dropped->only = std::any_of(kept.begin(), kept.end(), [&](const model::ColumnReference& column) {
      return column.column == dropped->column.name && inherits_from(from, column.table, dropped->table);
    });
  }
}

/// Partitions go with the whole, without a word of the server's.
void refuse_unseen_partitions(const std::vector<Operation>& operations) {
  for (const Operation& operation : operations) {
    const auto* const dropped = std::get_if<DropTable>(&operation);
    if (dropped == nullptr || dropped->table.parts_elsewhere.value.empty()) continue;
    throw Error(ErrorKind::unsafe, "Dropping table \"" + to_string(dropped->table.name) +
                                       "\" would take along what inherits from it in schemas that are not compared: " +
                                       dropped->table.parts_elsewhere.value + '.')
        .with_remedy("Compare these schemas, too, or detach them first.");
  }
}

/// https://www.postgresql.org/docs/current/ddl-priv.html: a new function may be executed by everyone.
std::optional<std::string> note_on_remade_object(const Operation& operation) {
  const auto* const op = std::get_if<AlterObject>(&operation);
  if (op == nullptr || is_replaced(*op)) return std::nullopt;
  const std::string& kind = op->before.kind;
  const bool is_called = kind == "function" || kind == "procedure" || kind == "aggregate";
  if (!is_called && kind != "type" && kind != "domain" && kind != "sequence") return std::nullopt;
  return "drops " + kind + " \"" + to_string(op->before.name) +
         "\" and makes it again, which takes the privileges and the owner that it was given" +
         (is_called ? ": everyone may execute it until you revoke that" : "");
}

/// What the server keeps beside the statements that make a view or an object is not in the model.
std::vector<std::string> notes_on(const std::vector<Operation>& operations, const Schema& from) {
  std::vector<std::string> notes = notes_on_hidden_rows(operations, from);
  std::set<Name> made;
  for (const Operation& operation : operations) {
    if (const auto* op = std::get_if<CreateView>(&operation)) made.insert(op->view.name);
  }
  for (const Operation& operation : operations) {
    if (std::optional<std::string> note = note_on_remade_object(operation)) notes.push_back(std::move(*note));
    const auto* op = std::get_if<DropView>(&operation);
    if (op == nullptr || !made.contains(op->view.name)) continue;
    notes.push_back("drops view \"" + to_string(op->view.name) +
                    "\" and makes it again, which takes the privileges, the owner and the rules that it was given");
  }
  return notes;
}

class PostgresRewriter final : public plan::Rewriter {
 public:
  plan::Plan rewrite(plan::Plan plan, const Schema& before, const Schema& after) const override {
    plan.up = rewrite(std::move(plan.up), before, after);
    plan.down = rewrite(std::move(plan.down), after, before);
    make_concurrently(plan, after);
    plan.notes = notes_on(plan.up, before);
    plan.down_notes = notes_on(plan.down, after);
    return plan;
  }

 private:
  static std::vector<Operation> rewrite(std::vector<Operation> operations, const Schema& from, const Schema& to) {
    refuse_unseen_partitions(operations);
    keep_inherited_columns(operations, from, to);
    Renames(operations).find();
    split_keys(operations);
    take_out_constraints(operations);
    take_out_late_parts(operations);
    remake_computed(operations);
    for (Operation& operation : operations) {
      if (auto* op = std::get_if<AlterEnum>(&operation)) fill_enum(*op, operations, from, to);
    }
    add_dependents(operations, from, to);
    operations = plan::order(std::move(operations));
    order_late(operations, from, to);
    group_by_table(operations);
    return operations;
  }
};

}  // namespace

std::unique_ptr<plan::Rewriter> make_rewriter() { return std::make_unique<PostgresRewriter>(); }

}  // namespace whimbrel::dialect::postgres
