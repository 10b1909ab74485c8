#pragma once

#include "diff/diff.h"
#include "diff/match.h"

namespace whimbrel::diff {

/// A column with its place among those of its table.
struct PlacedColumn {
  const model::Column* column;
  std::size_t place;
};

/// Which of the dropped columns of a table could be which of the added ones, the likeliest first: those of one type,
/// whatever its length, and those of another with a similar name. What Decisions says no to is left out.
[[nodiscard]] std::vector<RenameCandidate> find_rename_candidates(const Matcher& match, const Decisions& decisions,
                                                                  const model::Name& table,
                                                                  const std::vector<PlacedColumn>& dropped,
                                                                  const std::vector<PlacedColumn>& added);

/// Which of the values that an enum loses could be which of those that it gets, the likeliest first.
[[nodiscard]] std::vector<RenameCandidate> find_value_candidates(const Matcher& match, const Decisions& decisions,
                                                                 const model::Enum& before, const model::Enum& after);
/// The same for the values of a column, but those that are renamed.
[[nodiscard]] std::vector<RenameCandidate> find_value_candidates(
    const Matcher& match, const Decisions& decisions, const model::Name& table, const model::Column& before,
    const model::Column& after, const std::vector<std::pair<std::string, std::string>>& renamed);

/// The values of a column that decisions rename.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> renamed_values(const Matcher& match,
                                                                              const Decisions& decisions,
                                                                              const model::Name& table,
                                                                              const model::Column& before,
                                                                              const model::Column& after);

/// What becomes of the tables of a schema that are not in the other.
struct UnmatchedTables {
  std::vector<const model::Table*> dropped;
  std::vector<const model::Table*> left_alone;
  std::vector<const model::Table*> created;
};

/// Which of the tables that nobody describes could be which of the created ones, the likeliest first: those that have
/// most of their columns in common. What is left alone has to be more alike than what is dropped.
[[nodiscard]] std::vector<TableRenameCandidate> find_table_candidates(const Matcher& match, const Decisions& decisions,
                                                                      const UnmatchedTables& tables);

/// Which of the dropped tables nobody has decided about, candidates aside.
[[nodiscard]] std::vector<model::Name> find_undecided_drops(const Matcher& match, const Decisions& decisions,
                                                            const UnmatchedTables& tables,
                                                            const std::vector<TableRenameCandidate>& candidates);

}  // namespace whimbrel::diff
