#include "run/target.h"

#include "run/logged_connection.h"
#include "sql/lexer.h"

namespace whimbrel::run {

namespace {

Error not_started(const char* function) {
  return Error(ErrorKind::migration, std::string(function) + "() was called without start_transaction().")
      .with_remedy("Each start_transaction() goes with one commit_transaction() or rollback_transaction().");
}

Error ends_transaction(std::string_view sql) {
  return Error(ErrorKind::migration, "The migration ends the transaction that it runs in.")
      .with_statement(std::string(sql))
      .with_remedy(
          "Leave the transaction to whimbrel; or let transaction() return MigrationTransaction::never, and run under "
          "the "
          "transaction mode `each` or `none`.");
}

// COMMIT, or ROLLBACK of more than a savepoint. END is a COMMIT for some databases, and for all the end of a block.
bool ends_transaction_by_word(std::string_view sql) {
  const std::vector<sql::Token> tokens = sql::tokenize(sql);
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const bool begins_statement = i == 0 || tokens[i - 1].is(";");
    if (!begins_statement) continue;
    if (tokens[i].is("commit")) return true;
    if (!tokens[i].is("rollback")) continue;
    const std::size_t next = i + 1 < tokens.size() && tokens[i + 1].is("transaction") ? i + 2 : i + 1;
    if (next >= tokens.size() || !tokens[next].is("to")) return true;
  }
  return false;
}

std::string savepoint(std::size_t depth) { return "whimbrel_" + std::to_string(depth); }

}  // namespace

void MigrationTarget::require_good_end() const {
  if (depth_ == 0) return;
  throw Error(ErrorKind::migration, "The migration started a transaction and did not end it.")
      .with_remedy("Call commit_transaction() for each start_transaction().");
}

Rows MigrationTarget::run(std::string_view sql, const std::vector<Value>* parameters) {
  ++statements_;
  return Rows(execute(sql, parameters));
}

void MigrationTarget::start_transaction() {
  start(depth_);
  ++depth_;
}

void MigrationTarget::commit_transaction() {
  if (depth_ == 0) throw not_started("commit_transaction");
  commit(depth_ - 1);
  --depth_;
}

void MigrationTarget::rollback_transaction() {
  if (depth_ == 0) throw not_started("rollback_transaction");
  roll_back(depth_ - 1);
  --depth_;
}

bool ConnectionTarget::is_transaction_active() const { return session_.connection().is_transaction_active(); }

void ConnectionTarget::require_good_end() const {
  if (interrupted_) throw Error(ErrorKind::interrupted, "Interrupted.");
  MigrationTarget::require_good_end();
  if (enclosed_ || !is_transaction_active()) return;
  throw Error(ErrorKind::migration, "The migration began a transaction and did not end it.")
      .with_remedy("End it in the migration, or let transaction() return MigrationTransaction::always.");
}

template <class Function>
auto ConnectionTarget::watch(Function function) {
  try {
    session_.stop_if_interrupted();
    return function();
  } catch (const Error& error) {
    interrupted_ = interrupted_ || error.kind() == ErrorKind::interrupted;
    throw;
  }
}

Rows::Data ConnectionTarget::execute(std::string_view sql, const std::vector<Value>* parameters) {
  return watch([&] { return run_guarded(sql, parameters); });
}

Rows::Data ConnectionTarget::run_guarded(std::string_view sql, const std::vector<Value>* parameters) {
  dialect::Connection& connection = session_.connection();
  if (guard_ == nullptr) return parameters == nullptr ? connection.run(sql) : connection.run(sql, *parameters);
  if (enclosed_ && ends_transaction_by_word(sql)) throw ends_transaction(sql);
  Rows::Data rows = guard_->run(sql, parameters);
  if (enclosed_ && !connection.is_transaction_active()) throw ends_transaction(sql);
  return rows;
}

void ConnectionTarget::start(std::size_t depth) {
  if (depth == 0) inner_ = is_transaction_active();
  const bool is_inner = depth > 0 || inner_;
  watch([&] {
    session_.connection().run(is_inner ? "SAVEPOINT " + savepoint(depth)
                                       : std::string(session_.dialect().begin_exclusive()));
  });
}

void ConnectionTarget::commit(std::size_t depth) {
  watch([&] {
    if (depth > 0 || inner_) {
      session_.connection().run("RELEASE SAVEPOINT " + savepoint(depth));
    } else {
      if (guard_ != nullptr) guard_->before_commit();
      session_.connection().run("COMMIT");
    }
  });
}

void ConnectionTarget::roll_back(std::size_t depth) {
  if (depth > 0 || inner_) {
    session_.connection().run("ROLLBACK TO SAVEPOINT " + savepoint(depth));
    session_.connection().run("RELEASE SAVEPOINT " + savepoint(depth));
  } else if (is_transaction_active()) {
    session_.connection().run("ROLLBACK");
  }
}

Rows::Data RecordingTarget::execute(std::string_view sql, const std::vector<Value>* parameters) {
  script_.push_back(to_text(sql, parameters));
  return {};
}

Rows::Data TolerantTarget::execute(std::string_view sql, const std::vector<Value>* parameters) {
  try {
    return guard_.run(sql, parameters);
  } catch (const Error&) {
    return {};
  }
}

}  // namespace whimbrel::run
