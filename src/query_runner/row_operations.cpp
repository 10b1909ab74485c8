#include "query_runner/schema_operation.h"
#include "sql/writer.h"

// The operations of QueryRunner on many rows.

namespace whimbrel {

namespace {

/// The statements of a batched update.
class BatchStatements {
 public:
  BatchStatements(const BatchUpdate& update, const dialect::Dialect& dialect)
      : update_(update),
        dialect_(dialect),
        table_(dialect.quote_identifier(update.table)),
        key_(dialect.quote_identifier(update.key)) {}

  /// Returns a query for the last key and the number of rows of the batch after a key.
  [[nodiscard]] std::string next_part(bool is_first) const {
    return "SELECT MAX(part), COUNT(*) FROM (SELECT " + key_ + " AS part FROM " + table_ +
           conditions(is_first ? std::vector<std::string>{} : std::vector{key_ + " > " + dialect_.placeholder(1)}) +
           " ORDER BY " + key_ + " LIMIT " + std::to_string(update_.size) + ") AS parts";
  }

  [[nodiscard]] std::string update(bool is_first) const {
    const std::size_t number = update_.parameters.size() + 1;
    std::vector<std::string> bounds = {key_ + " <= " + dialect_.placeholder(number)};
    if (!is_first) bounds.push_back(key_ + " > " + dialect_.placeholder(number + 1));
    return "UPDATE " + table_ + " SET " + update_.set + conditions(std::move(bounds));
  }

 private:
  [[nodiscard]] std::string conditions(std::vector<std::string> bounds) const {
    if (!update_.where.empty()) bounds.push_back('(' + update_.where + ')');
    std::string text;
    for (const std::string& bound : bounds) text += (text.empty() ? " WHERE " : " AND ") + bound;
    return text;
  }

  const BatchUpdate& update_;
  const dialect::Dialect& dialect_;
  std::string table_;
  std::string key_;
};

void require_whole(const BatchUpdate& update) {
  const char* const missing = update.table.empty() ? "table"
                              : update.key.empty() ? "key"
                              : update.set.empty() ? "set"
                              : update.size == 0   ? "size"
                                                   : nullptr;
  if (missing == nullptr) return;
  throw Error(ErrorKind::usage, std::string("A batched update needs a ") + missing + '.')
      .with_remedy(std::string("Set BatchUpdate::") + missing + '.');
}

/// Runs one batch, which is committed separately if there is no surrounding transaction.
template <class Function>
void run_part(QueryRunner& runner, Function part) {
  if (runner.is_transaction_active()) return part();
  runner.start_transaction();
  try {
    part();
  } catch (...) {
    runner.rollback_transaction();
    throw;
  }
  runner.commit_transaction();
}

}  // namespace

void QueryRunner::for_each_row(Text sql, const RowFunction& function) { for_each_row(sql, Parameters({}), function); }

void QueryRunner::for_each_row(Text sql, const Parameters& parameters, const RowFunction& function) {
  backend_->for_each_row({sql.data(), sql.size()}, parameters.values(), function);
}

std::size_t QueryRunner::update_in_batches(const BatchUpdate& update) {
  require_whole(update);
  const BatchStatements statements(update, *query_runner::require_access(*backend_).dialect);
  std::optional<Value> last;
  std::size_t done = 0;
  while (true) {
    const Rows part = query(statements.next_part(!last), Parameters(last ? std::vector{*last} : std::vector<Value>{}));
    const std::int64_t rows = part.empty() ? 0 : part[0][1].integer();
    if (rows == 0) return done;
    const Value end = part[0][0];
    std::vector<Value> values = update.parameters;
    values.push_back(end);
    if (last) values.push_back(*last);
    run_part(*this, [&] { query(statements.update(!last), Parameters(std::move(values))); });
    last = end;
    done += static_cast<std::size_t>(rows);
    if (update.progress) update.progress(done);
  }
}

void QueryRunner::Backend::for_each_row(std::string_view sql, const std::vector<Value>& parameters,
                                        const RowFunction& function) {
  for (const Row row : run(sql, &parameters)) function(row);
}

void QueryRunner::Backend::run_all(const std::vector<std::string>& statements) {
  for (const std::string& statement : statements) run(statement, nullptr);
}

}  // namespace whimbrel
