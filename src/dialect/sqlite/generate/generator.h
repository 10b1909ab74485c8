#pragma once

#include <string>

#include "whimbrel/model.h"

namespace whimbrel::dialect::sqlite {

/// Returns the definition of a column for CREATE TABLE and ADD COLUMN. `primary_key`: the key over only this column;
/// `foreign_key`: one that is written with the column; null if there is none.
[[nodiscard]] std::string column_sql(const model::Column& column, const model::PrimaryKey* primary_key,
                                     const model::ForeignKey* foreign_key = nullptr);
/// Returns a CREATE TABLE statement for the table under another name.
[[nodiscard]] std::string create_table_sql(const model::Table& table, const std::string& name);

}  // namespace whimbrel::dialect::sqlite
