#include "dialect/postgres/rewrite/constraint_renames.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "dialect/postgres/generate/comment.h"
#include "dialect/postgres/generate/definition.h"
#include "diff/rename_order.h"

namespace whimbrel::dialect::postgres {

namespace {

using namespace operation;
using model::Name;

void erase_marked(std::vector<Operation>& operations, const std::vector<bool>& marks) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < operations.size(); ++i) {
    if (marks[i]) continue;
    if (kept != i) operations[kept] = std::move(operations[i]);
    ++kept;
  }
  operations.erase(operations.begin() + static_cast<std::ptrdiff_t>(kept), operations.end());
}

struct RenamedPart {
  Name table;
  std::string from, to;
  bool is_constraint, has_index;
};

/// All names of two schemas, whatever they are of: that a temporary name is none of them is all that counts.
class TakenNames {
 public:
  TakenNames(const model::Schema& from, const model::Schema& to) {
    for (const model::Schema* const schema : {&from, &to}) {
      for (const model::Table& table : schema->tables) add(table);
      for (const model::View& view : schema->views) {
        names_.insert(view.name.name);
        add_all(view.indexes);
      }
      for (const model::Enum& type : schema->enums) names_.insert(type.name.name);
      for (const model::Object& object : schema->objects) names_.insert(object.name.name);
    }
  }

  [[nodiscard]] std::string temporary(const std::string& name) const {
    std::string found = with_suffix("temporary_" + name, "");
    for (int number = 2; names_.contains(found); ++number) {
      found = with_suffix("temporary_" + name, '_' + std::to_string(number));
    }
    return found;
  }

 private:
  void add(const model::Table& table) {
    names_.insert(table.name.name);
    if (table.primary_key) names_.insert(table.primary_key->name.text);
    add_all(table.uniques);
    add_all(table.checks);
    add_all(table.exclusions);
    add_all(table.foreign_keys);
    add_all(table.indexes);
    for (const model::Column& column : table.columns) {
      if (column.sequence.value) names_.insert(column.sequence.value->name.name);
    }
  }
  template <class Part>
  void add_all(const std::vector<Part>& parts) {
    for (const Part& part : parts) names_.insert(part.name.text);
  }

  std::set<std::string> names_;
};

/// Renames constraints that are dropped and added again with only another name.
class Renames {
 public:
  explicit Renames(std::vector<Operation>& operations) : operations_(operations), gone_(operations.size()) {
    for (std::size_t i = 0; i < operations.size(); ++i) by_table_[target_name(operations[i])].push_back(i);
  }

  [[nodiscard]] const std::vector<RenamedPart>& parts() const { return parts_; }

