#include <algorithm>
#include <iterator>
#include <map>
#include <set>

#include "change/affected_objects.h"
#include "change/baseline.h"
#include "change/compare.h"
#include "change/generate.h"
#include "change/recreated_objects.h"
#include "change/row_verification.h"
#include "change/script_verifier.h"
#include "change/user_sql_error.h"
#include "change/view_columns.h"
#include "dialect/samples.h"
#include "dialect/statement_error.h"
#include "operation/describe.h"

namespace whimbrel::change {

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

/// Returns the target, but takes unchanged objects from the copy, which may be incomplete.
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

/// Returns the items with these names.
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
  part.objects = take(schema.objects, names);
  return part;
}

/// Returns why the copy cannot be used for verification: the changed objects in it differ from the database. Empty if
/// they are equal according to the database, which may deparse an expression differently each time.
std::string unlike(const ScriptVerifier& verifier, const SchemaChange& generated, const model::Schema& copy) {
  std::set<model::Name> changed;
  for (const operation::Operation& operation : generated.operations) changed.insert(operation::target_name(operation));
  const model::Schema original = part_of_schema(generated.current, changed);
  const model::Schema copied = part_of_schema(copy, changed);
  if (original == copied) return {};
  std::string words;
  for (const std::string& missing : verifier.difference(copied, original))
    words += (words.empty() ? "" : ", ") + missing;
  if (words.empty()) return {};
  return "neither `up` nor `down` was run, because the scratch copy differs from the database. It lacks: " + words;
}

/// Throws Error (entity) for a view of the entities whose query the database refuses.
[[noreturn]] void blame_view(const model::View& view, const std::string& why, int offset = -1) {
  throw Error(ErrorKind::entity, "The database rejects the query of view \"" + to_string(view.name) + "\": " + why)
      .with_remedy("Nothing was written. Correct the query in " +
                   (view.entity.value.empty() ? "the entity of the view." : view.entity.value + "::describe."))
      .with_statement(view.definition, offset);
}

/// Returns the view of the entities that the change creates and that satisfies the condition; nullptr if there is none.
/// A view that no entity describes is only recreated, with its old query.
template <class Condition>
const model::View* find_made_view(session::Session& session, const SchemaChange& generated, Condition is_it) {
  const auto described = by_name(session.desired().views);
  for (const operation::Operation& operation : generated.operations) {
    const auto* const made = std::get_if<operation::CreateView>(&operation);
    if (made != nullptr && find(described, made->view.name) != nullptr && is_it(made->view)) return &made->view;
  }
  return nullptr;
}

/// Returns the schema that `down` should restore. A database that rewrites the text of views and triggers with each
/// rename may not restore the original text: then the expected text is taken from the database.
model::Schema spelled_on_return(session::Session& session, const ScriptVerifier& verifier,
                                const SchemaChange& generated, const model::Schema& start) {
  std::vector<operation::Operation> renames;
  for (const operation::Operation& operation : generated.operations) {
    const bool is_rename = std::holds_alternative<operation::RenameTable>(operation) ||
                           std::holds_alternative<operation::RenameColumn>(operation);
    if (is_rename) renames.push_back(operation);
  }
  if (renames.empty() || verifier.difference(verifier.inspect(), start).empty()) return start;
  const std::vector<operation::Operation> back = operation::reverse(renames);
  renames.insert(renames.end(), back.begin(), back.end());
  const auto comparison = session.dialect().comparison(session.connection());
  return comparison->after_renames(start, comparison->rename_steps(start, std::move(renames), false));
}

/// One verification, on one scratch copy.
class Proof {
 public:
  Proof(session::Session& session, const SchemaChange& generated, const dialect::InspectScope& scope)
      : session_(session),
        generated_(generated),
        verifier_(session, session.dialect().copy_schema(session.connection(), scope,
                                                         dialect::CopyUse::generated_statements, result_.left_out)) {}

