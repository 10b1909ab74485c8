#pragma once

#include <string_view>

#include "sql/writer.h"
#include "whimbrel/model.h"

/// What the databases write in the same words, those of the standard.
namespace whimbrel::dialect::ansi {

/// `SET NULL`
[[nodiscard]] std::string_view action_sql(model::ReferentialAction action);
/// ` DEFERRABLE INITIALLY DEFERRED`; nothing if it is not deferrable.
[[nodiscard]] std::string_view deferral_sql(model::Deferral deferral);
/// `CONSTRAINT "name" `; nothing if it has no name.
void write_name(sql::Writer& writer, const model::ConstraintName& name);

}  // namespace whimbrel::dialect::ansi
