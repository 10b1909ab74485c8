#include <charconv>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <system_error>
#include <utility>

#include "dialect/sqlite/compare/definition_comparer.h"
#include "dialect/sqlite/dialect.h"
#include "dialect/sqlite/guard/command.h"
#include "dialect/sqlite/inspect/virtual_table.h"
#include "dialect/sqlite/rewrite/rename_obstacles.h"
#include "dialect/sqlite/rewrite/virtual_plan.h"
#include "dialect/sqlite/text/statement_text.h"
#include "dialect/sqlite/text/syntax.h"
#include "dialect/statement_error.h"
#include "operation/describe.h"
#include "sql/lexer.h"
#include "sql/writer.h"

namespace whimbrel::dialect::sqlite {

namespace {

/// Compiles expressions over one table after the other.
class ExpressionCompiler {
 public:
  explicit ExpressionCompiler(std::unique_ptr<Connection> scratch) : scratch_(std::move(scratch)) {}

  bool are_same(const diff::ExpressionPair& pair) {
    if (pair.table != table_) change_table(*pair.table);
    // The database may use functions that only the program's own connection has.
    scratch_->stand_in_for_unknown(&stand_ins_);
    const auto current = program(pair.current);
    scratch_->stand_in_for_unknown(nullptr);
    return current && current == program(pair.desired) && are_same_literals(pair);
  }

 private:
  using Program = std::vector<std::vector<Value>>;

  void change_table(const model::Table& table) {
    if (table_ != nullptr)
      scratch_->run("DROP TABLE IF EXISTS " + sql::quote_identifier(table_->name.name, sqlite_syntax));
    table_ = &table;
    attempt([&] { scratch_->run(bare_table(table)); });
  }

  /// Returns the compiled expression; nullopt if it does not compile. A comparison is included for its collation and
  /// its affinity, which the value alone does not show.
  std::optional<Program> program(const std::string& expression) {
    const std::string sql = "EXPLAIN SELECT (" + expression + "), (" + expression + ") < 'a' FROM " +
                            sql::quote_identifier(table_->name.name, sqlite_syntax);
    std::optional<Program> result;
    attempt([&] {
      result = scratch_->run(sql).values;
      for (std::vector<Value>& instruction : *result) instruction.pop_back();  // The comment.
    });
    return result;
  }

  /// EXPLAIN shows sixteen digits of a real number, and a blob up to its first zero byte, so SQLite compares the
  /// literals of which it may show less than all.
  bool are_same_literals(const diff::ExpressionPair& pair) {
    const std::vector<std::string_view> current = shortened_literals(pair.current);
    const std::vector<std::string_view> desired = shortened_literals(pair.desired);
    if (current == desired) return true;
    if (current.size() != desired.size()) return false;
    sql::Writer query(sqlite_syntax);
    query.raw("SELECT 1");
    for (std::size_t i = 0; i < current.size(); ++i) {
      query.raw(" AND ").raw(current[i]).raw(" IS ").raw(desired[i]);
    }
    return scratch_->run(query.take()).values.at(0).at(0).text() == "1";
  }

  static std::vector<std::string_view> shortened_literals(std::string_view expression) {
    std::vector<std::string_view> result;
    for (const sql::Token& token : sql::tokenize(expression, sqlite_syntax)) {
      const bool is_blob = token.kind == sql::TokenKind::string && token.text.front() != '\'';
      const bool is_number = token.kind == sql::TokenKind::number;
      if (is_blob || (is_number && is_rounded(token.text))) result.push_back(token.text);
    }
    return result;
  }

  /// Returns whether it may be a real number with more digits than EXPLAIN shows; so may an integer of more than 64
  /// bits.
  static bool is_rounded(std::string_view number) {
    if (number.starts_with("0x") || number.starts_with("0X")) return false;
    std::int64_t integer = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), integer);
    if (error == std::errc() && end == number.data() + number.size()) return false;
    std::string digits;
    for (const char letter : number.substr(0, number.find_first_of("eE"))) {
      if (letter >= '0' && letter <= '9') digits += letter;
    }
    const std::size_t first = digits.find_first_not_of('0');
    return first != std::string::npos && digits.find_last_not_of('0') + 1 - first > 15;
  }

  template <class Action>
  static void attempt(Action action) {
    try {
      action();
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::statement) throw;
    }
  }

  std::unique_ptr<Connection> scratch_;
  std::vector<std::string> stand_ins_;
  const model::Table* table_ = nullptr;
};

/// Makes the items as the scratch database stores them, with the triggers that could not be tested there.
template <class T>
void take_over(std::vector<T>& items, const std::vector<T>& actual) {
  std::map<model::Name, const T*> by_name;
  for (const T& item : actual) by_name.emplace(item.name, &item);
  for (T& item : items) {
    const auto found = by_name.find(item.name);
    if (found == by_name.end()) continue;
    const std::vector<model::Trigger> expected = std::exchange(item, *found->second).triggers;
    std::set<std::string> names;
    for (const model::Trigger& trigger : item.triggers) names.insert(trigger.name);
    for (const model::Trigger& trigger : expected) {
      if (names.insert(trigger.name).second) item.triggers.push_back(trigger);
    }
  }
}

