#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "change/fingerprint.h"
#include "change/generate.h"

/// What a generated migration knows of the tables that it touches, and of the views and objects that it makes or drops:
/// the text of Migration::tables().
///
/// A line of one of them has its kind (`table`, `view`, `virtual_table`), its name, the hash before and after, what is
/// done to it on the way up and down, and its earlier name if it has one. A line of what belongs to it begins with a
/// mark: ' ' stays, '+' is new, '-' goes, '!' becomes another, '=' has another name. Names have no blank in them: what
/// is not a plain character is written as %20.
namespace whimbrel::run {

constexpr std::string_view table_kind = "table";
constexpr std::string_view view_kind = "view";

/// What a migration does to a table.
enum class TableWay {
  altered,  ///< In place: what it does not name stays.
  created,
  dropped,
  rebuilt,  ///< Made anew: what it does not know goes.
};

/// A part of a table before and after. An empty hash: it is not there.
struct ItemChange {
  std::string kind;
  std::string name_before, hash_before;
  std::string name_after, hash_after;
  bool operator==(const ItemChange&) const = default;
};

/// Of a table, a view or an object.
struct TableChange {
  model::Name name_before, name_after;
  std::string hash_before, hash_after;  ///< Empty: the table is not there.
  TableWay up = TableWay::altered;
  TableWay down = TableWay::altered;
  std::vector<ItemChange> items;
  std::string kind{table_kind};  ///< Or `view`, or the object's.
  bool operator==(const TableChange&) const = default;
};

[[nodiscard]] std::string to_text(const std::vector<TableChange>& changes);
/// Throws Error (migration) for what is no such text.
[[nodiscard]] std::vector<TableChange> read_table_changes(std::string_view text);

/// Of each of the parts.
[[nodiscard]] std::vector<std::vector<TableChange>> table_changes(const dialect::Dialect& dialect,
                                                                  const Generated& generated);

}  // namespace whimbrel::run