  Verification run() {
    const model::Schema start = verifier_.inspect();
    result_.not_tried = unlike(verifier_, generated_, start);
    if (!result_.not_tried.empty()) return std::move(result_);
    model::Schema expected = start;
    expected.tables = expect(generated_.target.tables, generated_.current.tables, start.tables);
    expected.views = expect(generated_.target.views, generated_.current.views, start.views);
    expected.objects = expect(generated_.target.objects, generated_.current.objects, start.objects);
    expected.enums = expect(generated_.target.enums, generated_.current.enums, start.enums);
    expected.schemas = generated_.target.schemas;
    const Names broken = verifier_.broken();
    const auto unusable = find_unusable(start);
    const ViewColumns columns = read_view_columns(session_, verifier_.scratch(), generated_, start);
    const auto refuse_unreadable = [&] { refuse_broken(broken), refuse_unusable(unusable); };
    verifier_.run(generated_.script.up, "up", ScriptVerifier::Look::at_schema, refuse_unreadable);
    verifier_.require(with_recreated(std::move(expected), verifier_, generated_), "up");
    require_entities();
    result_.notes = notes_on_view_columns(columns, read_view_columns(session_, verifier_.scratch(), generated_, start));
    verifier_.run(generated_.script.down, "down");
    verifier_.require(spelled_on_return(session_, verifier_, generated_, start), "down");
    return std::move(result_);
  }

 private:
  [[nodiscard]] const dialect::Samples& samples() const { return session_.dialect().samples(); }

  /// Returns changed tables of the schema that cannot be used, and why.
  [[nodiscard]] std::map<std::string, std::string> find_unusable(const model::Schema& schema) const {
    std::map<std::string, std::string> unusable;
    for (const operation::Operation& operation : generated_.operations) {
      const model::Table* const table = schema.find_table(operation::target_name(operation));
      if (table == nullptr) continue;
      if (auto why = samples().use_error(verifier_.scratch(), *table))
        unusable[to_string(table->name)] = std::move(*why);
    }
    return unusable;
  }

  /// Throws VerificationError for a table that cannot be used for a reason that did not exist before.
  void refuse_unusable(const std::map<std::string, std::string>& before) {
    for (const auto& [name, why] : find_unusable(generated_.target)) {
      const auto is_it = [&reason = why](const auto& known) { return known.second == reason; };
      if (std::any_of(before.begin(), before.end(), is_it)) continue;
      if (!samples().has_what_lacks(session_.connection(), why)) {
        throw VerificationError(
            "Verification failed: after the generated `up`, no row can be inserted into table \"" + name + "\": " + why,
            why);
      }
      result_.left_out.push_back("table \"" + name + "\" (" + why + ')');
    }
  }

  /// Throws VerificationError if the next generation would find a difference in what this one changed: the entities
  /// describe it otherwise than the script made it, although the script made what was meant.
  void require_entities() const {
    if (!generated_.leads_to_entities) return;
    std::set<model::Name> touched;
    for (const ScriptPart& part : generated_.parts) {
      for (const operation::Operation& operation : part.plan.up) touched.insert(operation::target_name(operation));
    }
    const auto comparison = session_.dialect().comparison(verifier_.scratch());
    std::vector<operation::Operation> left =
        difference_from_entities(session_, verifier_.inspect(), *comparison).operations;
    std::string words;
    for (const operation::Operation& operation : left) {
      // The copy may lack what does not change.
      if (touched.contains(operation::target_name(operation))) words += "\n  " + operation::describe(operation);
    }
    if (words.empty()) return;
    throw VerificationError("Verification failed: after the generated `up`, the next migration would still:" + words);
  }

  void refuse_broken(const Names& before) {
    std::string names;
    for (const std::string& name : verifier_.broken()) {
      if (before.contains(name)) continue;
      const auto has_name = [&](const model::View& view) { return view.name.name == name; };
      if (const model::View* const made = find_made_view(session_, generated_, has_name)) {
        refuse_view(*made);
      } else {
        names += (names.empty() ? "\"" : ", \"") + name + '"';
      }
    }
    if (names.empty()) return;
    const std::string it = names.find("\", \"") == std::string::npos ? "it" : "them";
    throw Error(ErrorKind::unsafe, "The change would break " + names + ", which " + (it == "it" ? "uses" : "use") +
                                       " a table or column that is dropped or renamed.")
        .with_remedy("Nothing was written. First write a migration (`newmigration`) that drops " + it +
                     ", or recreates " + it + " without what is dropped or renamed. Run it, then generate again.");
  }

