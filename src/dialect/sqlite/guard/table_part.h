#pragma once

#include <string>
#include <vector>

#include "whimbrel/model.h"

namespace whimbrel::dialect::sqlite {

/// A part of a table that a rebuild can omit, besides columns, indexes and triggers: a constraint, or a property of a
/// column or the table that its rows do not show.
struct TablePart {
  std::string kind;
  std::string name;                    ///< Empty: none.
  std::string words;                   ///< Its text if it has no name.
  std::vector<std::string> meaning{};  ///< Parts of the same kind with the same meaning are equal.
  std::vector<std::string> columns{};  ///< It is dropped with each of these.

  [[nodiscard]] std::string text() const { return kind + " \"" + (name.empty() ? words : name) + '"'; }
};

[[nodiscard]] std::vector<TablePart> parts_of(const model::Table& table);

/// Returns the parts of every table that the statements create with one of the names, or create and then rename to one.
[[nodiscard]] std::vector<TablePart> made_parts(const std::vector<std::string>& statements,
                                                const std::vector<std::string>& names);

/// Returns whether a part of the kind has the same meaning or the same name.
[[nodiscard]] bool has_part(const std::vector<TablePart>& parts, const TablePart& part);

}  // namespace whimbrel::dialect::sqlite
