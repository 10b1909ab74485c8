#include "session/transaction_policy.h"

namespace whimbrel::session {

namespace {

std::string first_statements(std::size_t count) {
  return count == 1 ? "its first statement remains" : "its first " + std::to_string(count) + " statements remain";
}

/// Returns which changes remain in the database, as sentences.
std::vector<std::string> what_stays(const dialect::Dialect& dialect, const Progress& progress) {
  const bool undoes_schema = !commits_with_schema_changes(dialect);
  std::vector<std::string> sentences;
  if (!progress.enclosed && !progress.all_undone) {
    sentences.push_back(
        std::string("The migration ran without a transaction; the effects of its earlier statements remain, and ") +
        (undoes_schema ? "an unfinished operation was undone." : "an unfinished operation may be partially applied."));
  } else if (progress.enclosed && progress.statements_kept > 0) {
    sentences.push_back(std::string(dialect.title()) + " cannot undo schema changes, and commits with each: " +
                        first_statements(progress.statements_kept) + ", later ones were undone.");
  }
  if (progress.in_journal && !sentences.empty()) {
    sentences.emplace_back(progress.reverting
                               ? "`revertmigration` continues after them, and `migrations` applies it again if it can."
                               : "`migrations` continues after them, and `revertmigration` undoes them if it can.");
  }
  if (!undoes_schema && !progress.is_first) {
    sentences.emplace_back("The migrations before it in this run are complete.");
  }
  return sentences;
}

}  // namespace

TransactionPolicy::TransactionPolicy(const dialect::Dialect& dialect, TransactionMode mode)
    : undoes_schema_(!commits_with_schema_changes(dialect)),
      keeps_journal_(history::needs_journal(dialect)),
      mode_(mode) {}

bool TransactionPolicy::joins_migrations() const { return mode_ == TransactionMode::all && undoes_schema_; }

bool TransactionPolicy::encloses(MigrationTransaction wish) const {
  if (joins_migrations()) return true;
  return mode_ == TransactionMode::none ? wish == MigrationTransaction::always : wish != MigrationTransaction::never;
}

bool TransactionPolicy::grants(MigrationTransaction wish) const {
  return !joins_migrations() || wish == MigrationTransaction::by_mode;
}

bool commits_with_schema_changes(const dialect::Dialect& dialect) { return !dialect.has_transactional_ddl(); }

void tell_what_stays(Error& error, const dialect::Dialect& dialect, const Progress& progress) {
  std::string remedy = error.remedy();
  for (const std::string& sentence : what_stays(dialect, progress)) remedy += (remedy.empty() ? "" : " ") + sentence;
  if (!remedy.empty()) error.with_remedy(remedy);
}

void tell_what_stays_of_change(Error& error, Session& session, std::size_t done) {
  const bool is_undone =
      !commits_with_schema_changes(session.dialect()) || session.connection().is_transaction_active();
  tell_what_stays(error, session.dialect(), {.statements_kept = is_undone ? 0 : done});
}

}  // namespace whimbrel::session