  void refuse_view(const model::View& view) {
    std::string why = "it cannot be read";
    try {
      verifier_.scratch().run("SELECT * FROM " + session_.dialect().quote_identifier(view.name.name));
    } catch (const Error& error) {
      why = reason(error, verifier_.scratch());
    }
    if (!samples().has_what_lacks(session_.connection(), why)) blame_view(view, why);
    result_.left_out.push_back("view \"" + to_string(view.name) + "\" (" + why + ')');
  }

  session::Session& session_;
  const SchemaChange& generated_;
  Verification result_;
  ScriptVerifier verifier_;
};

/// Throws the user's error, if the script fails because of one. Returns why it cannot be verified, if a scratch copy
/// lacks a function or module that the program's connection has; otherwise an empty string.
std::string explain(session::Session& session, const SchemaChange& generated, const dialect::InspectScope& scope,
                    const VerificationError& error) {
  if (session.dialect().samples().has_what_lacks(session.connection(), error.why())) {
    return "the scratch copy lacks a function or module of the program's connection: " + error.why();
  }
  const auto is_it = [&](const model::View& view) { return view.definition == error.statement(); };
  const model::View* const made = find_made_view(session, generated, is_it);
  if (made != nullptr) blame_view(*made, error.why(), error.statement_offset());
  if (const std::optional<Error> sql_error = find_user_sql_error(session, generated, scope)) throw Error(*sql_error);
  return {};
}

bool is_told(const std::vector<std::string>& notes) {
  return std::any_of(notes.begin(), notes.end(),
                     [](const std::string& note) { return note.find("fails if ") != std::string::npos; });
}

/// Throws Error (unsafe) if rows were damaged.
void refuse_damage(const RowFindings& findings) {
  if (findings.damaged.empty()) return;
  std::string words;
  for (const Finding& finding : findings.damaged)
    words += "\n  " + finding.words + (finding.example.empty() ? "" : ": " + finding.example);
  throw Error(ErrorKind::unsafe, "The migration would change rows that it should not change:" + words)
      .with_remedy(
          "Nothing was written. Check whether a trigger does it; if not, this is a bug in whimbrel: please report it "
          "with the schema and the entities. `--rows 0` verifies the migration without rows.");
}

[[noreturn]] void refuse_failure(const RowFindings& findings) {
  const std::string row = findings.row.empty() ? "" : " First failing row: " + findings.row + '.';
  const std::string stop = findings.up_failure.ends_with('.') ? "" : ".";
  throw Error(ErrorKind::unsafe, "The migration fails on existing rows: " + findings.up_failure + stop + row)
      .with_remedy(
          "Nothing was written. Correct or delete these rows, by hand or in an earlier migration (`newmigration`), and "
          "generate again. `--rows 0` verifies the migration without rows.");
}

bool has_backfill(const SchemaChange& generated) {
  return std::any_of(generated.operations.begin(), generated.operations.end(), [](const auto& operation) {
    const auto* const added = std::get_if<operation::AddColumn>(&operation);
    const auto* const altered = std::get_if<operation::AlterColumn>(&operation);
    return (added != nullptr && added->backfill) || (altered != nullptr && altered->backfill);
  });
}

/// If the database stores a function's body only as text, what it reads for a backfill is unknown until it is called.
RowFindings prove_rows(session::Session& session, const SchemaChange& generated, const dialect::InspectScope& scope,
                       RowSource source, std::size_t most) {
  RowFindings findings = verify_with_rows(session, generated, scope, source, most);
  if (findings.up_failure.empty() || !scope.part || !has_backfill(generated)) return findings;
  return verify_with_rows(session, generated, session.scope(), source, most);
}

/// Runs the migration over rows of the database: a failure is an error.
void try_rows_of_database(session::Session& session, const SchemaChange& generated, const dialect::InspectScope& scope,
                          std::size_t most, Verification& result) {
  RowFindings findings = prove_rows(session, generated, scope, RowSource::database, most);
  if (session.dialect().samples().has_what_lacks(session.connection(), findings.up_failure)) return;
  const std::string rows =
      findings.partial.empty() ? "existing rows" : "the copied rows, not all of " + findings.partial;
  if (!findings.up_failure.empty()) {
    if (findings.partial.empty()) refuse_failure(findings);
    result.notes.push_back({"fails on " + rows, findings.up_failure});
    return;
  }
  refuse_damage(findings);
  result.rows = std::move(findings.tables);
  result.losses = std::move(findings.converted);
  for (const std::string& words : findings.not_copied) result.left_out.push_back(words);
  if (!findings.down_failure.empty()) {
    const std::string row = findings.row.empty() ? "" : " First failing row: " + findings.row + '.';
    result.notes.push_back({"`down` fails on " + rows, findings.down_failure + row});
  }
}

