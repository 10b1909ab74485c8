#pragma once

#include "diff/diff.h"
#include "diff/match.h"

namespace whimbrel::diff {

/// A column with its position in its table.
struct PlacedColumn {
  const model::Column* column;
  std::size_t place;
};

/// Returns possible renames of columns of a table, the likeliest first: pairs of the same type, of any length,
/// and pairs of different types with similar names. Renames that the answers reject are excluded.
[[nodiscard]] std::vector<RenameCandidate> find_rename_candidates(const Matcher& match, const Answers& answers,
                                                                  const model::Name& table,
                                                                  const std::vector<PlacedColumn>& dropped,
                                                                  const std::vector<PlacedColumn>& added);

/// Returns possible renames of enum values, the likeliest first.
[[nodiscard]] std::vector<RenameCandidate> find_value_candidates(const Matcher& match, const Answers& answers,
                                                                 const model::Enum& before, const model::Enum& after);
/// Returns possible renames of the values of a column's own enum, except decided ones.
[[nodiscard]] std::vector<RenameCandidate> find_value_candidates(
    const Matcher& match, const Answers& answers, const model::Name& table, const model::Column& before,
    const model::Column& after, const std::vector<std::pair<std::string, std::string>>& renamed);

/// Returns the values of a column that the answers rename.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> renamed_values(const Matcher& match,
                                                                              const Answers& answers,
                                                                              const model::Name& table,
                                                                              const model::Column& before,
                                                                              const model::Column& after);

/// The tables of a schema that do not exist in the other.
struct UnmatchedTables {
  std::vector<const model::Table*> dropped;
  std::vector<const model::Table*> unmanaged;
  std::vector<const model::Table*> created;
};

/// Returns possible renames of undescribed tables, the likeliest first: pairs with most of their columns in common.
/// An unmanaged table must be more similar than one that would be dropped.
[[nodiscard]] std::vector<TableRenameCandidate> find_table_candidates(const Matcher& match, const Answers& answers,
                                                                      const UnmatchedTables& tables);

/// Returns the dropped tables without a decision, except candidates.
[[nodiscard]] std::vector<model::Name> find_undecided_drops(const Matcher& match, const Answers& answers,
                                                            const UnmatchedTables& tables,
                                                            const std::vector<TableRenameCandidate>& candidates);

}  // namespace whimbrel::diff
