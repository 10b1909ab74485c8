#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace whimbrel {

/// Derives the names of objects that have no explicit name. The base class follows TypeORM's default strategy byte for
/// byte, so a TypeORM database can be adopted or shared; override functions to change a name.
///
/// Arguments are the names in the database. The columns of a constraint are passed in its own order. A name that is
/// longer than the database allows is truncated.
class NamingStrategy {
 public:
  using Columns = std::vector<std::string>;

  virtual ~NamingStrategy() = default;

  /// `BlogPost` → `blog_post`.
  [[nodiscard]] virtual std::string table(std::string_view class_name) const;
  /// The column of a member; the prefixes are those of the embedded structs that contain it, outermost first.
  [[nodiscard]] virtual std::string column(std::string_view member, const Columns& prefixes) const;
  /// The column of a relation without a member for the key: `author`, `id` → `authorId`.
  [[nodiscard]] virtual std::string join_column(std::string_view relation, std::string_view referenced_member) const;
  /// The table of a many-to-many relation, from table names without the prefix; the member may be empty.
  [[nodiscard]] virtual std::string junction_table(std::string_view table, std::string_view member,
                                                   std::string_view other_table) const;
  [[nodiscard]] virtual std::string junction_column(std::string_view table, std::string_view column) const;
  /// A column of a junction table whose name both sides would have; the side is 1 or 2.
  [[nodiscard]] virtual std::string repeated_junction_column(std::string_view column, int side) const;
  [[nodiscard]] virtual std::string closure_table(std::string_view table) const;
  [[nodiscard]] virtual std::string ancestor_column(std::string_view member) const;
  [[nodiscard]] virtual std::string descendant_column(std::string_view member) const;
  [[nodiscard]] virtual std::string discriminator_column() const;

  [[nodiscard]] virtual std::string primary_key(std::string_view table, const Columns& columns) const;
  [[nodiscard]] virtual std::string unique(std::string_view table, const Columns& columns) const;
  /// The unique constraint of a one-to-one relation.
  [[nodiscard]] virtual std::string relation_unique(std::string_view table, const Columns& columns) const;
  /// `where` is empty for an index over all rows.
  [[nodiscard]] virtual std::string index(std::string_view table, const Columns& columns, std::string_view where) const;
  [[nodiscard]] virtual std::string foreign_key(std::string_view table, const Columns& columns) const;
  [[nodiscard]] virtual std::string check(std::string_view table, std::string_view expression) const;
  [[nodiscard]] virtual std::string exclusion(std::string_view table, std::string_view definition) const;
  /// The type of an enum, for databases with named enum types.
  [[nodiscard]] virtual std::string enum_type(std::string_view table, std::string_view column) const;
};

/// TypeORM's default names, `UQ_e12875dfb3b1d92d7d7c5377e22`.
[[nodiscard]] const NamingStrategy& typeorm_naming();
/// Readable names in snake case: `uq_user_email`, `author_id`.
[[nodiscard]] const NamingStrategy& snake_case_naming();

}  // namespace whimbrel
