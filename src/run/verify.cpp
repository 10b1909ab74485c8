#include <algorithm>
#include <map>
#include <set>

#include "run/baseline.h"
#include "run/generate.h"
#include "run/ownership.h"
#include "run/part.h"

namespace whimbrel::run {

namespace {

using Names = std::set<std::string>;

/// A scratch database, on which scripts are tried.
class Trial {
 public:
  /// Where `objects` are looked at, so is what no entity describes.
  Trial(Session& session, std::unique_ptr<dialect::Connection> scratch, bool objects = false)
      : session_(session), scratch_(std::move(scratch)), objects_(objects) {}

  [[nodiscard]] model::Schema inspect() const {
    dialect::Scope scope = session_.scope();
    scope.objects = objects_;
    return without_history(session_, session_.dialect().inspect(*scratch_, scope));
  }

  [[nodiscard]] Names broken() const {
    const std::vector<std::string> names = session_.dialect().broken_objects(*scratch_);
    return {names.begin(), names.end()};
  }

  void run(const std::vector<sql::Statement>& statements, const std::string& which) const {
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

  void require(const model::Schema& expected, const std::string& which) const {
    const model::Schema found = inspect();
    const auto comparison = session_.dialect().comparison(*scratch_);
    diff::Ownership everything;
    everything.everything = true;
    const diff::Difference difference = diff::diff(found, expected, *comparison, {}, everything);
    if (difference.empty()) return;
    std::string words;
    for (const operation::Operation& operation : difference.operations)
      words += "\n  " + operation::describe(operation);
    throw failure("The generated `" + which +
                  "` does not lead to the schema that it should. What is missing after it:" + words);
  }

 private:
  static Error failure(const std::string& message) {
    return Error(ErrorKind::internal, message)
        .with_remedy(
            "Nothing was written. This is a mistake of whimbrel's: please report it with the schema and the entities.");
  }

  Session& session_;
  std::unique_ptr<dialect::Connection> scratch_;
  bool objects_;
};

template <class Named>
std::map<model::Name, const Named*> by_name(const std::vector<Named>& list) {
  std::map<model::Name, const Named*> result;
  for (const Named& one : list) result.emplace(one.name, &one);
  return result;
}

template <class Named>
const Named* find(const std::map<model::Name, const Named*>& names, const model::Name& name) {
  const auto found = names.find(name);
  return found == names.end() ? nullptr : found->second;
}

/// The target, but what does not change as it is in the copy, which may lack something.
template <class Named>
std::vector<Named> expect(const std::vector<Named>& target, const std::vector<Named>& current,
                          const std::vector<Named>& copy) {
  const auto currents = by_name(current);
  const auto copies = by_name(copy);
  std::vector<Named> expected;
  for (const Named& wanted : target) {
    const Named* before = find(currents, wanted.name);
    const Named* copied = find(copies, wanted.name);
    if (before == nullptr || *before != wanted) {
      expected.push_back(wanted);
    } else if (copied != nullptr) {
      expected.push_back(*copied);
    }
  }
  return expected;
}

/// Does an operation change a table that could not be copied whole?
bool changes_left_out(const Generated& generated, const model::Schema& copy) {
  const auto currents = by_name(generated.current.tables);
  const auto copies = by_name(copy.tables);
  const auto& operations = generated.operations;
  return std::any_of(operations.begin(), operations.end(), [&](const operation::Operation& operation) {
    const model::Table* before = find(currents, operation::subject(operation));
    const model::Table* copied = find(copies, operation::subject(operation));
    return before != nullptr && (copied == nullptr || *copied != *before);
  });
}

void refuse_broken(const Names& before, const Names& after) {
  std::string names;
  for (const std::string& name : after) {
    if (!before.contains(name)) names += (names.empty() ? "\"" : ", \"") + name + '"';
  }
  if (names.empty()) return;
  throw Error(ErrorKind::unsafe, "The change would break " + names + ", which uses what is dropped or renamed.")
      .with_remedy(
          "Write a migration before this one that drops the view or the trigger, or that makes it without what goes "
          "(`newmigration`), run it, and generate again. Nothing was written.");
}

std::vector<std::string> prove(Session& session, const Generated& generated, const dialect::Scope& scope) {
  std::vector<std::string> left_out;
  const Trial trial(session, session.dialect().copy_schema(session.connection(), scope,
                                                           dialect::CopyUse::generated_statements, left_out));
  const model::Schema start = trial.inspect();
  if (changes_left_out(generated, start)) return left_out;
  model::Schema expected = start;
  expected.tables = expect(generated.target.tables, generated.current.tables, start.tables);
  expected.views = expect(generated.target.views, generated.current.views, start.views);
  expected.enums = expect(generated.target.enums, generated.current.enums, start.enums);
  expected.schemas = generated.target.schemas;
  const Names broken = trial.broken();
  trial.run(generated.script.up, "up");
  refuse_broken(broken, trial.broken());
  trial.require(expected, "up");
  trial.run(generated.script.down, "down");
  trial.require(start, "down");
  return left_out;
}

}  // namespace

std::vector<std::string> verify(Session& session, const Generated& generated) {
  const Session::Work work(session);
  dialect::Scope touched = session.scope();
  touched.part = part_of(generated);
  try {
    return prove(session, generated, touched);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::internal) throw;
  }
  // What a function reads that is only a text to the database, nobody knows before it is called.
  return prove(session, generated, session.scope());
}

void verify_baseline(Session& session, const Generated& baseline) {
  const Session::Work work(session);
  // A database of its own, if there can be one: functions and extensions name what they like.
  std::unique_ptr<dialect::Connection> scratch = session.connection().open_scratch();
  if (scratch == nullptr) {
    scratch = session.dialect().open_scratch(session.connection(), baseline.script.up.size());
  }
  const Trial trial(session, std::move(scratch), true);
  const model::Schema nothing = trial.inspect();
  trial.run(baseline.script.up, "up");
  trial.require(baseline.target, "up");
  trial.run(baseline.script.down, "down");
  trial.require(nothing, "down");
}

}  // namespace whimbrel::run