  void find(const TakenNames& taken) {
    pair<DropUnique, AddUnique>(&DropUnique::unique, &AddUnique::unique);
    pair<DropCheck, AddCheck>(&DropCheck::check, &AddCheck::check);
    pair<DropExclusion, AddExclusion>(&DropExclusion::exclusion, &AddExclusion::exclusion);
    pair<DropForeignKey, AddForeignKey>(&DropForeignKey::foreign_key, &AddForeignKey::foreign_key);
    pair<DropIndex, CreateIndex>(&DropIndex::index, &CreateIndex::index);
    for (std::size_t i = 0; i < gone_.size(); ++i) {
      rename_key(i);
      rename_sequence(i);
    }
    erase_marked(operations_, gone_);
    add_renames(taken);
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
        rename({drop->table, from, to, std::is_same_v<Drop, DropIndex> ? NamedPart::index : NamedPart::constraint},
               is_of_table);
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

  /// The sequence of a column, if it gets only another name.
  void rename_sequence(std::size_t place) {
    auto* const op = std::get_if<AlterColumn>(&operations_[place]);
    if (op == nullptr || !op->before.auto_increment || !op->after.auto_increment) return;
    std::optional<model::Sequence>& before = op->before.sequence.value;
    const std::optional<model::Sequence>& after = op->after.sequence.value;
    if (op->before.identity != op->after.identity || !before || !after) return;
    if (before->name.name == after->name.name) return;
    rename({op->table, before->name.name, after->name.name, NamedPart::sequence}, false);
    before->name = after->name;
    gone_[place] = op->before == op->after;
  }

  /// A constraint with an index shares the namespace of its schema, others that of their table.
  void rename(RenameConstraint op, bool is_of_table) {
    if (op.from == op.to) return;
    const std::string space = op.table.schema + '\0' + (is_of_table ? op.table.name : "") + '\0';
    names_.push_back({space + op.from, space + op.to});
    if (op.part != NamedPart::sequence) {
      const bool has_index = !is_of_table;
      parts_.push_back({op.table, op.from, op.to, op.part == NamedPart::constraint, has_index});
    }
    renames_.push_back(std::move(op));
  }

  void add_renames(const TakenNames& taken) {
    const auto is_old_name = [&](const std::string& name) {
      return std::any_of(names_.begin(), names_.end(), [&](const diff::NamePair& pair) { return pair.from == name; });
    };
    for (const auto& [place, part] : diff::order_renames(names_, is_old_name)) {
      RenameConstraint op = renames_[place];
      const std::string temporary = taken.temporary(op.from);
      if (part == diff::RenameStep::Part::away) op.to = temporary;
      if (part == diff::RenameStep::Part::home) op.from = temporary;
      operations_.emplace_back(std::move(op));
    }
  }

  std::vector<Operation>& operations_;
  std::map<Name, std::vector<std::size_t>> by_table_;
  std::vector<bool> gone_;
  std::vector<RenameConstraint> renames_;
  std::vector<diff::NamePair> names_;  ///< The names of the constraints.
  std::vector<RenamedPart> parts_;
};

/// Returns whether the property is one of this part of the table.
bool is_of(const model::Object& property, const RenamedPart& part, const std::string& name) {
  const auto uses = [&](const model::Reference& used) {
    const std::vector<model::Reference>& all = *property.uses.value;
    return std::find(all.begin(), all.end(), used) != all.end();
  };
  return follows_owner(property.kind) && uses({part.table, {}, {}}) &&
         ((part.is_constraint && uses({part.table, name, "constraint"})) ||
          (part.has_index && uses({{part.table.schema, name}, {}, {}})));
}

/// Comments and settings go along with a rename. One that belongs to the old name afterwards, too, or is replaced
/// there, would stay with the renamed part, unless that gets one of its own.
class KeptProperties {
 public:
  KeptProperties(std::vector<Operation>& operations, const RenamedPart& part) : operations_(operations), part_(part) {}

  void keep(const model::Object& property, const model::Schema& to) {
    if (!is_of(property, part_, part_.from)) return;
    const auto is_it = [&](const model::Object& other) {
      return other.kind == property.kind && other.name == property.name;
    };
    const bool is_replaced = is_set_on_new_name(property.kind);
    for (Operation& operation : operations_) {
      const auto* const dropped = std::get_if<DropObject>(&operation);
      if (dropped != nullptr && is_it(dropped->object)) return;
      const auto* const made = std::get_if<CreateObject>(&operation);
      if (made != nullptr && is_it(made->object)) return;
      auto* const altered = std::get_if<AlterObject>(&operation);
      if (altered == nullptr || !is_it(altered->before)) continue;
      if (is_replaced) return;
      model::Object after = std::move(altered->after);
      operation = DropObject{property};
      operations_.emplace_back(CreateObject{std::move(after)});
      return;
    }
    const auto wanted = std::find_if(to.objects.begin(), to.objects.end(), is_it);
    if (wanted == to.objects.end()) return;
    if (!is_replaced) operations_.emplace_back(DropObject{property});
    operations_.emplace_back(CreateObject{*wanted});
  }

 private:
  [[nodiscard]] bool is_set_on_new_name(const std::string& kind) const {
    return std::any_of(operations_.begin(), operations_.end(), [&](const Operation& operation) {
      const auto* const made = std::get_if<CreateObject>(&operation);
      const auto* const altered = std::get_if<AlterObject>(&operation);
      const model::Object* const object = made ? &made->object : altered ? &altered->after : nullptr;
      return object != nullptr && object->kind == kind && is_of(*object, part_, part_.to);
    });
  }

  std::vector<Operation>& operations_;
  const RenamedPart& part_;
};

void keep_properties(std::vector<Operation>& operations, const RenamedPart& part, const model::Schema& from,
                     const model::Schema& to) {
  for (const model::Object& property : from.objects) KeptProperties(operations, part).keep(property, to);
}

}  // namespace

void rename_constraints(std::vector<Operation>& operations, const model::Schema& from, const model::Schema& to) {
  Renames renames(operations);
  renames.find(TakenNames(from, to));
  for (const RenamedPart& part : renames.parts()) keep_properties(operations, part, from, to);
}

}  // namespace whimbrel::dialect::postgres
