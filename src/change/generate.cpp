#include "change/generate.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include "change/backfill_names.h"
#include "change/compare.h"
#include "change/features.h"
#include "change/former_names.h"
#include "change/ownership.h"
#include "change/sample_rows.h"
#include "change/stored_values.h"
#include "change/view_facts.h"
#include "change/words.h"
#include "dialect/samples.h"
#include "entity/naming.h"
#include "operation/describe.h"
#include "sql/writer.h"

namespace whimbrel::change {

namespace {

/// Combines the user's answers with those of the entities.
diff::Answers with_entities(diff::Answers answers, const entity::Described& described) {
  for (const auto& [from, to] : described.table_renames) answers.table_renames.push_back({from, to, true});
  for (const auto& [table, from, to] : described.column_renames) {
    answers.column_renames.push_back({table, from, to, true});
  }
  return answers;
}

/// Returns what the entities say about objects that they do not describe.
diff::Ownership described_ownership(session::Session& session) {
  diff::Ownership ownership;
  ownership.unmanaged_tables = session.described().unmanaged_tables;
  ownership.unmanaged_indexes = session.described().unmanaged_indexes;
  for (const auto& [table, column, expression] : session.described().accepted_defaults) {
    ownership.accepted_defaults[{table, column}].push_back(expression);
  }
  return ownership;
}

/// Undescribed objects are dropped if the program's migrations created them. The migrations are replayed only if there
/// are such objects, and in more detail only before one would be dropped.
diff::Difference find_difference(session::Session& session, const model::Schema& current,
                                 const diff::Answers& answers) {
  const auto comparison = session.dialect().comparison(session.connection());
  diff::Ownership ownership = described_ownership(session);
  const entity::DerivedNames derived_names(current, session.naming());
  ownership.is_derived_name = [&](std::string_view name) { return derived_names.has(name); };
  const auto compare_schemas = [&] { return diff::diff(current, session.desired(), *comparison, answers, ownership); };
  diff::Difference difference = compare_schemas();
  const std::size_t unmanaged = difference.unmanaged.size();
  if (unmanaged == 0) return difference;
  const std::optional<model::Schema> created = created_by_migrations(session, session.scope());
  if (!created) return difference;
  ownership.created = &*created;
  difference = compare_schemas();
  if (difference.unmanaged.size() == unmanaged) return difference;
  const std::optional<model::Schema> owned = owned_by_migrations(session, *created);
  if (owned) ownership.created = &*owned;
  return compare_schemas();
}

bool is_without_values(const model::Column& column) { return column.type.name.empty() && column.enum_values.empty(); }

/// Returns whether a column stores its enum by number. Only the list of its values shows how one without a type does.
bool is_number(const model::Column& column, const model::TypeMapping& mapping) {
  if (column.type.name.empty()) return column.enum_values.empty();
  return mapping.value_kind(column.type) <= model::ValueKind::uint64;
}

/// Returns whether the database has rows with the number of one of the column's enumerators.
bool holds_number(const dialect::Dialect& dialect, dialect::Connection& connection, const FormerNames& former,
                  const operation::AlterColumn& op) {
  const auto& enumerators = op.after.enumerators.value;
  if (enumerators.empty()) return false;
  sql::Writer select(dialect.syntax());
  select.raw("SELECT 1 FROM ").raw(quoted_name(dialect, former.table(op.table))).raw(" WHERE ");
  select.raw(dialect.quote_identifier(former.column(op.table, op.before.name))).raw(" IN (");
  select.list(enumerators, [&](const auto& enumerator) { select.raw(enumerator.second); });
  return !connection.run(select.raw(") LIMIT 1").text()).values.empty();
}

/// Lets rows keep their enumerators if an enum is stored by number instead of by name, or the other way round. The rows
/// of a column with neither a type nor a list of values may be names already, which `down` must not make numbers.
void keep_enumerators(std::vector<operation::Operation>& operations, const dialect::Dialect& dialect,
                      dialect::Connection& connection, const FormerNames& former) {
  for (operation::Operation& operation : operations) {
    auto* const op = std::get_if<operation::AlterColumn>(&operation);
    if (op == nullptr || op->after.computed) continue;
    const bool from_number = is_number(op->before, dialect);
    if (from_number == is_number(op->after, dialect)) continue;
    if (is_without_values(op->before) && !holds_number(dialect, connection, former, *op)) continue;
    for (const auto& [name, number] : op->after.enumerators.value) {
      op->renamed_values.emplace_back(from_number ? number : name, from_number ? name : number);
    }
  }
}

void append(std::vector<std::string>& to, const std::vector<std::string>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

/// Returns whether the database has rows without a value for the column.
bool needs_backfill(const dialect::Dialect& dialect, dialect::Connection& connection,
                    const diff::MissingBackfill& missing, const FormerNames& former) {
  sql::Writer select(dialect.syntax());
  select.raw("SELECT 1 FROM ").raw(quoted_name(dialect, former.table(missing.table)));
  if (!missing.added) {
    select.raw(" WHERE ").raw(dialect.quote_identifier(former.column(missing.table, missing.column))).raw(" IS NULL");
  }
  select.raw(" LIMIT 1");
  return !connection.run(select.text()).values.empty();
}

/// Returns the effect of a conversion on existing values.
dialect::ConversionRisk measure_risk(const dialect::Dialect& dialect, dialect::Connection& connection,
                                     const FormerNames& former, const Conversion& conversion) {
  const auto& [table, column, before, after] = conversion;
  dialect::ConversionRisk risk = dialect.conversion_risk(before, after);
  const std::optional<std::size_t> changed =
      dialect.samples().changed_values(connection, former.table(table), former.column(table, column), before, after);
  if (!changed) return risk;
  risk.loses = *changed > 0;
  if (risk.loses && risk.words.empty()) risk.words = "which changes them";
  return risk;
}

/// Sets the operations and their effects in both directions. `before` is the schema that they start from, without the
/// renames.
void set_operations(const dialect::Dialect& dialect, SchemaChange& generated,
                    std::vector<operation::Operation> operations, const model::Schema& before, const RowQuestions& rows,
                    const plan::Plan& plan) {
  mark_kept_tables(operations, plan.up);
  Words up = words_of(dialect, operations, before, rows);
  generated.losses = std::move(up.losses);
  generated.notes = std::move(up.notes);
  std::vector<operation::Operation> back = operation::reverse(operations);
  mark_kept_tables(back, plan.down);
  Words down = words_of(dialect, back, generated.target);
  generated.down_losses = std::move(down.losses);
  generated.down_notes = std::move(down.notes);
  for (const operation::Operation& operation : operations) {
    const auto* const op = std::get_if<operation::AlterColumn>(&operation);
    if (op == nullptr || !op->backfill) continue;
    generated.down_notes.push_back("does not restore the NULLs in column \"" + op->before.name + "\" of \"" +
                                   to_string(op->table) + "\", which `up` replaces");
  }
  generated.down_backfills = diff::missing_backfills(back);
  generated.operations = std::move(operations);
}

/// Returns the plan, whose notes are for the user.
plan::Plan add_scripts(SchemaChange& result, const dialect::Dialect& dialect, dialect::Connection& connection,
                       const diff::Difference& difference) {
  const auto rewriter = dialect.rewriter(connection);
  plan::Plan plan = plan::plan(difference.renames, difference.operations, difference.after_renames(result.current),
                               difference.target, *rewriter);
  // A migration needs its `down`, a script does not.
  if (plan.irreversible_because && plan.down.empty() && !difference.is_whole) throw Error(*plan.irreversible_because);
  const auto generate = [&](const std::vector<operation::Operation>& operations) {
    return difference.is_whole ? dialect.generate_whole(operations) : dialect.generate(operations);
  };
  for (plan::MigrationPart& part : plan::split(plan)) {
    sql::Script script{generate(part.plan.up), generate(part.plan.down)};
    result.parts.push_back({std::move(script), std::move(part.plan), part.in_transaction});
  }
  if (result.parts.size() == 1 && result.parts.front().in_transaction) {
    result.script = result.parts.front().script;
  } else {
    const plan::Plan whole = plan::in_one_transaction(plan);
    result.script = {generate(whole.up), generate(whole.down)};
  }
  return plan;
}

}  // namespace

SchemaChange make_script(const dialect::Dialect& dialect, dialect::Connection& connection, model::Schema current,
                         diff::Difference difference, LossCheck loss_check) {
  require_features(dialect, difference.operations);
  require_later_names(dialect, current, difference);
  SchemaChange result;
  result.current = std::move(current);
  plan::Plan plan;
  if (!difference.empty()) plan = add_scripts(result, dialect, connection, difference);
  const std::vector<operation::Operation> renames = difference.renames;
  const FormerNames former(renames, result.current);
  // A table that is empty here may have rows elsewhere: failures there are among the notes.
  for (diff::MissingBackfill& missing : diff::missing_backfills(difference.operations)) {
    if (needs_backfill(dialect, connection, missing, former)) result.missing_backfills.push_back(std::move(missing));
  }
  RowQuestions rows;
  if (loss_check == LossCheck::by_rows) {
    rows.risk = [&](const Conversion& conversion) { return measure_risk(dialect, connection, former, conversion); };
    rows.holds_null = [&](const operation::AlterColumn& op) {
      return needs_backfill(dialect, connection, {op.table, op.before.name, false}, former);
    };
  }
  std::vector<operation::Operation> operations = std::move(difference.renames);
  std::vector<operation::Operation> rest = plan::order(std::move(difference.operations));
  std::move(rest.begin(), rest.end(), std::back_inserter(operations));
  result.target = std::move(difference.target);
  set_operations(dialect, result, std::move(operations), difference.after_renames(result.current), rows, plan);
  result.irreversible_because = std::move(plan.irreversible_because);
  append(result.notes, plan.notes);
  append(result.down_notes, plan.down_notes);
  append(result.notes, difference.taken_along);
  result.taken_along = std::move(difference.taken_along);
  if (!difference.remark.empty()) result.notes.push_back(std::move(difference.remark));
  result.rename_candidates = std::move(difference.rename_candidates);
  result.table_candidates = std::move(difference.table_candidates);
  result.undecided_drops = std::move(difference.undecided_drops);
  result.unmanaged = std::move(difference.unmanaged);
  return result;
}

std::vector<operation::Operation> displayed_operations(const SchemaChange& generated) {
  std::map<model::Name, const operation::AlterView*> replaced;
  for (const ScriptPart& part : generated.parts) {
    for (const operation::Operation& operation : part.plan.up) {
      const auto* const op = std::get_if<operation::AlterView>(&operation);
      if (op != nullptr) replaced.emplace(op->after.name, op);
    }
  }
  std::vector<operation::Operation> displayed;
  for (const operation::Operation& operation : generated.operations) {
    const auto* const drop = std::get_if<operation::DropView>(&operation);
    const auto* const create = std::get_if<operation::CreateView>(&operation);
    if (drop != nullptr && replaced.contains(drop->view.name)) continue;
    const auto found = create == nullptr ? replaced.end() : replaced.find(create->view.name);
    if (found == replaced.end()) {
      displayed.push_back(operation);
    } else {
      displayed.emplace_back(*found->second);
    }
  }
  return displayed;
}

SchemaChange reversed(SchemaChange generated) {
  if (generated.irreversible_because) throw Error(*generated.irreversible_because);
  std::swap(generated.script.up, generated.script.down);
  std::reverse(generated.parts.begin(), generated.parts.end());
  for (ScriptPart& part : generated.parts) {
    std::swap(part.script.up, part.script.down);
    std::swap(part.plan.up, part.plan.down);
  }
  std::swap(generated.current, generated.target);
  std::swap(generated.losses, generated.down_losses);
  std::swap(generated.notes, generated.down_notes);
  generated.operations = operation::reverse(generated.operations);
  generated.leads_to_entities = false;
  generated.down_backfills.clear();
  generated.rename_candidates.clear();
  generated.table_candidates.clear();
  generated.undecided_drops.clear();
  generated.missing_backfills.clear();
  return generated;
}

namespace {

/// Reads the database, and describes the entities meanwhile if they do not say which of its schemas are read.
model::Schema read_current(session::Session& session) {
  if (session.dialect().has(model::Feature::schemas)) {
    return session.dialect().inspect(session.connection(), session.scope());
  }
  session.connection().meanwhile([&session] {
    try {
      static_cast<void>(session.described());
    } catch (const std::exception&) {
      // The next call throws it again.
    }
  });
  return session.dialect().inspect(session.connection(), {.objects = true});
}

}  // namespace

SchemaChange compare(session::Session& session, const diff::Answers& answers, LossCheck loss_check) {
  model::Schema current = without_history(session, read_current(session));
  diff::Difference difference = find_difference(session, current, with_entities(answers, session.described()));
  keep_enumerators(difference.operations, session.dialect(), session.connection(),
                   FormerNames(difference.renames, current));
  if (const std::set<model::Name> views = views_without_columns(difference); !views.empty()) {
    const SchemaChange first = make_script(session.dialect(), session.connection(), current, difference);
    fill_in_views(session, first, views, difference);
  }
  SchemaChange generated =
      make_script(session.dialect(), session.connection(), std::move(current), std::move(difference), loss_check);
  generated.leads_to_entities = true;
  return generated;
}

diff::Difference difference_from_entities(session::Session& session, const model::Schema& schema,
                                          const diff::Comparison& comparison) {
  return diff::diff(schema, session.desired(), comparison, with_entities({}, session.described()),
                    described_ownership(session));
}

namespace {

/// Returns the tables that are rebuilt.
std::vector<const model::Table*> rebuilt_tables(const SchemaChange& generated) {
  std::vector<const model::Table*> tables;
  for (const ScriptPart& part : generated.parts) {
    for (const operation::Operation& operation : part.plan.up) {
      const auto* const rebuild = std::get_if<operation::RebuildTable>(&operation);
      if (rebuild != nullptr) tables.push_back(&rebuild->after);
    }
  }
  return tables;
}

/// A recreated trigger may use what only this database has.
std::string failure_elsewhere(session::Session& session, const model::Trigger& trigger) {
  const std::optional<std::string> error = error_without_unmanaged(session, trigger);
  if (!error) return {};
  return ". In a database without what the trigger uses, this migration fails: " + *error +
         " Create that in an earlier migration with CREATE TABLE IF NOT EXISTS (`newmigration`); or drop the trigger, "
         "generate and run the migration, and create the trigger again";
}

/// A rebuild also creates, on other databases, objects that existed only in this one.
void note_what_others_made(session::Session& session, SchemaChange& generated) {
  std::vector<std::pair<std::string, std::string>> foreign;
  std::optional<model::Schema> created;
  const FormerNames former(generated.operations, generated.current);
  for (const model::Table* const table : rebuilt_tables(generated)) {
    for (const model::Index& index : table->indexes) {
      std::string words = operation::describe_target(operation::DropIndex{table->name, index});
      const auto& unmanaged = generated.unmanaged;
      if (std::find(unmanaged.begin(), unmanaged.end(), words) != unmanaged.end()) {
        foreign.emplace_back(std::move(words), "");
      }
    }
    if (table->triggers.empty()) continue;
    if (!created) created = created_by_migrations(session, session.scope()).value_or(model::Schema());
    const model::Table* const own = created->find_table(former.table(table->name));
    for (const model::Trigger& trigger : table->triggers) {
      const auto is_it = [&](const model::Trigger& other) { return other.name == trigger.name; };
      if (own != nullptr && std::any_of(own->triggers.begin(), own->triggers.end(), is_it)) continue;
      foreign.emplace_back(operation::describe_target(operation::DropTrigger{table->name, trigger}),
                           own == nullptr ? std::string() : failure_elsewhere(session, trigger));
    }
  }
  for (const auto& [words, failure] : foreign) {
    generated.notes.push_back(
        "recreates " + words +
        ", even in databases where it did not exist: no entity describes it and no migration created it" + failure);
    std::erase(generated.unmanaged, words);
  }
}

/// What depends on a change is dropped and recreated, perhaps only on the way back. A database that lacks it does not
/// have what the migration expects.
void note_what_others_lack(SchemaChange& generated) {
  std::set<std::string> touched;
  for (const ScriptPart& part : generated.parts) {
    for (const operation::Operation& operation : part.plan.up) touched.insert(operation::describe_target(operation));
    for (const operation::Operation& operation : part.plan.down) touched.insert(operation::describe_target(operation));
  }
  std::erase_if(generated.unmanaged, [&](const std::string& words) {
    if (!touched.contains(words)) return false;
    generated.notes.push_back("fails in a database without " + words +
                              ": no entity describes it and no migration created it. Create it in an earlier migration "
                              "(`newmigration`); or drop it, generate and run the migration, and create it again");
    return true;
  });
}

}  // namespace

SchemaChange generate(session::Session& session, const diff::Answers& answers) {
  const session::Session::Work work(session);
  SchemaChange generated = compare(session, answers);
  require_features(session.dialect(), operation::reverse(generated.operations));
  note_what_others_made(session, generated);
  note_what_others_lack(generated);
  note_old_values(session, generated);
  return generated;
}

}  // namespace whimbrel::change
