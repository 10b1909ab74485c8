#pragma once

#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "dialect/postgres/inspect/catalog.h"
#include "whimbrel/model.h"

namespace whimbrel::dialect::postgres {

/// A table, a view or a sequence: what rows of other catalogues refer to by its number.
struct PgClass {
  std::int64_t number = 0;
  model::Name name;
  char kind = '\0';  ///< pg_class.relkind.
  bool is_partition = false;
  std::size_t place = 0;             ///< Among the tables, the views or the sequences.
  std::vector<std::string> columns;  ///< By their numbers from 1; those that are gone are empty.

  [[nodiscard]] std::string column(std::int64_t column_number) const;
  [[nodiscard]] std::vector<std::string> column_names(const std::vector<std::int64_t>& numbers) const;
  /// Sorted; without those that are not columns of a row, as its ctid.
  [[nodiscard]] std::vector<model::Reference> used_columns(const std::vector<std::int64_t>& numbers) const;
};

struct Sequence {
  std::int64_t number = 0;
  model::Name name;
  std::string reference;  ///< As regclass writes it.
  std::string comment;
  std::string start, increment, least, greatest, cache;
  bool cycles = false;
  bool is_unlogged = false;
  std::string type;
  std::int64_t owner = 0;  ///< The relation whose column owns it.
  std::int64_t owner_column = 0;
  bool is_identity = false;
  bool is_part_of_column = false;  ///< The column says all of it: serial or identity.

  /// What differs from what the type gives, in CREATE SEQUENCE's words.
  [[nodiscard]] std::string options() const;
};

/// A part of a table or view, at its place in the list of its kind.
struct PartPlace {
  std::int64_t relation = 0;
  char kind = '\0';  ///< pg_constraint.contype; or `i`, an index, `t`, a trigger.
  std::size_t place = 0;
};

/// What has been read so far.
struct CatalogState {
  model::Schema schema;
  std::unordered_map<std::int64_t, PgClass> relations;
  std::vector<Sequence> sequences;
  std::unordered_map<std::int64_t, model::Index> constraint_indexes;  ///< Those behind constraints.
  std::map<Key, PartPlace> parts;
  std::map<Key, model::Reference> references;  ///< What they are called in uses: enums and objects.
  std::map<Key, std::size_t> objects;          ///< Their places.

  [[nodiscard]] PgClass* find(std::int64_t number);
  [[nodiscard]] model::Table* find_table(std::int64_t number);
  [[nodiscard]] model::View* find_view(std::int64_t number);
  [[nodiscard]] const model::Index* find_constraint_index(std::int64_t number) const;
};

// One file each, in the order in which they build on each other.
void read_relations(const Catalog& catalog, CatalogState& state);
void read_columns(const Catalog& catalog, CatalogState& state);
void read_indexes(const Catalog& catalog, CatalogState& state);
void read_constraints(const Catalog& catalog, CatalogState& state);
void read_triggers(const Catalog& catalog, CatalogState& state);
void read_enums(const Catalog& catalog, CatalogState& state);
/// Schemas; and the objects, if everything is looked at. Puts objects and views into an order in which they can be
/// made.
void read_objects(const Catalog& catalog, bool everything, CatalogState& state);
/// What all of that uses, besides the columns of its own table, which has been read with it.
void read_uses(const Catalog& catalog, CatalogState& state);

}  // namespace whimbrel::dialect::postgres
