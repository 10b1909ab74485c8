#include "session/backend.h"

#include <algorithm>

#include "dialect/statement_error.h"
#include "model/sha1.h"
#include "operation/operation.h"
#include "session/logged_connection.h"
#include "session/run_lock.h"
#include "session/transaction.h"
#include "session/transaction_policy.h"
#include "sql/lexer.h"

namespace whimbrel::session {

namespace {

Error not_started(const char* function) {
  return Error(ErrorKind::migration, std::string(function) + "() was called without start_transaction().")
      .with_remedy("Pair each start_transaction() with one commit_transaction() or rollback_transaction().");
}

Error ends_transaction(std::string_view sql) {
  return Error(ErrorKind::migration, "The migration ends the transaction that it runs in.")
      .with_statement(std::string(sql))
      .with_remedy(
          "Remove the statement, because whimbrel ends the transaction; or let transaction() return "
          "MigrationTransaction::never, and run under the transaction mode `each` or `none`.");
}

Error commits_transaction(const dialect::Dialect& dialect, std::string_view sql) {
  return Error(ErrorKind::migration, "The statement committed the transaction that the migration had started.")
      .with_statement(std::string(sql))
      .with_remedy(std::string(dialect.title()) +
                   " commits with each schema change, so make it before start_transaction() or after "
                   "commit_transaction().");
}

/// Passes on the rows of a query as they arrive.
class Stream final : public dialect::StatementObserver {
 public:
  Stream(const StatementJournal::Receive& receive, const sql::Syntax& syntax) : receive_(receive), syntax_(syntax) {}

  void before(std::string_view statement) override {
    const std::vector<sql::Token> tokens = sql::tokenize(statement, syntax_);
    if (is_query(tokens)) return;
    throw Error(ErrorKind::usage, "for_each_row() needs a query that returns rows.")
        .with_statement(std::string(statement))
        .with_remedy("Use query() for other statements.");
  }
  void after(std::string_view) override {}
  bool take(const std::vector<std::string>& columns, const std::vector<Value>& values) override {
    receive_(columns, values);
    return true;
  }

 private:
  /// A statement that begins with WITH may write, and must then run under the guard.
  static bool is_query(const std::vector<sql::Token>& tokens) {
    if (tokens.empty()) return false;
    if (!tokens[0].is("WITH")) return tokens[0].is("SELECT") || tokens[0].is("VALUES");
    for (std::size_t i = 1; i < tokens.size(); ++i) {
      const bool is_replace = tokens[i].is("INTO") && tokens[i - 1].is("REPLACE");
      if (is_replace || tokens[i].is("INSERT") || tokens[i].is("UPDATE") || tokens[i].is("DELETE")) return false;
    }
    return true;
  }