/// SQLite itself cannot rename every column: not, for example, the INTEGER PRIMARY KEY of a WITHOUT ROWID table that is
/// also part of a unique.
void run_rename(Connection& scratch, const operation::Operation& rename) {
  try {
    for (const sql::Statement& statement : generate({rename})) scratch.run(statement.sql);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::statement) throw;
    throw Error(ErrorKind::unsafe, "SQLite cannot " + operation::describe(rename) + ": " + reason(error, scratch) + '.')
        .with_remedy(
            "Nothing was written. Keep the old name, or rebuild the table by hand: create one with another name that "
            "has the new column, copy the rows, drop the old table, and rename the new one.")
        .with_statement(error.statement())
        .with_native_code(error.native_code());
  }
}

class SqliteComparison final : public diff::Comparison {
 public:
  SqliteComparison(const Dialect& dialect, Connection& connection)
      : Comparison(dialect), connection_(connection), definitions_(connection) {}

  std::optional<diff::SchemaPair> normalised(const model::Schema&, const model::Schema& desired,
                                             bool everything) const override {
    compares_everything_ = everything;
    definitions_.begin(std::move(renamed_), desired, everything);
    return std::nullopt;
  }

  // Entities mean what is stored, whatever another tool calls it; two databases are compared to the letter.
  bool same_type(const model::Type& current, const model::Type& desired) const override {
    if (!compares_everything_) return is_stored_alike(current, desired);
    return current == desired || normalise(current) == normalise(desired);
  }

  bool allows_type(const model::Table& desired, const model::Type& current) const override {
    return !desired.options.contains("STRICT") || is_strict_type(current);
  }

  bool numbers_rows(const model::Table& table, const model::Column& column) const override {
    return is_rowid(table, column);
  }

  std::vector<bool> same_expressions(std::span<const diff::ExpressionPair> pairs) const override {
    std::vector<bool> same;
    if (pairs.empty()) return same;
    ExpressionCompiler compiler(connection_.open_scratch());
    same.reserve(pairs.size());
    for (const diff::ExpressionPair& pair : pairs) same.push_back(compiler.are_same(pair));
    return same;
  }

  // SQLite keeps the statement as it was written, but ALTER TABLE ... RENAME inserts the new name with quotes.
  bool same_words(const model::View& current, const model::View& desired) const override {
    return definitions_.are_same({"view", current.name.name, current.definition},
                                 {"view", desired.name.name, desired.definition});
  }

  void find_uses(model::Table& table) const override { sqlite::find_uses(connection_, table); }

  bool fires_in_order_of_creation(const model::Trigger& a, const model::Trigger& b) const override {
    return fire_together(a.definition, b.definition);
  }

  bool describes_options() const override { return true; }

  // ALTER TABLE ... RENAME inserts the new name with quotes into triggers.
  bool same_trigger(const model::Trigger& current, const model::Trigger& desired) const override {
    return definitions_.are_same({"trigger", current.name, current.definition},
                                 {"trigger", desired.name, desired.definition});
  }

  std::vector<operation::Operation> rename_steps(const model::Schema& current,
                                                 std::vector<operation::Operation> renames,
                                                 bool /*is_whole*/) const override {
    std::unique_ptr<Connection> scratch;
    const auto can_read = [&](const model::Object& index) {
      if (scratch == nullptr) {
        scratch = copy_for_renames(connection_);
        for (const auto& step : without_obstacles(connection_, current, renames)) run_rename(*scratch, step);
      }
      return !content_error(*scratch, first_statement(index.definition));
    };
    return without_obstacles(connection_, current, with_indexes_of_content(current, renames, can_read));
  }

  model::Schema after_renames(const model::Schema& current,
                              const std::vector<operation::Operation>& steps) const override {
    model::Schema schema = current;
    for (const operation::Operation& step : steps) operation::apply(schema, step, sqlite_syntax);
    renamed_ = copy_for_renames(connection_);
    for (const operation::Operation& step : steps) run_rename(*renamed_, step);
    const model::Schema actual = inspect(*renamed_);
    take_over(schema.tables, actual.tables);
    take_over(schema.views, actual.views);
    return schema;
  }

 private:
  mutable bool compares_everything_ = false;
  Connection& connection_;
  mutable std::unique_ptr<Connection> renamed_;  ///< A copy of the database after the renames.
  mutable DefinitionComparer definitions_;
};

}  // namespace

std::unique_ptr<diff::Comparison> make_comparison(const Dialect& dialect, Connection& connection) {
  return std::make_unique<SqliteComparison>(dialect, connection);
}

}  // namespace whimbrel::dialect::sqlite
