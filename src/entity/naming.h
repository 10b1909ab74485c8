#pragma once

#include <string>
#include <string_view>
#include <vector>

/// Names that nobody gave, byte for byte as TypeORM's default naming strategy derives them, so that a database can be
/// taken over from it or shared with it.
namespace whimbrel::entity {

/// `BlogPost` → `blog_post`.
[[nodiscard]] std::string table_name(std::string_view class_name);

// Constraints and indexes of a table, by the names that the table and the columns have in the database. The order of
// the columns does not matter.
[[nodiscard]] std::string primary_key_name(std::string_view table, std::vector<std::string> columns);
[[nodiscard]] std::string unique_name(std::string_view table, std::vector<std::string> columns);
/// The unique of a one-to-one relation.
[[nodiscard]] std::string relation_unique_name(std::string_view table, std::vector<std::string> columns);
[[nodiscard]] std::string index_name(std::string_view table, std::vector<std::string> columns, std::string_view where);
[[nodiscard]] std::string foreign_key_name(std::string_view table, std::vector<std::string> columns);
[[nodiscard]] std::string check_name(std::string_view table, std::string_view expression);

/// Has the name the form of a derived one?
[[nodiscard]] bool is_derived_name(std::string_view name);

}  // namespace whimbrel::entity
