#include "run/turn_around.h"

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

std::vector<sql::Statement> drop_statements(Session& session, const PassingParts& passing,
                                            const model::Schema& present) {
  const std::vector<operation::Operation> drops = passing.drops(present);
  if (drops.empty()) return {};
  model::Schema without = present;
  passing.remove_from(without);
  const auto rewriter = session.dialect().rewriter(session.connection());
  return session.dialect().generate(plan::plan({}, drops, present, without, *rewriter).up);
}

}  // namespace

PartialMigration turn_around(Session& session, const KnownMigration& migration, const PartialMigration& earlier) {
  // Nothing is written until the way back is known.
  const PartialMigration partial = StatementJournal::decided(session, earlier);
  if (const std::int64_t ordinal = StatementJournal::undecided(session, partial); ordinal != 0) {
    throw no_way_back(partial, "its statement " + std::to_string(ordinal) +
                                   " was running, or failed halfway, and it is not known what it did");
  }
  Rehearsal rehearsal(session, migration);
  rehearsal.replay(partial.reverting);
  Course here = rehearsal.run(partial.reverting);
  Course back = rehearsal.run(!partial.reverting);
  model::Schema present = read_schema(session);
  const PassingParts passing(here);
  std::vector<sql::Statement> drops;
  WayBack way;
  try {
    way = find_way_back(session.dialect(), partial, here, back, present);
  } catch (const Error&) {
    if (passing.are_none()) throw;
    drops = drop_statements(session, passing, present);
    for (Course* const course : {&here, &back}) passing.remove_from(*course);
    passing.remove_from(present);
    way = find_way_back(session.dialect(), partial, here, back, present);
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
    if (!drops.empty() || !leads_to(rehearsal.complete(turned), here.stops.front().schema, here, back)) {
      throw no_way_back(partial, "its other direction does not lead back from the present schema");
    }
  }
  // If it ends before the journal is written, the way back is the same without them.
  for (const sql::Statement& statement : drops) session.connection().run(statement.sql);
  Transaction transaction(session);
  session.journal().write(session.connection(), turned);
  transaction.commit();
  return turned;
}

}  // namespace whimbrel::run
