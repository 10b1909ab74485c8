#include "change/schema_source.h"
#include "change/script_verifier.h"
#include "dialect/statement_error.h"
#include "operation/describe.h"

namespace whimbrel::change {

namespace {

/// A scratch database with the schema of a source, without rows.
class Copy {
 public:
  /// Throws Error if it cannot be created, or if the code in it could reach something else.
  explicit Copy(const SchemaSource& source)
      : connection_(source.driver->open_scratch({.url = source.scratch_url, .confined = true})),
        dialect_(source.driver->make_dialect(connection_->server())) {
    if (!dialect_->is_confined(*connection_)) {
      throw Error(ErrorKind::unsafe,
                  "functions of the schema would run with the privileges of a role that can reach outside it.");
    }
    connection_->stand_in_for_unknown(&stand_ins_);
    std::vector<std::string> existing;
    if (dialect_->take_default_schema(*connection_, *source.connection)) {
      existing = dialect_->inspect(*connection_, {{}, true}).schemas;
    }
    run(create_whole(source, existing).script.up);
  }
  Copy(const Copy&) = delete;
  Copy& operator=(const Copy&) = delete;

  void run(const std::vector<sql::Statement>& statements) const {
    const std::unique_ptr<dialect::SafetyGuard> guard = dialect_->guard(*connection_);
    for (const sql::Statement& statement : statements) guard->run(statement.sql, nullptr);
    guard->finish();
  }

  /// Runs the script. Returns why the runner would refuse it at its end; empty if it would not.
  [[nodiscard]] std::string run_script(const std::vector<sql::Statement>& statements) const {
    const std::unique_ptr<dialect::SafetyGuard> guard = dialect_->guard(*connection_);
    for (const sql::Statement& statement : statements) guard->run(statement.sql, nullptr);
    std::string refusal;
    try {
      guard->before_commit();
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::unsafe) throw;
      refusal = error.what();
    }
    guard->finish();
    return refusal;
  }

  /// Returns the operations that would turn the copy into the schema, as display text.
  [[nodiscard]] std::string difference(const model::Schema& expected) const {
    diff::Ownership everything;
    everything.everything = true;
    const model::Schema schema = dialect_->inspect(*connection_, {{}, true});
    std::string words;
    for (const operation::Operation& operation :
         diff::diff(schema, expected, *dialect_->comparison(*connection_), {}, everything).operations) {
      words += "\n  " + operation::describe(operation);
    }
    return words;
  }

  [[nodiscard]] bool is_denied(const Error& error) const { return dialect_->is_denied(error); }
  [[nodiscard]] std::string reason(const Error& error) const { return dialect::reason(error, *connection_); }

 private:
  std::unique_ptr<dialect::Connection> connection_;
  std::unique_ptr<const dialect::Dialect> dialect_;
  std::vector<std::string> stand_ins_;  ///< For functions and modules that only a program's connection has.
};

/// Copies the source. Returns why that is impossible; empty if it is not.
std::string copy_source(std::optional<Copy>& copy, const SchemaSource& source) {
  try {
    copy.emplace(source);
    const std::string unlike = copy->difference(source.schema);
    if (unlike.empty()) return {};
    return "not verified: a scratch copy of the first schema is not equal to it:" + unlike;
  } catch (const Error& error) {
    return std::string("not verified: a scratch copy of the first schema cannot be created: ") + error.what();
  }
}

std::string denial_note(const Copy& copy, const Error& error) {
  return "not verified: a role that can reach nothing but the scratch copy may not run a statement: " +
         copy.reason(error);
}

std::string differences_note(const Copy& copy, const char* which, const model::Schema& expected) {
  const std::string left = copy.difference(expected);
  if (left.empty()) return {};
  return std::string("on a scratch copy without rows, the script leaves differences from the ") + which +
         " schema:" + left;
}

/// Runs the script, and compares the result. Returns what there is to say of it; empty if nothing.
std::string run_on_copy(const Copy& copy, const std::vector<sql::Statement>& statements, const char* which,
                        const model::Schema& expected) {
  std::string refusal;
  try {
    refusal = copy.run_script(statements);
  } catch (const Error& error) {
    if (copy.is_denied(error)) return denial_note(copy, error);
    throw Error(ErrorKind::unsafe,
                "The script is not printed, because it fails on a scratch copy without rows: " + copy.reason(error))
        .with_remedy(
            "Make the change in smaller steps, or by hand; --no-verify prints the script as it is. If the database can "
            "make it in one step, please report this with both schemas.")
        .with_statement(error.statement(), error.statement_offset())
        .with_native_code(error.native_code());
  }
  if (std::string differences = differences_note(copy, which, expected); !differences.empty()) return differences;
  return refusal.empty() ? refusal : "a migration that makes this change would be refused: " + refusal;
}

}  // namespace

std::string verify_whole(const SchemaSource& from, const SchemaSource& to,
                         const std::vector<sql::Statement>& statements) {
  if (statements.empty()) return {};
  std::optional<Copy> copy;
  const std::string why = copy_source(copy, from);
  return why.empty() ? run_on_copy(*copy, statements, "second", to.schema) : why;
}

std::string verify_way_back(const SchemaSource& from, const std::vector<sql::Statement>& up,
                            const std::vector<sql::Statement>& down) {
  if (down.empty()) return {};
  std::optional<Copy> copy;
  std::string why = copy_source(copy, from);
  if (!why.empty()) return why;
  try {
    copy->run(up);
  } catch (const Error& error) {
    if (copy->is_denied(error)) return denial_note(*copy, error);
    return "not verified: the script without --down fails on a scratch copy without rows: " + copy->reason(error);
  }
  return run_on_copy(*copy, down, "first", from.schema);
}

}  // namespace whimbrel::change
