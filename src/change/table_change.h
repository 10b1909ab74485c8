#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "change/fingerprint.h"
#include "change/generate.h"

/// What a generated migration knows of the tables that it touches, and of the views and objects that it creates or
/// drops: the text of Migration::tables().
///
/// A line for an object contains its kind (`table`, `view`, `virtual_table`), its name, the hash before and after, the
/// change in `up` and `down`, and its previous name if it has one. A line for a part of it begins with a mark: ' ' is
/// kept, '+' is added, '-' is dropped, '!' is changed, '=' is renamed. The hashes of a changed part can be the same,
/// since they do not contain expressions. Special characters in names are percent-encoded, so names contain no blanks.
namespace whimbrel::change {

constexpr std::string_view table_kind = "table";
constexpr std::string_view view_kind = "view";

/// What a migration does to a table.
enum class TableAction {
  altered,  ///< Altered in place: parts that it does not name are kept.
  created,
  dropped,
  rebuilt,  ///< Rebuilt: parts that it does not know are lost.
};

/// A part of a table before and after. An empty hash: it does not exist.
struct ItemChange {
  std::string kind;
  std::string name_before, hash_before;
  std::string name_after, hash_after;
  bool is_rewritten =
      false;  ///< It is a column whose whole definition is written, so that any difference would be lost.
  bool operator==(const ItemChange&) const = default;
};

/// The change of a table, a view or an object.
struct TableChange {
  model::Name name_before, name_after;
  std::string hash_before, hash_after;  ///< Empty: the table does not exist.
  TableAction up = TableAction::altered;
  TableAction down = TableAction::altered;
  std::vector<ItemChange> items;
  std::string kind{table_kind};  ///< `table`, `view` or the kind of the object.
  bool operator==(const TableChange&) const = default;
};

[[nodiscard]] std::string to_text(const std::vector<TableChange>& changes);
/// Throws Error (migration) if the text is invalid.
[[nodiscard]] std::vector<TableChange> read_table_changes(std::string_view text);

/// Returns the changes for each part of the migration.
[[nodiscard]] std::vector<std::vector<TableChange>> table_changes(const dialect::Dialect& dialect,
                                                                  const SchemaChange& generated);

}  // namespace whimbrel::change
