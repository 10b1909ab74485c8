#include "run/ownership.h"

#include <algorithm>

#include "run/target.h"

namespace whimbrel::run {

namespace {

// Whatever a migration throws: without rows it may be right to.
void try_up(const KnownMigration& known, QueryRunner& runner) {
  try {
    const std::unique_ptr<Migration> migration(known.create());
    if (migration) migration->up(runner);
  } catch (...) {
  }
}

}  // namespace

std::optional<model::Schema> created_by_migrations(Session& session) {
  const std::unique_ptr<dialect::Connection> scratch = session.connection().open_scratch();
  if (!scratch) return std::nullopt;
  const history::State state = session.history().read(session.connection());
  const std::unique_ptr<dialect::Guard> guard = session.dialect().guard(*scratch);
  TolerantTarget target(*guard);
  QueryRunner runner(target);
  for (const history::Record& record : state.records) {
    session.stop_if_interrupted();
    if (const KnownMigration* known = find(session.migrations(), record.name)) try_up(*known, runner);
  }
  return without_history(session, session.dialect().inspect(*scratch));
}

model::Schema without_history(const Session& session, model::Schema schema) {
  const std::string history = session.dialect().fold(session.history().table_name());
  const auto is_history = [&](const model::Table& table) { return session.dialect().fold(table.name.name) == history; };
  schema.tables.erase(std::remove_if(schema.tables.begin(), schema.tables.end(), is_history), schema.tables.end());
  return schema;
}

}  // namespace whimbrel::run