  const StatementJournal::Receive& receive_;
  const sql::Syntax& syntax_;
};

/// Includes the length and the type of each value, so that different values never have the same text.
std::string hash_of(std::string_view sql, const std::vector<Value>* parameters) {
  if (parameters == nullptr) return model::sha1(sql);
  std::string text(sql);
  const auto add = [&](std::string_view value) {
    text += ':' + std::to_string(value.size()) + ':' + std::string(value);
  };
  for (const Value& value : *parameters) {
    text += '\0' + std::to_string(value.variant().index());
    std::visit(operation::Visitor{
                   [](std::monostate) {},
                   [&](const std::string& words) { add(words); },
                   [&](const Bytes& bytes) {
                     add({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
                   },
                   [&](const auto&) { add(value.text()); },
               },
               value.variant());
  }
  return model::sha1(text);
}

std::string savepoint(std::size_t depth) { return "whimbrel_" + std::to_string(depth); }

}  // namespace

void MigrationBackend::require_good_end() const {
  if (depth_ == 0) return;
  throw Error(ErrorKind::migration, "The migration started a transaction and did not end it.")
      .with_remedy("Call commit_transaction() for each start_transaction().");
}

Rows MigrationBackend::run(std::string_view sql, const std::vector<Value>* parameters) {
  count();
  return Rows(execute(sql, parameters));
}

void MigrationBackend::start_transaction() {
  start(depth_);
  ++depth_;
}

void MigrationBackend::commit_transaction() {
  if (depth_ == 0) throw not_started("commit_transaction");
  commit(depth_ - 1);
  --depth_;
}

void MigrationBackend::rollback_transaction() {
  if (depth_ == 0) throw not_started("rollback_transaction");
  roll_back(depth_ - 1);
  --depth_;
}

bool ConnectionBackend::is_transaction_active() const {
  return session_.connection().is_transaction_active() && (guard_ == nullptr || !guard_->is_holding());
}

void ConnectionBackend::require_good_end() const {
  if (interrupted_) throw Error(ErrorKind::interrupted, "Interrupted.");
  const bool is_own_lost = guard_ != nullptr && guard_->has_lost_transaction();
  if (is_rolled_back_ || is_own_lost) throw dialect::transaction_rolled_back();
  MigrationBackend::require_good_end();
  if (journal_ != nullptr) journal_->require_complete();
  if (enclosed_ || !is_transaction_active()) return;
  throw Error(ErrorKind::migration, "The migration began a transaction and did not end it.")
      .with_remedy("End it in the migration, or let transaction() return MigrationTransaction::always.");
}

template <class Function>
auto ConnectionBackend::watch(Function function) {
  if (is_rolled_back_) throw dialect::transaction_rolled_back();
  try {
    session_.stop_if_interrupted();
    return function();
  } catch (const Error& error) {
    interrupted_ = interrupted_ || error.kind() == ErrorKind::interrupted;
    throw;
  }
}

Rows::Data ConnectionBackend::execute(std::string_view sql, const std::vector<Value>* parameters) {
  return watch([&] { return journal_ == nullptr ? run_now(sql, parameters) : run_journaled(sql, parameters); });
}

Rows::Data ConnectionBackend::run_now(std::string_view sql, const std::vector<Value>* parameters) {
  const bool commits_schema = commits_with_schema_changes(session_.dialect());
  Rows::Data rows;
  begin_again();
  try {
    rows = send(sql, parameters);
  } catch (const Error& error) {
    // It also commits before the change; and after a lost connection, the effects are unknown.
    const bool is_known = error.kind() != ErrorKind::connection;
    if (commits_schema && is_known && is_transaction_lost()) {
      const dialect::StatementEffect effect = session_.dialect().effect(sql);
      const bool changes_schema =
          effect != dialect::StatementEffect::rows && effect != dialect::StatementEffect::nothing;
      if (changes_schema) kept_ = statements() - 1;
      is_rolled_back_ = !changes_schema;
    }
    throw;
  }
  if (!is_transaction_lost()) return rows;
  if (commits_schema) kept_ = statements();
  if (!commits_schema && enclosed_) throw ends_transaction(sql);
  if (commits_schema && depth() > 0) throw commits_transaction(session_.dialect(), sql);
  return rows;
}

Rows::Data ConnectionBackend::run_journaled(std::string_view sql, const std::vector<Value>* parameters) {
  const auto run_one = [&](std::string_view statement, const std::string& hash) {
    const bool is_replayed = is_replaying();
    bool is_own_failure = false;
    try {
      Rows::Data rows = journal_->run(statement, hash, [&](std::string_view one) {
        is_own_failure = true;
        Rows::Data own = run_now(one, parameters);
        is_own_failure = false;
        return own;
      });
      if (is_replayed) kept_ = statements();
      return rows;
    } catch (const Error& error) {
      // On a cluster, the journal's statement may be the first to learn that another node changed the same rows.
      if (!is_own_failure && error.kind() == ErrorKind::busy && is_transaction_lost()) is_rolled_back_ = true;
      throw;
    }
  };
  if (parameters != nullptr) return run_one(sql, hash_of(sql, parameters));
  Rows::Data last;
  for (const std::string_view statement : session_.dialect().split_statements(sql)) {
    Rows::Data rows = run_one(statement, model::sha1(statement));
    if (!rows.columns.empty()) last = std::move(rows);
  }
  return last;
}

StatementJournal::Send ConnectionBackend::sender() {
  return [this](std::string_view statement) {
    count();
    return watch([&] { return run_now(statement, nullptr); });
  };
}

bool ConnectionBackend::is_transaction_lost() const { return (enclosed_ || depth() > 0) && !is_transaction_active(); }

void ConnectionBackend::begin_again() {
  if (!commits_with_schema_changes(session_.dialect()) || !enclosed_ || depth() > 0 || is_transaction_active()) return;
  session_.connection().run(std::string(session_.dialect().begin()));
}

Rows::Data ConnectionBackend::send(std::string_view sql, const std::vector<Value>* parameters) {
  if (guard_ != nullptr) return guard_->run(sql, parameters);
  dialect::Connection& connection = session_.connection();
  return parameters == nullptr ? connection.run(sql) : connection.run(sql, *parameters);
}

void ConnectionBackend::start(std::size_t depth) {
  replayed_.push_back(is_replaying());
  if (replayed_.back()) return;
  begin_again();
  if (depth == 0) inner_ = is_transaction_active();
  const bool is_inner = depth > 0 || inner_;
  watch([&] {
    return send(is_inner ? "SAVEPOINT " + savepoint(depth) : std::string(session_.dialect().begin()), nullptr);
  });
}

void ConnectionBackend::commit(std::size_t depth) {
  if (replayed_.back()) return replayed_.pop_back();
  const bool is_inner = depth > 0 || inner_;
  watch([&] { return send(is_inner ? "RELEASE SAVEPOINT " + savepoint(depth) : "COMMIT", nullptr); });
  replayed_.pop_back();
}

void ConnectionBackend::roll_back(std::size_t depth) {
  const bool is_replayed = replayed_.back();
  replayed_.pop_back();
  if (is_replayed) return;
  if (depth > 0 || inner_) {
    if (is_rolled_back_) return;  // The savepoint is gone, too.
    send("ROLLBACK TO SAVEPOINT " + savepoint(depth), nullptr);
    send("RELEASE SAVEPOINT " + savepoint(depth), nullptr);
  } else {
    is_rolled_back_ = false;
    if (is_transaction_active()) send("ROLLBACK", nullptr);
  }
}

void ConnectionBackend::for_each_row(std::string_view sql, const std::vector<Value>& parameters,
                                     const RowFunction& function) {
  const StatementJournal::Receive receive = [&](const std::vector<std::string>& columns,
                                                const std::vector<Value>& values) {
    function({columns, values});
  };
  const auto stream = [&](const StatementJournal::Receive& to) {
    Stream observer(to, session_.dialect().syntax());
    session_.connection().run(sql, &parameters, observer);
  };
  watch([&] {
    journal_ == nullptr ? stream(receive) : journal_->run_query(sql, hash_of(sql, &parameters), receive, stream);
  });
}

// The schema is read inside the transaction, so other sessions cannot change it before the operation runs.
void ConnectionBackend::enclose(const std::function<void()>& change) {
  if (is_transaction_active()) {
    throw Error(ErrorKind::usage, "Schema operations cannot run inside a transaction that the program opened.")
        .with_remedy("Commit first, because the operation runs in its own transaction; or run it in a migration.");
  }
  const std::unique_ptr<dialect::SafetyGuard> guard = session_.dialect().guard(session_.connection());
  {
    const RunLock lock(session_, RunLock::Around::transaction);
    Transaction transaction(session_);
    struct Guarded {
      dialect::SafetyGuard*& place;
      ~Guarded() { place = nullptr; }
    } const guarded{guard_};
    guard_ = guard.get();
    const std::size_t before = statements();
    try {
      change();
    } catch (Error& error) {
      tell_what_stays_of_change(error, session_, std::max(statements(), before + 1) - before - 1);
      throw;
    }
    guard->before_commit();
    transaction.commit();
  }
  guard->finish();
}

void ConnectionBackend::watch_rebuilds(dialect::WrittenMigration written) {
  written_ = std::move(written);
  if (guard_ != nullptr) guard_->watch_rebuilds(written_);
}

void ConnectionBackend::run_all(const std::vector<std::string>& statements) {
  const auto run = [&] {
    journal_ == nullptr ? MigrationBackend::run_all(statements) : journal_->run_all(statements, sender());
  };
  if (!written_.statements) return run();
  struct Unwatched {
    dialect::SafetyGuard& guard;
    const dialect::WrittenMigration& written;
    ~Unwatched() { guard.watch_rebuilds(written); }
  } const unwatched{*guard_, written_};
  guard_->watch_rebuilds({});
  run();
}

void ConnectionBackend::run_operation(const std::function<void()>& change) {
  struct Flag {
    bool& value;
    explicit Flag(bool& place) : value(place) { value = true; }
    ~Flag() { value = false; }
  };
  const auto run = [&] {
    const Flag flag(in_operation_);
    guard_->run_whole(change);
  };
  journal_ == nullptr ? run() : journal_->run_operation(run, sender());
}

const SchemaAccess* ConnectionBackend::schema_access() {
  source_.dialect = &session_.dialect();
  source_.connection = &session_.connection();
  source_.naming = &session_.naming();
  source_.enclose = [this](const std::function<void()>& change) {
    guard_ == nullptr ? enclose(change) : run_operation(change);
  };
  source_.before_read = [this] {
    if (journal_ != nullptr && !in_operation_) journal_->require_same_schema();
  };
  source_.warn = [this](const std::string& line) { session_.log(LogLevel::warning, line); };
  return &source_;
}

Rows::Data RecordingBackend::execute(std::string_view sql, const std::vector<Value>* parameters) {
  if (parameters == nullptr) schema_.ran(sql);
  script_.push_back(to_text(sql, parameters, schema_.syntax()));
  return {};
}

Rows::Data TolerantBackend::execute(std::string_view sql, const std::vector<Value>* parameters) {
  Rows::Data rows;
  try {
    rows = guard_.run(sql, parameters);
  } catch (const Error&) {  // Nothing was done.
    return {};
  }
  after_each_();
  return rows;
}

}  // namespace whimbrel::session
