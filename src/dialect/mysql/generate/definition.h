#pragma once

#include <string>
#include <vector>

#include "dialect/mysql/dialect.h"
#include "model/name_limit.h"
#include "whimbrel/model.h"

/// The definitions of tables and their parts.
namespace whimbrel::dialect::mysql {

inline constexpr model::NameLimit name_limit{64, model::NameLimit::Unit::characters};

/// Returns the quoted name, with its database if it is in another one.
[[nodiscard]] std::string quote(const model::Name& name);
[[nodiscard]] std::string quote(const std::string& name);

/// Returns the whole definition of a column with its name: MODIFY and CHANGE reset what it does not say.
[[nodiscard]] std::string column_sql(const model::Column& column, const Server& server);

/// Returns whether MySQL accepts defaults of the column's type as expressions only, and only in its definition.
[[nodiscard]] bool takes_only_expression(const model::Column& column, const Server& server);

/// Returns the default as it is written after DEFAULT: only literals and CURRENT_TIMESTAMP are not in parentheses.
[[nodiscard]] std::string default_sql(const model::Column& column, const Server& server);

/// What follows the name of a period in a key of MariaDB. https://mariadb.com/kb/en/application-time-periods/
inline constexpr const char* without_overlaps = " WITHOUT OVERLAPS";
/// Returns whether the part is a period instead of columns.
[[nodiscard]] bool is_period(const model::KeyPart& part);
[[nodiscard]] bool has_period(const std::vector<model::KeyPart>& key);

/// `(`a`, `b`(10) DESC, (lower(`c`)))`
[[nodiscard]] std::string key_sql(const std::vector<model::KeyPart>& parts);

/// Returns the constraint or index as it is written in CREATE TABLE, and after ADD in ALTER TABLE.
[[nodiscard]] std::string part_sql(const model::PrimaryKey& key);
[[nodiscard]] std::string part_sql(const model::Unique& unique);
[[nodiscard]] std::string part_sql(const model::Check& check);
/// `DROP CONSTRAINT name`
[[nodiscard]] std::string drop_check_sql(const std::string& name, const Server& server);
[[nodiscard]] std::string part_sql(const model::ForeignKey& key);
[[nodiscard]] std::string part_sql(const model::Index& index);

/// Returns whether the check belongs to a column, whose definition contains it. MariaDB names such a check after the
/// column, and it can only be dropped by redefining the column.
[[nodiscard]] bool is_part_of_column(const model::Check& check, const model::Column& column, const Server& server);

/// Returns the statement that creates the table, with its constraints and indexes.
[[nodiscard]] std::string create_table_sql(const model::Table& table, const Server& server);

/// ` ENGINE=InnoDB`
[[nodiscard]] std::string option_sql(const std::string& name, const std::string& value);

}  // namespace whimbrel::dialect::mysql
