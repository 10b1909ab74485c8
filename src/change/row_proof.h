#pragma once

#include <string>
#include <utility>
#include <vector>

#include "change/generate.h"
#include "change/kept_rows.h"

namespace whimbrel::run {

/// Where the rows of a proof come from.
enum class RowSource {
  database,  ///< Copied from the one that is compared.
  made,      ///< Made for the purpose, by RowMaker.
  ordinary,  ///< As made, without values at edges.
};

/// What happened to rows.
struct RowFindings {
  std::vector<std::pair<model::Name, std::size_t>> tables;  ///< Those that change and had rows, and how many.
  std::vector<std::string> not_copied;                      ///< In words.
  std::vector<Finding> converted;  ///< Values that a change of their column's type does not give back.
  std::vector<Finding> damaged;    ///< Rows and values that are gone or others though no operation is about them.
  std::string up_failure;          ///< Why `up` fails; empty: it does not.
  std::string down_failure;
  std::string row;  ///< At which it fails, in words, if that is known.
};

/// Runs `up` and `down` on a scratch copy with rows, up to `most` of each table that changes and of those next to it,
/// and compares all values. The script has been proved without rows.
[[nodiscard]] RowFindings prove_with_rows(Session& session, const Generated& generated, const dialect::Scope& scope,
                                          RowSource source, std::size_t most);

}  // namespace whimbrel::run
