#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "diff/diff.h"
#include "operation/operation.h"
#include "plan/plan.h"
#include "session/session.h"
#include "sql/statement.h"

/// Generates the migration that brings a database in line with the entities.
namespace whimbrel::change {

/// The script of one migration.
struct ScriptPart {
  sql::Script script;
  plan::Plan plan;  ///< The operations of the script.
  bool in_transaction = true;
};

struct SchemaChange {
  /// The complete script, as one transaction can run it.
  sql::Script script;
  /// The same changes as a sequence of migrations.
  std::vector<ScriptPart> parts;
  /// The operations of the difference, renames first. Empty: no changes.
  std::vector<operation::Operation> operations;
  std::vector<std::string> losses;       ///< Data loss if there are rows, as display text.
  std::vector<std::string> notes;        ///< Notes for the user, as display text.
  std::vector<std::string> down_losses;  ///< Data loss in `down`.
  std::vector<std::string> down_notes;
  std::optional<Error> irreversible_because;  ///< Why the database cannot make the changes of `down`; none: it can.
  /// Columns that `down` must backfill in existing rows.
  std::vector<diff::MissingBackfill> down_backfills;
  /// Questions that the answers leave open. As long as there are any, the script drops and adds.
  std::vector<diff::RenameCandidate> rename_candidates;
  std::vector<diff::TableRenameCandidate> table_candidates;
  std::vector<model::Name> undecided_drops;  ///< Tables that would be dropped without confirmation.
  /// Columns that need a backfill for existing rows.
  std::vector<diff::MissingBackfill> missing_backfills;
  std::vector<std::string> taken_along;  ///< Undescribed dependents dropped with a column; also in the notes.
  std::vector<std::string> unmanaged;    ///< Unmanaged objects, as display text.
  model::Schema current;                 ///< Without the migrations table.
  model::Schema target;
  bool leads_to_entities = false;  ///< If true, the target is meant to be what the entities describe.

  [[nodiscard]] bool empty() const { return operations.empty(); }
};

/// Returns the script in the other direction. Throws Error (unsafe) if the database cannot go it.
[[nodiscard]] SchemaChange reversed(SchemaChange generated);

/// Returns the operations of the difference for display: a view that the script replaces in place is one change.
[[nodiscard]] std::vector<operation::Operation> displayed_operations(const SchemaChange& generated);

/// Reads the database without changing it. Takes one query on SQLite if nothing differs.
[[nodiscard]] SchemaChange generate(session::Session& session, const diff::Answers& answers = {});

/// A sentence and an example, which may contain personal data.
struct Finding {
  std::string words;
  std::string example;
};

/// The result of a verification.
struct Verification {
  std::string not_tried;              ///< Why the script was not verified, as display text; empty: it was.
  std::vector<std::string> left_out;  ///< Objects that could not be copied and do not change, as display text.
  std::vector<std::pair<model::Name, std::size_t>> rows;  ///< The tables for which rows of the database were used.
  std::vector<Finding> losses;                            ///< Values that change, as measured.
  std::vector<Finding> notes;                             ///< Rows with which `up` or `down` fails.
  /// Returns whether everything was verified.
  [[nodiscard]] bool empty() const { return not_tried.empty() && left_out.empty(); }
};

/// The default for the maximum number of rows to copy from each table.
constexpr std::size_t usual_rows = 1000;

/// Verifies the script: on a scratch copy of the database's schema, `up` must produce the target and `down` must
/// restore the original. Then both run over rows: up to `rows` rows of the database from each changed table and its
/// neighbors, and generated rows; with 0, no rows.
///
/// Throws Error (internal), which shows the difference, and Error (unsafe) if `up` breaks a view or a trigger, fails on
/// rows of the database, or if rows or values change that no operation should change.
[[nodiscard]] Verification verify(session::Session& session, const SchemaChange& generated,
                                  std::size_t rows = usual_rows);

}  // namespace whimbrel::change
