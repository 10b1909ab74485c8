#include "run/turn_around.h"

#include <algorithm>
#include <set>

#include "operation/operation.h"
#include "plan/plan.h"
#include "run/passing_parts.h"
#include "run/rehearsal.h"
#include "run/way_back.h"
#include "session/statement_journal.h"
#include "session/transaction.h"

namespace whimbrel::run {

namespace {

using history::JournalEntry;
using history::PartialMigration;

/// Returns the statements after which the schema is the one from which the way back leads.
std::vector<sql::Statement> statements_before(session::Session& session, const PassingParts& passing,
                                              const model::Schema& present, const model::Schema& start) {
  std::vector<operation::Operation> operations = passing.drops(present);
  for (operation::Operation& operation : passing.restores(present, start)) operations.push_back(std::move(operation));
  if (operations.empty()) return {};
  model::Schema wanted = present;
  for (const operation::Operation& op : operations) operation::apply(wanted, op, session.dialect().syntax());
  const auto rewriter = session.dialect().rewriter(session.connection());
  return session.dialect().generate(plan::plan({}, operations, present, wanted, *rewriter).up);
}

const model::Schema& schema_at(const Course& course, std::int64_t ordinal) {
  const auto found =
      std::find_if(course.stops.begin(), course.stops.end(), [&](const Stop& stop) { return stop.ordinal == ordinal; });
  return (found == course.stops.end() ? course.stops.front() : *found).schema;
}

/// A trigger that the migration neither makes nor drops stays, whatever it does to the table.
void leave_out_other_triggers(model::Schema& present, const Course& here, const Course& back) {
  std::set<std::string> known;
  for (const Course* const course : {&here, &back}) {
    for (const Stop& stop : course->stops) {
      for (const model::Table& table : stop.schema.tables) {
        for (const model::Trigger& trigger : table.triggers) known.insert(trigger.name);
      }
    }
  }
  for (model::Table& table : present.tables) {
    std::erase_if(table.triggers, [&](const model::Trigger& trigger) { return !known.contains(trigger.name); });
  }
}

}  // namespace

PartialMigration turn_around(session::Session& session, const session::KnownMigration& migration,
                             const PartialMigration& earlier) {
  // Nothing is written until the way back is known.
  const PartialMigration partial = session::StatementJournal::decided(session, earlier);
  if (const std::int64_t ordinal = session::StatementJournal::undecided(session, partial); ordinal != 0) {
    throw no_way_back(partial, "its statement " + std::to_string(ordinal) +
                                   " was running, or failed halfway, and it is not known what it did");
  }
  Rehearsal rehearsal(session, migration);
  rehearsal.replay(partial.reverting);
  Course here = rehearsal.run(partial.reverting);
  Course back = rehearsal.run(!partial.reverting);
  model::Schema present = read_schema(session);
  leave_out_other_triggers(present, here, back);
  const PassingParts passing(here);
  std::vector<sql::Statement> before;
  WayBack way;
  try {
    way = find_way_back(session.dialect(), partial, here, back, present);
  } catch (const Error&) {
    if (passing.are_none()) throw;
    const Course whole_back = back;
    model::Schema rest = present;
    for (Course* const course : {&here, &back}) passing.remove_from(*course);
    passing.remove_from(rest);
    way = find_way_back(session.dialect(), partial, here, back, rest);
    before = statements_before(session, passing, present, schema_at(whole_back, way.last));
  }
  PartialMigration turned = partial;
  turned.reverting = !partial.reverting;
  turned.entries = rehearsal.entries(way.last);
  for (JournalEntry& entry : turned.entries) {
    if (way.left.contains(entry.ordinal)) entry = {entry.ordinal, entry.hash, entry.text};
  }
  if (!way.left.empty()) {
    // In this order, the statements have not been run.
    rehearsal.run(partial.reverting, partial.entries.back().ordinal);
    if (!before.empty() || !leads_to(rehearsal.complete(turned), here.stops.front().schema, here, back)) {
      throw no_way_back(partial, "its other direction does not lead back from the present schema");
    }
  }
  // If it ends before the journal is written, the way back is the same without them.
  for (const sql::Statement& statement : before) session.connection().run(statement.sql);
  session::Transaction transaction(session);
  session.journal().write(session.connection(), turned);
  transaction.commit();
  return turned;
}

}  // namespace whimbrel::run
