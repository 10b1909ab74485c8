#include "run/trial.h"

#include "run/ownership.h"

namespace whimbrel::run {

namespace {

Error failure(const std::string& message) {
  return Error(ErrorKind::internal, message)
      .with_remedy(
          "Nothing was written. This is a mistake of whimbrel's: please report it with the schema and the entities.");
}

}  // namespace

model::Schema Trial::inspect() const {
  dialect::Scope scope = session_.scope();
  scope.objects = objects_;
  return without_history(session_, session_.dialect().inspect(*scratch_, scope));
}

std::set<std::string> Trial::broken() const {
  const std::vector<std::string> names = session_.dialect().broken_objects(*scratch_);
  return {names.begin(), names.end()};
}

void Trial::run(const std::vector<sql::Statement>& statements, const std::string& which) const {
  const std::unique_ptr<dialect::Guard> guard = session_.dialect().guard(*scratch_);
  for (const sql::Statement& statement : statements) {
    session_.stop_if_interrupted();
    try {
      guard->run(statement.sql, nullptr);
    } catch (const Error& error) {
      throw failure("A statement of the generated `" + which + "` fails on a scratch database: " + error.what())
          .with_statement(statement.sql, error.statement_offset())
          .with_native_code(error.native_code());
    }
  }
  guard->finish();
}

void Trial::require(const model::Schema& expected, const std::string& which) const {
  const std::vector<std::string> missing = difference(inspect(), expected);
  if (missing.empty()) return;
  std::string words;
  for (const std::string& operation : missing) words += "\n  " + operation;
  throw failure("The generated `" + which +
                "` does not lead to the schema that it should. What is missing after it:" + words);
}

std::vector<std::string> Trial::difference(const model::Schema& from, const model::Schema& to) const {
  const auto comparison = session_.dialect().comparison(*scratch_);
  diff::Ownership everything;
  everything.everything = true;
  std::vector<std::string> words;
  for (const operation::Operation& operation : diff::diff(from, to, *comparison, {}, everything).operations) {
    words.push_back(operation::describe(operation));
  }
  return words;
}

}  // namespace whimbrel::run
