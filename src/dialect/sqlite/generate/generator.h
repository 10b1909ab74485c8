#pragma once

#include <string>

#include "whimbrel/model.h"

namespace whimbrel::dialect::sqlite {

/// The definition of a column as it stands in CREATE TABLE and ADD COLUMN. `primary_key` is the key that consists of
/// this column alone, `foreign_key` one that is written with the column; else null.
[[nodiscard]] std::string column_sql(const model::Column& column, const model::PrimaryKey* primary_key,
                                     const model::ForeignKey* foreign_key = nullptr);
/// CREATE TABLE for the table under another name.
[[nodiscard]] std::string create_table_sql(const model::Table& table, const std::string& name);

}  // namespace whimbrel::dialect::sqlite
