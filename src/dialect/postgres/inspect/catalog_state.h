#pragma once

#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "dialect/postgres/inspect/catalog.h"
#include "model/privileges.h"
#include "whimbrel/model.h"

namespace whimbrel::dialect::postgres {

/// A table, a view or a sequence, to which rows of other catalog tables refer by its OID.
struct PgClass {
  std::int64_t number = 0;
  model::Name name;
  char kind = '\0';  ///< pg_class.relkind.
  bool is_partition = false;
  std::size_t place = 0;                  ///< Its position among the tables, the views or the sequences.
  std::vector<std::string> columns;       ///< By their numbers from 1; dropped ones are empty.
  std::vector<std::int64_t> key_columns;  ///< Of a partition key; 0 for an expression.
  std::int64_t type = 0;                  ///< pg_class.reloftype.
  std::string type_name;                  ///< That type in SQL.

  [[nodiscard]] std::string column(std::int64_t column_number) const;
  [[nodiscard]] std::vector<std::string> column_names(const std::vector<std::int64_t>& numbers) const;
  /// Sorted, without system columns such as ctid.
  [[nodiscard]] std::vector<model::Reference> used_columns(const std::vector<std::int64_t>& numbers) const;
};

struct OwnedSequence {
  std::int64_t number = 0;
  model::Sequence facts;
  std::int64_t owner = 0;  ///< The relation with the column that owns it.
  std::int64_t owner_column = 0;
  bool is_identity = false;
  bool is_part_of_column = false;  ///< If true, the column describes it completely: serial or identity.
};

/// A part of a table or view, at its position in the list of its kind.
struct PartPlace {
  std::int64_t relation = 0;
  char kind = '\0';  ///< pg_constraint.contype; or `i` for an index, `t` for a trigger.
  std::size_t place = 0;
  bool is_inherited = false;  ///< If true, it is in CatalogState::inherited.
};

/// Everything that was read so far.
struct CatalogState {
  model::Schema schema;
  std::unordered_map<std::int64_t, PgClass> relations;
  std::vector<OwnedSequence> sequences;
  std::unordered_map<std::int64_t, model::Index> constraint_indexes;  ///< The indexes of constraints.
  std::map<Key, PartPlace> parts;
  std::map<Key, model::Reference> references;  ///< Enums and objects, by their names in uses.
  std::map<Key, std::size_t> objects;          ///< Their positions.
  /// The positions of the defaults of columns of views, by relation and column.
  std::map<std::pair<std::int64_t, std::int64_t>, std::size_t> view_defaults;
  /// By relation: the parts of a table that belong to its parents, as it has them.
  std::unordered_map<std::int64_t, model::Table> inherited;

  [[nodiscard]] PgClass* find(std::int64_t number);
  [[nodiscard]] model::Table* find_table(std::int64_t number);
  [[nodiscard]] model::View* find_view(std::int64_t number);
  /// Returns the table with the part, or what it inherits; null if there is no such table.
  [[nodiscard]] model::Table* find_table(std::int64_t number, bool is_inherited);
  [[nodiscard]] const model::Index* find_constraint_index(std::int64_t number) const;
};

// Each has its own file; in the order in which they depend on each other.
void read_relations(const Catalog& catalog, CatalogState& state);
void read_columns(const Catalog& catalog, CatalogState& state);
void read_indexes(const Catalog& catalog, CatalogState& state);
void read_constraints(const Catalog& catalog, CatalogState& state);
void read_triggers(const Catalog& catalog, CatalogState& state);
void read_enums(const Catalog& catalog, CatalogState& state);
/// Reads schemas; and objects, if everything is inspected. Sorts objects and views so that they can be created in this
/// order.
void read_objects(const Catalog& catalog, bool everything, CatalogState& state);
/// Reads the comments that are objects of their own. If not everything is inspected, those on objects become a part of
/// their definitions, and others are left out.
void read_comments(const Catalog& catalog, bool everything, CatalogState& state);
/// Reads the uses of all items, except for the columns of their own table, which were read with them.
void read_uses(const Catalog& catalog, CatalogState& state);

[[nodiscard]] model::Privileges read_privileges(const Catalog& catalog);

}  // namespace whimbrel::dialect::postgres
