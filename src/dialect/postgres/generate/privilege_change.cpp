#include <algorithm>
#include <tuple>
#include <utility>

#include "dialect/postgres/compare/held_privileges.h"
#include "dialect/postgres/compare/made_objects.h"
#include "dialect/postgres/dialect.h"
#include "dialect/postgres/generate/definition.h"
#include "dialect/postgres/generate/privilege_sql.h"
#include "dialect/postgres/text/syntax.h"
#include "sql/lexer.h"

namespace whimbrel::dialect::postgres {

namespace {

using model::DefaultPrivileges;
using model::OwnedObject;
using model::Privileges;

/// Returns the kind of an object in GRANT; empty if there are no privileges on it.
std::string grant_kind(const std::string& kind) {
  if (kind == "ROUTINE" || kind == "AGGREGATE") return "FUNCTION";
  if (kind == "PROCEDURE") return kind;
  const std::string key = key_kind(kind);
  if (key == "ROUTINE") return "FUNCTION";
  return key == "TABLE" || key == "SEQUENCE" || key == "TYPE" || key == "SCHEMA" ? key : "";
}

/// Returns the kind in Privileges::initial.
std::string initial_kind(const std::string& kind) {
  const std::string granted = grant_kind(kind);
  return granted == "PROCEDURE" ? "FUNCTION" : granted;
}

std::string_view without_arguments(std::string_view routine) { return routine.substr(0, routine.rfind('(')); }

void keep(Held& held, const std::vector<std::string>& privileges) {
  std::erase_if(held, [&](const auto& one) {
    return std::find(privileges.begin(), privileges.end(), one.first.second) == privileges.end();
  });
}

/// What is known of an object's owner and privileges when the other statements have been run.
enum class Before {
  as_in_from,  ///< It is there, or was recreated with what it had.
  new_one,     ///< It has what the server gives by itself.
  unknown,     ///< It may have privileges of a predecessor, or default privileges.
};

struct Step {
  const OwnedObject* object;  ///< In `to`.
  const OwnedObject* from;    ///< Null: none.
  Before before = Before::unknown;
  State state;  ///< Before, as far as it is known.
  State wanted;
  GrantTarget target;
};

class Change {
 public:
  Change(Privileges from, const Privileges& to, const std::vector<operation::Operation>& operations)
      : from_(std::move(from)), to_(to), made_(operations) {
    apply_renames(from_, operations);
    for (const OwnedObject& object : from_.objects) found_.emplace(key(object), &object);
    for (const OwnedObject& object : to_.objects) wanted_.emplace(key(object), &object);
    for (const auto& [kind, initial] : from_.initial) {
      std::vector<std::string>& both = known_[kind];
      const std::vector<std::string>& other = to_.initial.at(kind).owner;
      std::copy_if(initial.owner.begin(), initial.owner.end(), std::back_inserter(both),
                   [&](const std::string& one) { return std::find(other.begin(), other.end(), one) != other.end(); });
    }
  }

  // An owner of an object needs privileges on its schema.
  PrivilegeChange run() {
    std::vector<Step> schemas;
    std::vector<Step> others;
    for (const auto& [kind_and_name, object] : wanted_) {
      (object->kind == "SCHEMA" ? schemas : others).push_back(step_of(*object));
    }
    for (std::vector<Step>* const steps : {&schemas, &others}) {
      for (Step& step : *steps) change_owner(step);
      for (Step& step : *steps) change_privileges(step);
    }
    change_defaults();
    change_.statements = statements_.take();
    return std::move(change_);
  }

 private:
  static ObjectKey key(const OwnedObject& object) { return {key_kind(object.kind), object.name}; }

  /// Returns the owner and the privileges in effect. An unknown owner is taken for the other side's.
  State state_of(const OwnedObject& object, const Privileges& side, const std::string& other_owner) const {
    State state;
    const std::string kind = initial_kind(object.kind);
    state.owner = object.owner.empty() ? side.reader : object.owner;
    if (kind.empty()) {
      // Only the owner counts.
    } else if (object.grants) {
      state.held = held_by(*object.grants);
    } else {
      state.held = initially_held(side.initial.at(kind), state.owner);
    }
    for (const model::Grant& grant : object.grants.value_or(std::vector<model::Grant>{})) {
      state.grantors.insert(grant.grantor);
    }
    for (const auto& [column, grants] : object.columns) {
      state.columns[column] = held_by(grants);
      for (const model::Grant& grant : grants) state.grantors.insert(grant.grantor);
    }
    if (object.owner.empty()) adopt(state, other_owner);
    if (!kind.empty()) keep(state.held, known_.at(kind));
    return state;
  }

