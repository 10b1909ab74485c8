#include "change/user_sql_error.h"

#include <algorithm>
#include <set>
#include <utility>

#include "change/script_verifier.h"
#include "dialect/samples.h"
#include "dialect/statement_error.h"
#include "sql/writer.h"

namespace whimbrel::change {

namespace {

using namespace operation;
using model::Column;
using model::Table;

constexpr const char* trial_name = "whimbrel_trial";

/// A piece of SQL written by the user.
struct Piece {
  std::string words;  ///< What it is and where: `the check constraint of table "user"`.
  std::string sql;
  std::string option;  ///< The call or option that sets it: `check()`.
  std::string owner;   ///< The class or the member that sets it; empty for an answer.
};

std::string quoted(const std::string& name) { return '"' + name + '"'; }

std::string owner(const Table& table) { return table.entity.value.empty() ? "the entity" : table.entity.value; }
std::string owner(const Table& table, const Column& column) {
  return column.member.value.empty() ? owner(table) : column.member.value;
}

/// Returns the column with only its type.
Column bare(const Column& column) {
  Column result;
  result.name = column.name;
  result.type = column.type;
  result.enum_name = column.enum_name;
  if (column.enum_name.empty()) result.enum_values = column.enum_values;
  result.nullable = true;
  return result;
}

Table bare(const Table& table) {
  Table result;
  result.name = trial_name;
  for (const Column& column : table.columns) result.columns.push_back(bare(column));
  return result;
}

/// Tests pieces on one scratch copy until the database rejects one.
class MistakeSearch {
 public:
  MistakeSearch(session::Session& session, const SchemaChange& generated, const dialect::InspectScope& scope)
      : session_(session),
        generated_(generated),
        verifier_(session, session.dialect().copy_schema(session.connection(), scope,
                                                         dialect::CopyUse::generated_statements, left_out_)) {
    for (const Operation& operation : generated.operations) {
      const auto* const made = std::get_if<CreateEnum>(&operation);
      if (made == nullptr) continue;
      model::Schema with_enum;
      with_enum.enums = {made->type};
      make(operation, {}, with_enum);
    }
  }

  std::optional<Error> run() {
    for (const Operation& operation : generated_.operations) {
      std::visit(*this, operation);
      if (found_) break;
    }
    try_dependents();
    return std::move(found_);
  }

  void operator()(const CreateTable& op) {
    for (const Column& column : op.table.columns) try_column(op.table, column);
    try_parts(op.table);
  }
  void operator()(const AddColumn& op) {
    with_table(op.table, [&](const Table& table) { try_column(table, op.column); });
    if (op.backfill) try_fill(op.table, op.column.name, *op.backfill);
  }
  void operator()(const AlterColumn& op) {
    with_table(op.table, [&](const Table& table) { try_column(table, op.after); });
    if (op.backfill) try_fill(op.table, op.after.name, *op.backfill);
  }
  void operator()(const AddCheck& op) {
    with_table(op.table, [&](const Table& table) { try_check(table, op.check); });
  }
  void operator()(const AddExclusion& op) {
    with_table(op.table, [&](const Table& table) { try_exclusion(table, op.exclusion); });
  }
  void operator()(const CreateIndex& op) {
    with_table(op.table, [&](const Table& table) { try_index(table, op.index); });
  }
  template <class Other>
  void operator()(const Other&) const {}

 private:
  void try_parts(const Table& table) {
    for (const model::Check& check : table.checks) try_check(table, check);
    for (const model::Exclusion& exclusion : table.exclusions) try_exclusion(table, exclusion);
    for (const model::Index& index : table.indexes) try_index(table, index);
  }

  /// What an entity leaves as it is can be wrong after a change of the table: an index over a column that is dropped.
  void try_dependents() {
    std::set<model::Name> tried;
    for (const Operation& operation : generated_.operations) {
      const model::Name& name = target_name(operation);
      if (found_ || std::holds_alternative<CreateTable>(operation) || !tried.insert(name).second) continue;
      const Table* const table = session_.desired().find_table(name);
      const Table* const former = generated_.current.find_table(name);
      if (table != nullptr && former != nullptr) try_dependents(*table, *former);
    }
  }

  /// What the database rejects with the former columns, too, is wrong only on the trial's table.
  void try_dependents(const Table& table, const Table& former) {
    try_parts(table);
    if (!found_) return;
    std::optional<Error> found = std::exchange(found_, std::nullopt);
    Table unchanged = table;
    unchanged.columns = former.columns;
    try_parts(unchanged);
    found_ = found_ ? std::nullopt : std::move(found);
  }

  template <class Function>
  void with_table(const model::Name& name, Function function) const {
    if (const Table* const table = generated_.target.find_table(name)) function(*table);
  }

  void make(const Operation& operation, const model::Schema& before, const model::Schema& after) const {
    const auto rewriter = session_.dialect().rewriter(verifier_.scratch());
    const plan::Plan plan = rewriter->rewrite({{operation}, {}}, before, after);
    for (const sql::Statement& statement : session_.dialect().generate(plan.up)) verifier_.scratch().run(statement.sql);
  }
  void create(const Table& table) const {
    model::Schema schema;
    schema.tables = {table};
    make(CreateTable{table}, {}, schema);
  }
  void drop(const Table& table) const {
    model::Schema schema;
    schema.tables = {table};
    make(DropTable{table}, schema, {});
  }

  /// Drops what was created of a rejected table: a rejected index leaves the table.
  void drop_rest(const Table& table) const {
    try {
      drop(table);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::statement) throw;
    }
  }

