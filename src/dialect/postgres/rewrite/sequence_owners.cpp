#include "dialect/postgres/rewrite/sequence_owners.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "dialect/postgres/generate/definition.h"
#include "dialect/postgres/generate/sequence.h"

namespace whimbrel::dialect::postgres {

namespace {

using namespace operation;
using model::Name;
using model::Schema;

/// The owners of tables and sequences, before and after the change: which of them they are when it is made depends on
/// the database, and on whether owners are compared.
class Owners {
 public:
  Owners(const Schema& from, const Schema& to) {
    for (const model::Table& table : from.tables) tables_.try_emplace(table.name);
    for_each_sequence(from, [&](const model::Sequence& sequence) { sequences_.try_emplace(sequence.name); });
    for (const Schema* const schema : {&from, &to}) {
      for (const model::Table& table : schema->tables) add(tables_, table.name, table.owner.value);
      for_each_sequence(*schema,
                        [&](const model::Sequence& sequence) { add(sequences_, sequence.name, sequence.owner.value); });
    }
  }

  /// A new table or sequence has the owner that is empty here.
  [[nodiscard]] bool may_differ(const Name& table, const Name* sequence) const {
    std::set<std::string> owners = of(tables_, table);
    owners.merge(sequence == nullptr ? std::set<std::string>{""} : of(sequences_, *sequence));
    return owners.size() > 1;
  }

  [[nodiscard]] bool is_there(const Name& sequence) const { return sequences_.contains(sequence); }

 private:
  using OwnersByName = std::map<Name, std::set<std::string>>;

  /// One that is not there before the change is left out.
  static void add(OwnersByName& all, const Name& name, const std::string& owner) {
    if (const auto found = all.find(name); found != all.end()) found->second.insert(owner);
  }
  template <class Function>
  static void for_each_sequence(const Schema& schema, Function function) {
    for (const model::Table& table : schema.tables) {
      for (const model::Column& column : table.columns) {
        // Other sequences of columns are objects.
        if (column.auto_increment && column.sequence.value) function(*column.sequence.value);
      }
    }
    for (const model::Object& object : schema.objects) {
      if (object.sequence.value) function(*object.sequence.value);
    }
  }
  static std::set<std::string> of(const OwnersByName& all, const Name& name) {
    const auto found = all.find(name);
    return found == all.end() ? std::set<std::string>{""} : found->second;
  }

  OwnersByName tables_, sequences_;
};

void give_away(model::Object& ownership, const Owners& owners) {
  const auto is_sequence = [](const model::Reference& used) { return used.kind == sequence_kind; };
  const std::vector<model::Reference>& uses = *ownership.uses.value;
  const auto sequence = std::find_if(uses.begin(), uses.end(), is_sequence);
  const auto column = std::find_if_not(uses.begin(), uses.end(), is_sequence);
  if (sequence == uses.end() || column == uses.end() || !owners.may_differ(column->name, &sequence->name)) return;
  std::string before = give_away_sql(quote(sequence->name), column->name) + ";\n";
  // The server does not change the owner of one that a column owns.
  if (owners.is_there(sequence->name)) before.insert(0, ownership.removal + ";\n");
  ownership.definition.insert(0, before);
}

}  // namespace

void give_sequences_away(std::vector<Operation>& operations, const Schema& from, const Schema& to) {
  const auto makes_serial = [](const Operation& operation) {
    const auto* const added = std::get_if<AddColumn>(&operation);
    const auto* const altered = std::get_if<AlterColumn>(&operation);
    const model::Column* const column = added ? &added->column : altered ? &altered->after : nullptr;
    return column != nullptr && column->auto_increment && !column->identity;
  };
  const auto ownership_of = [](Operation& operation) {
    auto* const made = std::get_if<CreateObject>(&operation);
    auto* const altered = std::get_if<AlterObject>(&operation);
    model::Object* const object = made ? &made->object : altered ? &altered->after : nullptr;
    return object != nullptr && object->kind == ownership_kind ? object : nullptr;
  };
  if (std::none_of(operations.begin(), operations.end(),
                   [&](Operation& one) { return makes_serial(one) || ownership_of(one) != nullptr; })) {
    return;
  }
  const Owners owners(from, to);
  for (Operation& operation : operations) {
    if (model::Object* const ownership = ownership_of(operation)) give_away(*ownership, owners);
    if (!makes_serial(operation)) continue;
    if (auto* const op = std::get_if<AddColumn>(&operation)) {
      op->gives_sequence_away = owners.may_differ(op->table, nullptr);
    } else if (auto* const change = std::get_if<AlterColumn>(&operation)) {
      change->gives_sequence_away = owners.may_differ(change->table, nullptr);
    }
  }
}

}  // namespace whimbrel::dialect::postgres
