#include "run/turn_around.h"

#include "run/rehearsal.h"
#include "run/way_back.h"
#include "session/statement_journal.h"
#include "session/transaction.h"

namespace whimbrel::run {

using history::JournalEntry;
using history::PartialMigration;

PartialMigration turn_around(Session& session, const KnownMigration& migration, const PartialMigration& earlier) {
  // Nothing is written until the way back is known.
  const PartialMigration partial = StatementJournal::decided(session, earlier);
  if (const std::int64_t ordinal = StatementJournal::undecided(session, partial); ordinal != 0) {
    throw no_way_back(partial, "its statement " + std::to_string(ordinal) +
                                   " was running, or failed halfway, and it is not known what it did");
  }
  Rehearsal rehearsal(session, migration);
  rehearsal.replay(partial.reverting);
  const Course here = rehearsal.run(partial.reverting);
  const Course back = rehearsal.run(!partial.reverting);
  const WayBack way = find_way_back(session.dialect(), partial, here, back, read_schema(session));
  PartialMigration turned = partial;
  turned.reverting = !partial.reverting;
  turned.entries = rehearsal.entries(way.last);
  for (JournalEntry& entry : turned.entries) {
    if (way.left.contains(entry.ordinal)) entry = {entry.ordinal, entry.hash, entry.text};
  }
  if (!way.left.empty()) {
    // In this order, the statements have not been run.
    rehearsal.run(partial.reverting, partial.entries.back().ordinal);
    if (!leads_to(rehearsal.complete(turned), here.stops.front().schema, here, back)) {
      throw no_way_back(partial, "its other direction does not lead back from the present schema");
    }
  }
  Transaction transaction(session);
  session.journal().write(session.connection(), turned);
  transaction.commit();
  return turned;
}

}  // namespace whimbrel::run
