#include "dialect/mysql/compare/probe.h"

#include <algorithm>
#include <map>
#include <utility>

#include "dialect/mysql/generate/definition.h"
#include "dialect/mysql/text/error_code.h"
#include "dialect/mysql/text/syntax.h"
#include "sql/lexer.h"
#include "sql/writer.h"
#include "whimbrel/error.h"

namespace whimbrel::dialect::mysql {

namespace {

using diff::ExpressionUse;
using model::Column;
using model::Table;

/// Returns whether an error says something about the statement, not about the connection: also that it names another
/// database.
bool is_of_statement(const Error& error) {
  return error.kind() == ErrorKind::statement || error.kind() == ErrorKind::unsafe;
}

/// Returns the column with only what gives it its type.
Column bare(const Column& column) {
  Column result;
  result.name = column.name;
  result.type = column.type;
  result.nullable = true;
  result.enum_values = column.enum_values;
  result.charset = column.charset;
  result.collation = column.collation;
  return result;
}

bool has_name(const std::string& name, const Column& column) { return sql::equal_ignoring_case(name, column.name); }

const Column* find_column(const Table& table, const std::string& name) {
  const auto found = std::find_if(table.columns.begin(), table.columns.end(),
                                  [&](const Column& column) { return has_name(name, column); });
  return found == table.columns.end() ? nullptr : &*found;
}

/// Far below what the server allows for a row, unless some are very long.
constexpr std::size_t columns_per_table = 30;
constexpr std::size_t checks_per_table = 200;
/// The number of tables that a question is tried to be added to.
constexpr std::size_t open_tables = 8;

}  // namespace

/// An expression, which becomes a column or a check of a table.
struct Probe::Question {
  const diff::ExpressionPair* pair;
  const std::string* expression;
  std::size_t number = 0;
  std::optional<std::string> stored{};  ///< As the server stores it; none: it refused it.

  [[nodiscard]] std::string name() const { return "whimbrel_" + std::to_string(number); }

  /// The table with the columns that the expression uses, and the candidate.
  [[nodiscard]] Table table() const {
    Table result;
    for (const char* const option : {"DEFAULT CHARSET", "COLLATE"}) {
      const auto found = pair->table->options.find(option);
      if (found != pair->table->options.end()) result.options.insert(*found);
    }
    for (const Column& column : pair->table->columns) {
      if (sql::mentions(*expression, column.name, mysql_syntax)) result.columns.push_back(bare(column));
    }
    if (result.columns.empty()) {
      Column& column = result.columns.emplace_back();
      column.name = "whimbrel";
      column.type.name = "int";
    }
    add_candidate(result);
    return result;
  }

  /// Returns the expression of the candidate in the table as it was read.
  [[nodiscard]] std::optional<std::string> find(const Table& table) const {
    for (const model::Check& check : table.checks) {
      if (sql::equal_ignoring_case(check.name.text, name())) return check.expression;
    }
    const Column* const column = find_column(table, name());
    if (column == nullptr) return std::nullopt;
    if (column->computed) return column->computed->expression;
    return column->default_expression.value_or("NULL");
  }

 private:
  void add_candidate(Table& table) const {
    const Column* const own = pair->table->find_column(pair->column);
    switch (pair->use) {
      case ExpressionUse::default_value:
      case ExpressionUse::computed: {
        if (own == nullptr) return;
        Column column = bare(*own);
        column.name = name();
        if (pair->use == ExpressionUse::computed) {
          column.computed = model::Computed{*expression, own->computed && own->computed->stored, {}};
        } else {
          column.default_expression = *expression;
        }
        table.columns.push_back(std::move(column));
        return;
      }
      case ExpressionUse::key_part:
        table.checks.push_back({name(), '(' + *expression + ") IS NULL", false, false, {}});
        return;
      case ExpressionUse::check:
      case ExpressionUse::exclusion:
      case ExpressionUse::predicate:
        table.checks.push_back({name(), *expression, false, false, {}});
        return;
    }
  }
};

/// A table that answers several questions.
struct Probe::Asked {
  Table table;
  std::vector<Question*> questions;

  /// Adds a question whose columns are, under the same names, the same as those of the others. Returns false if they
  /// are not.
  bool add(const Table& other, Question* question) {
    const bool is_full = table.columns.size() + other.columns.size() > columns_per_table ||
                         table.checks.size() + other.checks.size() > checks_per_table;
    if (is_full || table.options != other.options) return false;
    std::vector<const Column*> more;
    for (const Column& column : other.columns) {
      const Column* const same = find_column(table, column.name);
      if (same == nullptr) {
        more.push_back(&column);
      } else if (*same != column) {
        return false;
      }
    }
    for (const Column* const column : more) table.columns.push_back(*column);
    table.checks.insert(table.checks.end(), other.checks.begin(), other.checks.end());
    questions.push_back(question);
    return true;
  }

