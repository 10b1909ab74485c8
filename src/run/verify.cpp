#include <algorithm>
#include <iterator>
#include <map>
#include <set>

#include "run/baseline.h"
#include "run/generate.h"
#include "run/part.h"
#include "run/trial.h"

namespace whimbrel::run {

namespace {

using Names = std::set<std::string>;

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

/// Those of the named things that are there.
template <class Named>
std::vector<Named> take(const std::vector<Named>& items, const std::set<model::Name>& names) {
  std::vector<Named> taken;
  std::copy_if(items.begin(), items.end(), std::back_inserter(taken),
               [&](const Named& item) { return names.contains(item.name); });
  return taken;
}

model::Schema part_of_schema(const model::Schema& schema, const std::set<model::Name>& names) {
  model::Schema part;
  part.tables = take(schema.tables, names);
  part.views = take(schema.views, names);
  part.enums = take(schema.enums, names);
  return part;
}

/// Why nothing can be tried on the copy, in which what changes should be as it is in the database; empty: it is. The
/// same is what the database takes for the same: it may spell an expression anew each time that it reads it.
std::string unlike(const Trial& trial, const Generated& generated, const model::Schema& copy) {
  std::set<model::Name> changed;
  for (const operation::Operation& operation : generated.operations) changed.insert(operation::subject(operation));
  const model::Schema original = part_of_schema(generated.current, changed);
  const model::Schema copied = part_of_schema(copy, changed);
  if (original == copied) return {};
  std::string words;
  for (const std::string& missing : trial.difference(copied, original)) words += (words.empty() ? "" : ", ") + missing;
  if (words.empty()) return {};
  return "neither `up` nor `down` was tried, since the scratch copy is not like the database. To be so, it would "
         "need: " +
         words;
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

Verification prove(Session& session, const Generated& generated, const dialect::Scope& scope) {
  Verification result;
  const Trial trial(session, session.dialect().copy_schema(session.connection(), scope,
                                                           dialect::CopyUse::generated_statements, result.left_out));
  const model::Schema start = trial.inspect();
  result.not_tried = unlike(trial, generated, start);
  if (!result.not_tried.empty()) return result;
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
  return result;
}

}  // namespace

Verification verify(Session& session, const Generated& generated) {
  const Session::Work work(session);
  dialect::Scope touched = session.scope();
  touched.part = part_of(generated);
  std::string first_failure;
  try {
    return prove(session, generated, touched);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::internal) throw;
    first_failure = error.what();
  }
  // What a function reads that is only a text to the database, nobody knows before it is called.
  Verification whole = prove(session, generated, session.scope());
  if (!whole.not_tried.empty()) whole.not_tried += ". On a copy of only what it touches: " + first_failure;
  return whole;
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
