#pragma once

#include <string>
#include <vector>

#include "whimbrel/model.h"

namespace whimbrel::dialect::sqlite {

/// One thing of a table that a rebuild can leave away, besides columns, indexes and triggers: a constraint, or what a
/// column or the table has that its rows do not show.
struct TablePart {
  std::string kind;
  std::string name;                    ///< Empty: none.
  std::string words;                   ///< What it is called without a name.
  std::vector<std::string> meaning{};  ///< Two of a kind with the same meaning are the same.
  std::vector<std::string> columns{};  ///< With each of which it goes.

  [[nodiscard]] std::string text() const { return kind + " \"" + (name.empty() ? words : name) + '"'; }
};

[[nodiscard]] std::vector<TablePart> parts_of(const model::Table& table);

/// Of every table that the statements make under one of the names, or make and rename to one of them.
[[nodiscard]] std::vector<TablePart> made_parts(const std::vector<std::string>& statements,
                                                const std::vector<std::string>& names);

/// Is there one of the kind that says the same, or has the same name?
[[nodiscard]] bool has_part(const std::vector<TablePart>& parts, const TablePart& part);

}  // namespace whimbrel::dialect::sqlite