  static std::vector<Asked> tables_for(std::span<Question*> questions) {
    std::vector<Asked> all;
    for (Question* const question : questions) {
      Table table = question->table();
      const std::size_t first = all.size() < open_tables ? 0 : all.size() - open_tables;
      const bool is_added = std::any_of(all.begin() + static_cast<std::ptrdiff_t>(first), all.end(),
                                        [&](Asked& asked) { return asked.add(table, question); });
      if (is_added) continue;
      table.name = "whimbrel_" + std::to_string(all.size());
      all.push_back({std::move(table), {question}});
    }
    return all;
  }
};

Connection* Probe::open() {
  if (scratch_ != nullptr || !can_ask_) return scratch_.get();
  try {
    scratch_ = connection_.open_scratch();
  } catch (const Error& error) {
    if (!error_code::is_denied(error)) throw;
  }
  can_ask_ = scratch_ != nullptr;
  return scratch_.get();
}

/// Returns false if one of the tables cannot be created.
bool Probe::ask(std::span<Question*> questions) {
  const std::vector<Asked> tables = Asked::tables_for(questions);
  std::vector<std::string> created;
  const auto drop_all = [&] {
    for (const std::string& name : created) scratch_->run("DROP TABLE " + quote(name));
  };
  try {
    for (const Asked& asked : tables) {
      scratch_->run(create_table_sql(asked.table, server_));
      created.push_back(asked.table.name.name);
    }
  } catch (const Error& error) {
    if (!is_of_statement(error)) throw;
    drop_all();
    return false;
  }
  const model::Schema schema = inspect(*scratch_, server_, {});
  drop_all();
  for (const Asked& asked : tables) {
    const Table* const table = schema.find_table(asked.table.name);
    if (table == nullptr) continue;
    for (Question* const question : asked.questions) question->stored = question->find(*table);
  }
  return true;
}

void Probe::ask_in_halves(std::span<Question*> questions) {
  if (questions.empty() || ask(questions) || questions.size() == 1) return;
  const std::size_t half = questions.size() / 2;
  ask_in_halves(questions.first(half));
  ask_in_halves(questions.subspan(half));
}

// Many tables have the same check of the same columns, so each is asked about once.
void Probe::ask_once(std::span<Question> questions) {
  std::map<std::string, std::vector<Question*>> equal;
  std::vector<Question*> distinct;
  for (Question& question : questions) {
    std::vector<Question*>& same = equal[create_table_sql(question.table(), server_)];
    if (same.empty()) distinct.push_back(&question);
    same.push_back(&question);
  }
  for (std::size_t i = 0; i < distinct.size(); ++i) distinct[i]->number = i;
  ask_in_halves(distinct);
  for (const auto& [table, same] : equal) {
    for (Question* const question : same) question->stored = same.front()->stored;
  }
}

// The server stores most of the current expressions already, so only those that differ from it are asked about.
std::vector<bool> Probe::same_expressions(std::span<const diff::ExpressionPair> pairs) {
  std::vector<bool> same(pairs.size());
  if (pairs.empty() || open() == nullptr) return same;
  std::vector<Question> desired;
  desired.reserve(pairs.size());
  for (const diff::ExpressionPair& pair : pairs) desired.push_back({&pair, &pair.desired});
  ask_once(desired);
  std::vector<Question> current;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    // It stores a key part in another way than a check.
    same[i] = pairs[i].use != ExpressionUse::key_part && desired[i].stored == pairs[i].current;
    if (!same[i] && desired[i].stored) current.push_back({&pairs[i], &pairs[i].current});
  }
  ask_once(current);
  for (const Question& question : current) {
    const auto at = static_cast<std::size_t>(question.pair - pairs.data());
    same[at] = question.stored == desired[at].stored;
  }
  return same;
}

namespace {

/// Returns what the server stores of the view, which is created in a copy of the database; nullopt if it refuses it.
std::optional<std::vector<Value>> stored_view(Connection& copy, const model::View& view, const Server& server) {
  const std::string drop = "DROP VIEW IF EXISTS " + quote(view.name.name);
  copy.run(drop);
  try {
    copy.run(view.definition);
  } catch (const Error& error) {
    if (!is_of_statement(error)) throw;
    return std::nullopt;
  }
  const Rows::Data rows = copy.run("SELECT VIEW_DEFINITION, CHECK_OPTION, SECURITY_TYPE, DEFINER" +
                                   std::string(server.is_mariadb ? ", ALGORITHM" : "") +
                                   " FROM information_schema.VIEWS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = " +
                                   sql::quote_string(view.name.name, mysql_syntax));
  copy.run(drop);
  if (rows.values.empty()) return std::nullopt;
  return rows.values.front();
}

}  // namespace

// Without a copy of what the views select from, none of them is the same.
std::vector<bool> Probe::same_views(std::span<const diff::ViewPair> pairs) {
  std::vector<bool> same(pairs.size());
  if (pairs.empty() || open() == nullptr) return same;
  InspectScope scope;
  scope.part.emplace();
  for (const diff::ViewPair& pair : pairs) scope.part->changed.push_back(pair.current->name);
  std::unique_ptr<Connection> copy;
  try {
    std::vector<std::string> left_out;
    copy = copy_schema(connection_, server_, scope, CopyUse::generated_statements, left_out);
  } catch (const Error& error) {
    if (!is_of_statement(error)) throw;
  }
  if (copy == nullptr) return same;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const auto current = stored_view(*copy, *pairs[i].current, server_);
    if (!current) continue;
    const auto desired = stored_view(*copy, *pairs[i].desired, server_);
    same[i] = desired && *desired == *current;
    // Others may select from it.
    if (same[i]) copy->run(pairs[i].current->definition);
  }
  return same;
}

}  // namespace whimbrel::dialect::mysql
