#include <algorithm>
#include <set>

#include "run/generate.h"
#include "run/ownership.h"

namespace whimbrel::run {

namespace {

using Names = std::set<std::string>;

/// A scratch copy of the database's schema, on which scripts are tried.
class Trial {
 public:
  Trial(Session& session, std::vector<std::string>& left_out)
      : session_(session), scratch_(session.dialect().copy_schema(session.connection(), left_out)) {}

  [[nodiscard]] model::Schema inspect() const {
    return without_history(session_, session_.dialect().inspect(*scratch_));
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
        throw failure("A statement of the generated `" + which + "` fails on a copy of the schema: " + error.what())
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
};

/// Removes from `schema` what `current` has and the copy has not.
model::Schema restrict(model::Schema schema, const model::Schema& current, const model::Schema& copy) {
  const auto is_left_out = [](const auto& named, const auto& all, const auto& copied) {
    const auto has_name = [&](const auto& other) { return other.name == named.name; };
    return std::any_of(all.begin(), all.end(), has_name) && std::none_of(copied.begin(), copied.end(), has_name);
  };
  const auto remove = [&](auto& list, const auto& all, const auto& copied) {
    list.erase(
        std::remove_if(list.begin(), list.end(), [&](const auto& named) { return is_left_out(named, all, copied); }),
        list.end());
  };
  remove(schema.tables, current.tables, copy.tables);
  remove(schema.views, current.views, copy.views);
  return schema;
}

/// Does an operation change a table that could not be copied?
bool touches_left_out(const Generated& generated, const model::Schema& copy) {
  return std::any_of(generated.operations.begin(), generated.operations.end(),
                     [&](const operation::Operation& operation) {
                       const model::Name& table = operation::subject(operation);
                       return generated.current.find_table(table) != nullptr && copy.find_table(table) == nullptr;
                     });
}

void refuse_broken(const Names& before, const Names& after) {
  std::string names;
  for (const std::string& name : after) {
    if (before.count(name) == 0) names += (names.empty() ? "\"" : ", \"") + name + '"';
  }
  if (names.empty()) return;
  throw Error(ErrorKind::unsafe, "The change would break " + names + ", which uses what is dropped or renamed.")
      .with_remedy(
          "Write a migration before this one that drops the view or the trigger, or that makes it without what goes "
          "(`newmigration`), run it, and generate again. Nothing was written.");
}

}  // namespace

std::vector<std::string> verify(Session& session, const Generated& generated) {
  const Session::Work work(session);
  std::vector<std::string> left_out;
  const Trial trial(session, left_out);
  const model::Schema start = trial.inspect();
  if (touches_left_out(generated, start)) return left_out;
  const Names broken = trial.broken();
  trial.run(generated.script.up, "up");
  refuse_broken(broken, trial.broken());
  trial.require(restrict(generated.target, generated.current, start), "up");
  trial.run(generated.script.down, "down");
  trial.require(start, "down");
  return left_out;
}

}  // namespace whimbrel::run