  /// The privileges of an owner that both sides do not know are not compared.
  static void adopt(State& state, const std::string& owner) {
    const auto is_own = [reader = state.owner](const auto& one) { return one.first.first == reader; };
    if (owner.empty()) {
      std::erase_if(state.held, is_own);
      for (auto& [column, held] : state.columns) std::erase_if(held, is_own);
    }
    state.change_owner(owner);
  }

  Step step_of(const OwnedObject& object) const {
    const auto found = found_.find(key(object));
    const bool is_made = made_.objects.contains(key(object));
    Step step{&object, found == found_.end() ? nullptr : found->second, Before::unknown, {}, {}, {}};
    step.wanted = state_of(object, to_, step.from != nullptr ? step.from->owner : "");
    step.target.sql = grant_kind(object.kind) + ' ' + target_of(step);
    step.target.words = sql::to_lower(object.kind) + ' ' + target_of(step);
    const std::string kind = initial_kind(object.kind);
    if (!kind.empty()) step.target.all = known_.at(kind);
    if (step.from != nullptr && !is_made) {
      step.before = Before::as_in_from;
      step.state = state_of(*step.from, from_, object.owner);
    } else if (is_made && step.from == nullptr && !may_have_defaults(object) && predecessors(object).empty()) {
      step.before = Before::new_one;
      if (!kind.empty()) step.state.held = initially_held(from_.initial.at(kind), step.wanted.owner);
      if (!kind.empty()) keep(step.state.held, known_.at(kind));
      step.state.owner = step.wanted.owner;
    }
    return step;
  }

  [[nodiscard]] static std::string target_of(const Step& step) {
    const OwnedObject& object = *step.object;
    const std::string kind = key_kind(object.kind);
    if (kind == "ROUTINE" || kind.starts_with("OPERATOR")) return object.target;
    if (kind != "SCHEMA") return quote(object.name);
    // The two default schemas may have different names.
    return object.name.schema.empty() && step.from != nullptr ? step.from->target : object.target;
  }

  /// Calls the function for the default privileges that a new object gets, depending on who creates it.
  template <class Function>
  void for_each_default(const OwnedObject& object, Function function) const {
    if (!from_.defaults) return;
    for (const DefaultPrivileges& defaults : *from_.defaults) {
      const bool is_there = !defaults.schema || defaults.schema == object.name.schema;
      if (is_there && defaults.kind == initial_kind(object.kind) + 'S') function(defaults);
    }
  }

  [[nodiscard]] bool may_have_defaults(const OwnedObject& object) const {
    if (grant_kind(object.kind).empty()) return false;
    bool has_any = !from_.defaults;
    for_each_default(object, [&](const DefaultPrivileges&) { has_any = true; });
    return has_any;
  }

  /// Returns the dropped functions whose privileges it may have been given. (See Preserved.)
  [[nodiscard]] std::vector<const OwnedObject*> predecessors(const OwnedObject& object) const {
    std::vector<const OwnedObject*> result;
    if (key_kind(object.kind) != "ROUTINE") return result;
    for (const auto& [other_key, other] : found_) {
      const bool is_alike = other_key.first == "ROUTINE" && other->name.schema == object.name.schema &&
                            without_arguments(other->name.name) == without_arguments(object.name.name);
      if (is_alike && !wanted_.contains(other_key)) result.push_back(other);
    }
    return result;
  }

  void change_owner(Step& step) {
    const std::string& owner = step.wanted.owner;
    if (owner.empty()) return;
    if (step.before == Before::as_in_from) {
      if (step.state.owner == owner) return;
      step.state.change_owner(owner);
      change_.is_difference = true;
    }
    if (step.object->follows) return;
    const std::string kind = step.object->kind == "AGGREGATE" ? "ROUTINE" : step.object->kind;
    statements_.change_owner("ALTER " + kind + ' ' + target_of(step), step.target.words, owner);
  }

  void change_privileges(const Step& step) {
    if (grant_kind(step.object->kind).empty()) return;
    const bool is_other = differs(step);
    change_.is_difference = change_.is_difference || is_other;
    if (!is_other && step.before != Before::unknown) return;
    const bool is_known = step.before != Before::unknown && !step.state.has_other_grantors();
    is_known ? change_known(step) : write_all(step);
    if (step.wanted.has_other_grantors()) {
      change_.notes.push_back("privileges on " + step.target.words +
                              " that were granted by roles other than the owner become grants by the owner");
    }
  }

  [[nodiscard]] bool differs(const Step& step) const {
    State before = step.state;
    if (step.before == Before::unknown) {
      before.held = initially_held(to_.initial.at(initial_kind(step.object->kind)), step.wanted.owner);
      keep(before.held, known_.at(initial_kind(step.object->kind)));
    }
    if (before.held != step.wanted.held) return true;
    return std::any_of(step.wanted.columns.begin(), step.wanted.columns.end(),
                       [&](const auto& column) { return column_before(step, before, column.first) != column.second; });
  }

