#include "change/script_verifier.h"

#include "change/ownership.h"
#include "dialect/samples.h"
#include "dialect/statement_error.h"
#include "operation/describe.h"

namespace whimbrel::change {

VerificationError::VerificationError(const std::string& message, std::string why)
    : Error(ErrorKind::internal, message), why_(std::move(why)) {
  with_remedy(
      "Nothing was written. This is a bug in whimbrel; please report it with the schema and the entities. --no-verify "
      "skips verification.");
}

model::Schema ScriptVerifier::inspect() const {
  return without_history(session_, session_.dialect().inspect(*scratch_, session_.scope()));
}

std::set<std::string> ScriptVerifier::broken() const {
  const std::vector<std::string> names = session_.dialect().broken_objects(*scratch_);
  return {names.begin(), names.end()};
}

void ScriptVerifier::run(const std::vector<sql::Statement>& statements, const std::string& which, Look look,
                         const std::function<void()>& first) const {
  const dialect::Samples& samples = session_.dialect().samples();
  const bool is_silent = samples.has_reaching_triggers(*scratch_);
  const std::unique_ptr<dialect::SafetyGuard> guard = session_.dialect().guard(*scratch_);
  for (const sql::Statement& statement : statements) {
    session_.stop_if_interrupted();
    try {
      const auto run_statement = [&] { guard->run(statement.sql, nullptr); };
      is_silent ? samples.without_triggers(*scratch_, run_statement) : run_statement();
    } catch (const Error& error) {
      const std::string why = reason(error, *scratch_);
      VerificationError failure(
          "Verification failed: a statement of the generated `" + which + "` failed on the scratch database: " + why,
          why);
      failure.with_statement(statement.sql, error.statement_offset())
          .with_native_code(error.native_code())
          .with_remedy(
              "Nothing was written. Check that the functions, extensions and privileges that the statement needs exist "
              "on this server. If they do, this is a bug in whimbrel; please report it with the schema and the "
              "entities. --no-verify skips verification.");
      throw failure;
    }
  }
  if (first) first();
  try {
    if (look != Look::at_nothing) guard->before_commit();
  } catch (const Error& error) {
    if (look == Look::at_schema && error.kind() == ErrorKind::unsafe) throw;
    throw VerificationError(error.what(), error.what());
  }
  guard->finish();
}

void ScriptVerifier::require(const model::Schema& expected, const std::string& which) const {
  const std::vector<std::string> missing = difference(inspect(), expected);
  if (missing.empty()) return;
  std::string words;
  for (const std::string& operation : missing) words += "\n  " + operation;
  throw VerificationError("Verification failed: after the generated `" + which +
                          "`, the schema still differs from the expected one:" + words);
}

std::vector<std::string> ScriptVerifier::difference(const model::Schema& from, const model::Schema& to) const {
  const auto comparison = session_.dialect().comparison(*scratch_);
  diff::Ownership everything;
  everything.everything = true;
  std::vector<std::string> words;
  for (const operation::Operation& operation : diff::diff(from, to, *comparison, {}, everything).operations) {
    words.push_back(operation::describe(operation));
  }
  return words;
}

}  // namespace whimbrel::change
