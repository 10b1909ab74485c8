#pragma once

#include <string>
#include <utility>
#include <vector>

#include "diff/diff.h"
#include "operation/operation.h"
#include "plan/plan.h"
#include "session/session.h"
#include "sql/statement.h"

/// What a migration would be that makes the database fit the entities.
namespace whimbrel::run {

/// What one migration runs.
struct ScriptPart {
  sql::Script script;
  plan::Plan plan;  ///< What the script does.
  bool in_transaction = true;
};

struct Generated {
  /// All of it, as one transaction can run it.
  sql::Script script;
  /// The migrations that do it, one after the other.
  std::vector<ScriptPart> parts;
  /// What changes, in the words of the difference: renames first. Empty: nothing.
  std::vector<operation::Operation> operations;
  std::vector<std::string> losses;       ///< What is lost for ever where there are rows, in words.
  std::vector<std::string> notes;        ///< What a person should know, in a few words each.
  std::vector<std::string> down_losses;  ///< The same of the way back.
  std::vector<std::string> down_notes;
  /// Columns that the way back would leave without a value in rows that are there then.
  std::vector<diff::MissingFill> down_fills;
  /// Questions that the decisions do not answer. As long as there are some, the script drops and adds.
  std::vector<diff::RenameCandidate> rename_candidates;
  std::vector<diff::TableRenameCandidate> table_candidates;
  std::vector<model::Name> undecided_drops;  ///< Tables that go with their rows, which nobody has said.
  /// Columns that need a value in rows that the database has now.
  std::vector<diff::MissingFill> missing_fills;
  std::vector<std::string> taken_along;  ///< What nobody describes and goes with a column; among the notes as well.
  std::vector<std::string> left_alone;   ///< What nobody describes and is not ours, in words.
  model::Schema current;                 ///< Without the history.
  model::Schema target;

  [[nodiscard]] bool empty() const { return operations.empty(); }
};

/// The way back.
[[nodiscard]] Generated reversed(Generated generated);

/// Reads the database; changes nothing. One query on SQLite when nothing differs.
[[nodiscard]] Generated generate(Session& session, const diff::Decisions& decisions = {});

/// A sentence, and an example of what it speaks of, which can be somebody's data.
struct Finding {
  std::string words;
  std::string example;
};

/// What a proof came to.
struct Verification {
  std::string not_tried;              ///< Why the script was not tried, in words; empty: it was, and is right.
  std::vector<std::string> left_out;  ///< What could not be copied, in words. It has no part in what changes.
  std::vector<std::pair<model::Name, std::size_t>>
      rows;                     ///< The tables that it was tried on with rows of the database.
  std::vector<Finding> losses;  ///< Values that were measured to change, in words.
  std::vector<Finding> notes;   ///< Rows with which `up` or `down` fails, in words.
  /// Is there nothing that was not proved?
  [[nodiscard]] bool empty() const { return not_tried.empty() && left_out.empty(); }
};

/// The rows that are copied of each table, at most, unless something else is said.
constexpr std::size_t usual_rows = 1000;

/// Proves the script: on a scratch copy of the database's schema `up` must arrive at the target and `down` come back.
/// Then both are run over rows: those of the database, up to so many of each table that changes or is next to such a
/// one, and made ones; with 0 over none.
///
/// Throws Error (internal) that shows the difference, and Error (unsafe) when `up` breaks a view or a trigger, fails on
/// rows of the database, or when rows and values change that no operation is about.
[[nodiscard]] Verification verify(Session& session, const Generated& generated, std::size_t rows = usual_rows);

}  // namespace whimbrel::run