  [[nodiscard]] Held column_before(const Step& step, const State& state, const std::string& column) const {
    const auto found = state.columns.find(column);
    const bool is_kept = found != state.columns.end() && !made_.columns.contains({step.object->name, column});
    return is_kept ? found->second : Held{};
  }

  void change_known(const Step& step) {
    const HeldDifference change = difference(step.state.held, step.wanted.held);
    statements_.change(step.target, change);
    State state = step.state;
    state.revoke(change);
    for (const auto& [column, wanted] : step.wanted.columns) {
      statements_.change(column_target(step, column), difference(column_before(step, state, column), wanted));
    }
  }

  void write_all(const Step& step) {
    std::set<std::string> roles = step.state.roles();
    if (!step.wanted.owner.empty()) roles.insert(step.wanted.owner);
    std::vector<const OwnedObject*> before = predecessors(*step.object);
    if (step.from != nullptr) before.push_back(step.from);
    for (const OwnedObject* const one : before) roles.merge(state_of(*one, from_, step.wanted.owner).roles());
    for_each_default(*step.object,
                     [&](const DefaultPrivileges& defaults) { roles.merge(roles_of(held_by(defaults.grants))); });
    statements_.revoke_all(step.target, roles, step.state.has_other_grantors());
    statements_.grant(step.target, step.wanted.held);
    for (const auto& [column, wanted] : step.wanted.columns) statements_.grant(column_target(step, column), wanted);
  }

  static GrantTarget column_target(const Step& step, const std::string& column) {
    GrantTarget target = step.target;
    target.column = column;
    target.all.clear();
    return target;
  }

  void change_defaults() {
    if (!from_.defaults || !to_.defaults) return;
    std::map<std::tuple<std::string, std::optional<std::string>, std::string>, std::pair<Held, Held>> all;
    std::map<std::string, std::string> targets;
    const auto add = [&](const std::vector<DefaultPrivileges>& side, Held std::pair<Held, Held>::*place) {
      for (const DefaultPrivileges& one : side) {
        if (one.schema && !wanted_.contains({"SCHEMA", {*one.schema, {}}})) continue;
        const auto [entry, is_new] = all.try_emplace({one.role, one.schema, one.kind});
        if (is_new && !one.schema) entry->second = without_defaults(one);
        entry->second.*place = held_by(one.grants);
        if (one.schema) targets.emplace(*one.schema, one.target);
      }
    };
    add(*from_.defaults, &std::pair<Held, Held>::first);
    add(*to_.defaults, &std::pair<Held, Held>::second);
    for (auto& [entry, held] : all) {
      const auto& [role, schema, kind] = entry;
      const std::vector<std::string>& known = known_.at(kind.substr(0, kind.size() - 1));
      keep(held.first, known);
      keep(held.second, known);
      const HeldDifference change = difference(held.first, held.second);
      if (change.empty()) continue;
      statements_.change(default_target(role, schema ? targets.at(*schema) : "", kind, known), change);
      change_.is_difference = true;
    }
  }

  /// Returns what new objects get before and after, if nothing else is said.
  [[nodiscard]] std::pair<Held, Held> without_defaults(const DefaultPrivileges& one) const {
    const std::string kind = one.kind.substr(0, one.kind.size() - 1);
    return {initially_held(from_.initial.at(kind), one.role), initially_held(to_.initial.at(kind), one.role)};
  }

  static GrantTarget default_target(const std::string& role, const std::string& schema, const std::string& kind,
                                    const std::vector<std::string>& all) {
    const std::string name = sql::quote_identifier(role, postgres_syntax);
    GrantTarget target;
    target.sql = kind;
    target.words = "new " + sql::to_lower(kind) + " of " + name + (schema.empty() ? "" : " in schema " + schema);
    target.beginning =
        "ALTER DEFAULT PRIVILEGES FOR ROLE " + name + (schema.empty() ? "" : " IN SCHEMA " + schema) + ' ';
    target.all = all;
    return target;
  }

  Privileges from_;
  const Privileges& to_;
  MadeObjects made_;
  std::map<ObjectKey, const OwnedObject*> found_, wanted_;
  std::map<std::string, std::vector<std::string>> known_;  ///< The privileges of each kind that both servers know.
  PrivilegeStatements statements_;
  PrivilegeChange change_;
};

}  // namespace

PrivilegeChange change_privileges(const Privileges& from, const Privileges& to,
                                  const std::vector<operation::Operation>& operations) {
  return Change(from, to, operations).run();
}

}  // namespace whimbrel::dialect::postgres