/// Runs the migration over generated rows: a failure may happen on another database, so it is a note unless another
/// note covers it.
void try_made_rows(session::Session& session, const SchemaChange& generated, const dialect::InspectScope& scope,
                   std::size_t most, Verification& result) {
  const RowFindings findings = prove_rows(session, generated, scope, RowSource::made, most);
  if (session.dialect().samples().has_what_lacks(session.connection(), findings.up_failure)) return;
  refuse_damage(findings);
  if (!findings.up_failure.empty()) {
    if (!is_told(generated.notes)) result.notes.push_back({"fails on some rows: " + findings.up_failure, ""});
    // Rows that make it fail hide the effect on other rows.
    refuse_damage(verify_with_rows(session, generated, scope, RowSource::ordinary, most));
  }
  if (!findings.down_failure.empty() && result.notes.empty() && !is_told(generated.down_notes)) {
    result.notes.push_back({"`down` fails on some rows: " + findings.down_failure, ""});
  }
  if (!result.losses.empty() || !generated.losses.empty()) return;
  for (const Finding& finding : findings.converted) {
    result.notes.push_back({"some values change, and `down` does not restore them: " + finding.example, ""});
  }
}

/// Skipped if an answer is missing: then rows without a value are expected.
void try_rows(session::Session& session, const SchemaChange& generated, const dialect::InspectScope& scope,
              std::size_t most, Verification& result) {
  const bool is_open = !generated.missing_backfills.empty() || !generated.rename_candidates.empty() ||
                       !generated.table_candidates.empty() || !generated.undecided_drops.empty();
  if (most == 0 || is_open || !result.not_tried.empty()) return;
  try_rows_of_database(session, generated, scope, most, result);
  try_made_rows(session, generated, scope, most, result);
}

Verification prove(session::Session& session, const SchemaChange& generated, const dialect::InspectScope& scope,
                   std::size_t rows) {
  Verification result = Proof(session, generated, scope).run();
  try_rows(session, generated, scope, rows, result);
  return result;
}

}  // namespace

Verification verify(session::Session& session, const SchemaChange& generated, std::size_t rows) {
  const session::Session::Work work(session);
  dialect::InspectScope touched = session.scope();
  touched.part = affected_objects(generated, session.dialect().syntax());
  std::string first_failure;
  try {
    return prove(session, generated, touched, rows);
  } catch (const VerificationError& error) {
    first_failure = error.what();
    std::string why_not = explain(session, generated, touched, error);
    if (!why_not.empty()) return {std::move(why_not), {}};
  }
  // If the database stores a function's body only as text, what it reads is unknown until it is called.
  Verification whole = prove(session, generated, session.scope(), rows);
  if (!whole.not_tried.empty()) whole.not_tried += ". On a partial copy: " + first_failure;
  return whole;
}

std::vector<std::string> verify_baseline(session::Session& session, const SchemaChange& baseline) {
  const session::Session::Work work(session);
  // A separate database, if possible: functions and extensions can name any object.
  std::unique_ptr<dialect::Connection> scratch = session.connection().open_scratch();
  if (scratch == nullptr) {
    scratch = session.dialect().open_scratch(session.connection(), baseline.script.up.size());
  }
  // Functions and modules that its definitions use and that do not exist here belong to the program.
  std::vector<std::string> not_tried;
  scratch->stand_in_for_unknown(&not_tried);
  const ScriptVerifier verifier(session, std::move(scratch));
  const model::Schema nothing = verifier.inspect();
  verifier.run(baseline.script.up, "up");
  verifier.require(baseline.target, "up");
  verifier.run(baseline.script.down, "down");
  verifier.require(nothing, "down");
  return not_tried;
}

}  // namespace whimbrel::change
