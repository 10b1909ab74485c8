#include "session/transaction_policy.h"

namespace whimbrel::run {

namespace {

std::string first_statements(std::size_t count) {
  return count == 1 ? "its first statement remains" : "its first " + std::to_string(count) + " statements remain";
}

}  // namespace

TransactionPolicy::TransactionPolicy(const dialect::Dialect& dialect, TransactionMode mode)
    : undoes_schema_(dialect.has_transactional_ddl()), mode_(mode) {}

bool TransactionPolicy::joins_migrations() const { return mode_ == TransactionMode::all && undoes_schema_; }

bool TransactionPolicy::encloses(MigrationTransaction wish) const {
  if (joins_migrations()) return true;
  return mode_ == TransactionMode::none ? wish == MigrationTransaction::always : wish != MigrationTransaction::never;
}

bool TransactionPolicy::grants(MigrationTransaction wish) const {
  return !joins_migrations() || wish == MigrationTransaction::by_mode;
}

std::string what_stays(const dialect::Dialect& dialect, const Progress& progress) {
  const bool undoes_schema = dialect.has_transactional_ddl();
  const std::string title(dialect.title());
  std::string text;
  if (!progress.enclosed && !progress.all_undone) {
    text = " The migration ran without a transaction; the effects of its earlier statements remain, and ";
    text += undoes_schema ? "an unfinished operation was undone." : "an unfinished operation may be partially applied.";
  } else if (progress.enclosed && progress.statements_kept > 0) {
    text = ' ' + title +
           " cannot undo schema changes, and commits with each: " + first_statements(progress.statements_kept) +
           ", later ones were undone.";
  }
  if (progress.in_journal && !text.empty()) {
    text += progress.reverting ? " `revertmigration` continues after them, and `migrations` applies it again."
                               : " `migrations` continues after them, and `revertmigration` undoes them if it can.";
  }
  if (!undoes_schema && !progress.is_first) text += " The migrations before it in this run are complete.";
  return text;
}

void tell_what_stays(Error& error, const dialect::Dialect& dialect, const Progress& progress) {
  const std::string text = what_stays(dialect, progress);
  if (text.empty()) return;
  error.with_remedy(error.remedy().empty() ? text.substr(1) : error.remedy() + text);
}

void tell_what_stays_of_change(Error& error, Session& session, std::size_t done) {
  const bool is_undone = session.dialect().has_transactional_ddl() || session.connection().is_transaction_active();
  tell_what_stays(error, session.dialect(), {.statements_kept = is_undone ? 0 : done});
}

}  // namespace whimbrel::run
