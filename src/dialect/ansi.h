#pragma once

#include <string_view>

#include "sql/writer.h"
#include "whimbrel/model.h"

/// SQL of the standard that is the same in every database.
namespace whimbrel::dialect::ansi {

/// `SET NULL`
[[nodiscard]] std::string_view action_sql(model::ReferentialAction action);
/// ` DEFERRABLE INITIALLY DEFERRED`; empty if it is not deferrable.
[[nodiscard]] std::string_view deferral_sql(model::Deferral deferral);
/// `CONSTRAINT "name" `; empty if it has no name.
void write_name(sql::Writer& writer, const model::ConstraintName& name);

}  // namespace whimbrel::dialect::ansi
