#include <algorithm>
#include <type_traits>

#include "dialect/postgres/compare/publications.h"
#include "dialect/postgres/dialect.h"
#include "dialect/postgres/text/sqlstate.h"
#include "dialect/statement_error.h"
#include "operation/describe.h"
#include "whimbrel/error.h"

namespace whimbrel::dialect::postgres {

namespace {

using namespace operation;
using model::Schema;

/// A schema that no other session sees, in a transaction that is never committed. It needs no separate database, and a
/// crash leaves nothing behind. A failed statement is undone. Not for statements that begin or end transactions, or
/// that name another schema.
class ScratchSchema final : public Connection {
 public:
  explicit ScratchSchema(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {
    connection_->run("BEGIN");
    connection_->run("CREATE SCHEMA whimbrel_scratch");
    // With nothing else in the path, unqualified names cannot refer to outside objects.
    connection_->run("SET LOCAL search_path = whimbrel_scratch");
  }

  Rows::Data run_all(std::string_view sql, const std::vector<Value>* parameters, StatementObserver* observer) override {
    return protect([&] { return connection_->run_all(sql, parameters, observer); });
  }
  std::vector<Rows::Data> run_together(const std::vector<std::string>& queries) override {
    return protect([&] { return connection_->run_together(queries); });
  }
  bool is_transaction_active() const override { return true; }
  void interrupt() noexcept override { connection_->interrupt(); }
  ServerFacts server() const override { return connection_->server(); }
  std::string description() const override { return connection_->description(); }
  std::unique_ptr<Connection> open_scratch() const override { return connection_->open_scratch(); }
  std::unique_ptr<Connection> open_again() const override { return connection_->open_again(); }

 private:
  template <class Function>
  std::invoke_result_t<Function> protect(Function function) {
    connection_->run("SAVEPOINT whimbrel_scratch");
    try {
      auto result = function();
      connection_->run("RELEASE SAVEPOINT whimbrel_scratch");
      return result;
    } catch (const Error&) {
      connection_->run("ROLLBACK TO SAVEPOINT whimbrel_scratch");
      throw;
    }
  }

  std::unique_ptr<Connection> connection_;
};

/// Returns whether one transaction can hold this number of locks and leave as many to others. Each created relation
/// takes one. https://www.postgresql.org/docs/current/runtime-config-locks.html
bool has_locks(Connection& connection, std::size_t count) {
  constexpr const char* locks =
      "SELECT current_setting('max_locks_per_transaction')::bigint * "
      "(current_setting('max_connections')::bigint + current_setting('max_prepared_transactions')::bigint)";
  return static_cast<std::int64_t>(count) <= connection.run(locks).values.at(0).at(0).integer() / 2;
}

/// A generated statement creates at most as many relations as a table with several keys: the table, its TOAST table
/// with an index, a sequence, and the indexes.
constexpr std::size_t locks_of_statement = 8;

std::size_t locks_of(const Schema& schema) {
  std::size_t count = 2 * schema.views.size() + schema.objects.size() + 2 * schema.enums.size();
  for (const model::Table& table : schema.tables) {
    count += locks_of_statement + table.indexes.size() + table.uniques.size() + table.exclusions.size();
  }
  return count;
}

std::unique_ptr<Connection> open_scratch_schema(Connection& connection) {
  std::unique_ptr<Connection> other = connection.open_again();
  if (other == nullptr) return nullptr;
  try {
    return std::make_unique<ScratchSchema>(std::move(other));
  } catch (const Error& error) {
    if (!has_sqlstate(error, "42501") && !has_sqlstate(error, "25006")) throw;
    return nullptr;
  }
}

[[noreturn]] void refuse(const Connection& connection) {
  throw Error(ErrorKind::usage, "Cannot verify on the " + connection.description() +
                                    ": the role may create neither schemas nor databases.")
      .with_remedy(
          "Allow the role to create one (GRANT CREATE ON DATABASE, or CREATEDB), use another role, or skip the "
          "verification with --no-verify.");
}

/// Opens a scratch schema, or a scratch database if the statements need more locks than a transaction can have.
std::unique_ptr<Connection> open_scratch_for(Connection& connection, bool may_be_schema, std::size_t locks) {
  std::unique_ptr<Connection> scratch;
  if (may_be_schema && has_locks(connection, locks)) scratch = open_scratch_schema(connection);
  if (scratch == nullptr) scratch = connection.open_scratch();
  if (scratch == nullptr && may_be_schema) scratch = open_scratch_schema(connection);
  if (scratch == nullptr) refuse(connection);
  return scratch;
}

bool is_in_default(const Schema& schema) {
  const auto in_default = [](const auto& items) {
    return std::all_of(items.begin(), items.end(), [](const auto& item) { return item.name.schema.empty(); });
  };
  return schema.schemas.empty() && in_default(schema.tables) && in_default(schema.views) && in_default(schema.enums);
}

/// A publication is in no schema.
bool has_publication(const Schema& schema) {
  return std::any_of(schema.objects.begin(), schema.objects.end(),
                     [](const model::Object& object) { return object.kind == "publication"; });
}

bool refers_elsewhere(const Schema& schema) {
  return std::any_of(schema.tables.begin(), schema.tables.end(), [](const model::Table& table) {
    return std::any_of(table.foreign_keys.begin(), table.foreign_keys.end(),
                       [](const model::ForeignKey& key) { return !key.referenced_table.schema.empty(); }) ||
           std::any_of(table.inherits.begin(), table.inherits.end(),
                       [](const model::Name& parent) { return !parent.schema.empty(); });
  });
}

/// Returns the operations that create the schema in an empty database.
std::vector<Operation> creation(const Schema& schema) {
  std::vector<Operation> operations;
  for (const std::string& name : schema.schemas) operations.emplace_back(CreateSchema{name});
  for (const model::Enum& type : schema.enums) operations.emplace_back(CreateEnum{type});
  for (const model::Object& object : without_unsupported_publications(schema.objects)) {
    operations.emplace_back(CreateObject{object});
  }
  for (const model::Table& table : schema.tables) operations.emplace_back(CreateTable{table});
  for (const model::View& view : schema.views) operations.emplace_back(CreateView{view});
  return make_rewriter()->rewrite({plan::order(std::move(operations)), {}}, {}, schema).up;
}

}  // namespace

std::unique_ptr<Connection> open_scratch(Connection& connection, std::size_t statements) {
  return open_scratch_for(connection, true, statements * locks_of_statement);
}

std::unique_ptr<Connection> copy_schema(Connection& connection, const InspectScope& scope, CopyUse use,
                                        std::vector<std::string>& left_out) {
  InspectScope with_objects = scope;
  with_objects.objects = true;
  const Schema schema = postgres::inspect(connection, with_objects);
  // Outside objects must not be reached, not even to be locked.
  const bool fits = use == CopyUse::generated_statements && scope.schemas.empty() && !scope.everything &&
                    is_in_default(schema) && !refers_elsewhere(schema) && !has_publication(schema);
  const std::size_t statements = scope.part ? scope.part->statements : 0;
  std::unique_ptr<Connection> scratch =
      open_scratch_for(connection, fits, locks_of(schema) + statements * locks_of_statement);
  // A function may be created before the tables that its body reads.
  scratch->run("SET check_function_bodies = off");
  for (const Operation& operation : creation(schema)) {
    try {
      for (const sql::Statement& statement : generate({operation})) scratch->run(statement.sql);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::statement) throw;
      left_out.push_back(describe_target(operation) + " (" + reason(error, *scratch) + ')');
    }
  }
  return scratch;
}

}  // namespace whimbrel::dialect::postgres