  /// If the database rejects the table, the piece is the cause.
  void try_table(const Table& table, const Piece& piece) {
    if (found_) return;
    try {
      create(table);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::statement) throw;
      blame(piece, error);
      drop_rest(table);
      return;
    }
    if (auto error = session_.dialect().samples().use_error(verifier_.scratch(), table)) {
      blame(piece, std::move(*error));
      if (found_) {
        found_->with_remedy(
            found_->remedy() +
            " A function or collation that the program itself registers is known here only if the program passes its "
            "own connection; otherwise generate the migration with --no-verify.");
      }
    }
    drop(table);
  }

  void try_column(const Table& table, const Column& column) {
    const std::string of = " of column " + quoted(column.name) + " of table " + quoted(to_string(table.name));
    const std::string member = owner(table, column);
    Table alone;
    alone.name = trial_name;
    alone.columns = {bare(column)};
    try_table(alone, {"the type" + of, to_string(column.type), ".type", member});
    alone.columns[0].collation = column.collation;
    if (!column.collation.empty()) try_table(alone, {"the collation" + of, column.collation, ".collation", member});
    // New values of an enum do not exist yet.
    if (column.default_expression && column.enum_name.empty()) {
      alone.columns[0].default_expression = column.default_expression;
      try_table(alone,
                {"the default" + of, *column.default_expression, ".default_value or .default_expression", member});
    }
    if (!column.computed) return;
    Table whole = bare(table);
    const auto place = std::find_if(whole.columns.begin(), whole.columns.end(),
                                    [&](const Column& other) { return other.name == column.name; });
    if (place != whole.columns.end()) place->computed = column.computed;
    try_table(whole, {"the expression" + of, column.computed->expression, ".computed", member});
  }

  void try_check(const Table& table, const model::Check& check) {
    Table tried = bare(table);
    tried.checks.push_back({"", check.expression});
    try_table(tried, {"the check constraint of table " + quoted(to_string(table.name)), check.expression, "check()",
                      owner(table)});
  }

  void try_exclusion(const Table& table, const model::Exclusion& exclusion) {
    Table tried = bare(table);
    tried.exclusions.push_back({trial_name, exclusion.definition});
    try_table(tried, {"the exclusion constraint of table " + quoted(to_string(table.name)), exclusion.definition,
                      "exclusion()", owner(table)});
  }

  void try_index(const Table& table, const model::Index& index) {
    Table tried = bare(table);
    tried.indexes.push_back(index);
    tried.indexes[0].name = std::string(trial_name) + "_index";
    tried.indexes[0].definition.value.clear();
    tried.indexes[0].concurrent.value = false;
    std::string sql;
    for (const std::string& part : model::column_names(index.columns)) sql += (sql.empty() ? "" : ", ") + part;
    if (!index.where.empty()) sql += " WHERE " + index.where;
    try_table(tried, {"the index of table " + quoted(to_string(table.name)), sql, "index()", owner(table)});
  }

  /// A backfill may use columns that the table has before or after the change.
  void try_fill(const model::Name& name, const std::string& column, const std::string& fill) {
    const Table* const after = generated_.target.find_table(name);
    if (after == nullptr || found_) return;
    Table table = bare(*after);
    if (const Table* const before = generated_.current.find_table(name)) {
      for (const Column& other : before->columns) {
        if (table.find_column(other.name) == nullptr) table.columns.push_back(bare(other));
      }
    }
    create(table);
    const std::string target = to_string(name) + '.' + column;
    try {
      verifier_.scratch().run(sql::Writer(session_.dialect().syntax())
                                  .raw("UPDATE ")
                                  .identifier(trial_name)
                                  .raw(" SET ")
                                  .identifier(column)
                                  .raw(" = ")
                                  .raw(fill)
                                  .take());
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::statement) throw;
      blame({"the backfill of column " + quoted(column) + " of table " + quoted(to_string(name)), fill,
             "--backfill " + target, ""},
            error);
    }
    drop(table);
  }

  /// Shows the position in the piece, if the database reported one.
  void blame(const Piece& piece, const Error& error) {
    blame(piece, reason(error, verifier_.scratch()));
    if (!found_) return;
    const auto place = error.statement().find(piece.sql);
    const auto offset = static_cast<std::size_t>(std::max(error.statement_offset(), 0));
    const bool is_inside = error.statement_offset() >= 0 && place != std::string::npos && offset >= place &&
                           offset <= place + piece.sql.size();
    found_->with_statement(piece.sql, is_inside ? static_cast<int>(offset - place) : -1)
        .with_native_code(error.native_code());
  }

  void blame(const Piece& piece, std::string why) {
    if (session_.dialect().samples().has_what_lacks(session_.connection(), why)) return;
    while (!why.empty() && why.back() == '.') why.pop_back();
    const bool is_answer = piece.owner.empty();
    found_.emplace(is_answer ? ErrorKind::usage : ErrorKind::entity,
                   "The database rejects " + piece.words + ": " + why + '.');
    found_->with_remedy("Nothing was written. Correct " + piece.option + (is_answer ? "" : " of " + piece.owner) + '.')
        .with_statement(piece.sql);
  }

  session::Session& session_;
  const SchemaChange& generated_;
  std::vector<std::string> left_out_;
  ScriptVerifier verifier_;
  std::optional<Error> found_;
};

}  // namespace

std::optional<Error> find_user_sql_error(session::Session& session, const SchemaChange& generated,
                                         const dialect::InspectScope& scope) {
  return MistakeSearch(session, generated, scope).run();
}

}  // namespace whimbrel::change
