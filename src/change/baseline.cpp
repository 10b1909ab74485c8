#include "change/baseline.h"

#include "change/compare.h"
#include "change/ownership.h"
#include "session/run_lock.h"
#include "session/transaction.h"

namespace whimbrel::change {

SchemaChange generate_baseline(session::Session& session) {
  const session::Session::Work work(session);
  const dialect::Dialect& dialect = session.dialect();
  const model::Schema schema = without_history(session, dialect.inspect(session.connection(), session.scope()));
  diff::Ownership everything;
  everything.everything = true;
  diff::Difference difference = diff::diff({}, schema, *dialect.comparison(session.connection()), {}, everything);
  return make_script(dialect, session.connection(), {}, std::move(difference));
}

void record_applied(session::Session& session, const std::function<history::Record()>& make) {
  const session::Session::Work work(session);
  dialect::Connection& connection = session.connection();
  const session::RunLock lock(session, session::RunLock::Around::transaction);
  session::Transaction transaction(session);
  history::State state = session.history().read(connection);
  if (!state.table_exists) session.dialect().mark_own(connection, session.options().application_id);
  session.history().prepare(connection, state);
  history::Record record = make();
  record.applied_at = history::current_time();
  session.history().add(connection, record);
  transaction.commit();
}

}  // namespace whimbrel::change
