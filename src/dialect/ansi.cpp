#include "dialect/ansi.h"

namespace whimbrel::dialect::ansi {

std::string_view action_sql(model::ReferentialAction action) {
  switch (action) {
    case model::ReferentialAction::no_action:
      return "NO ACTION";
    case model::ReferentialAction::restrict:
      return "RESTRICT";
    case model::ReferentialAction::cascade:
      return "CASCADE";
    case model::ReferentialAction::set_null:
      return "SET NULL";
    case model::ReferentialAction::set_default:
      return "SET DEFAULT";
  }
  return "NO ACTION";
}

std::string_view deferral_sql(model::Deferral deferral) {
  switch (deferral) {
    case model::Deferral::not_deferrable:
      return "";
    case model::Deferral::initially_immediate:
      return " DEFERRABLE INITIALLY IMMEDIATE";
    case model::Deferral::initially_deferred:
      return " DEFERRABLE INITIALLY DEFERRED";
  }
  return "";
}

void write_name(sql::Writer& writer, const model::ConstraintName& name) {
  if (!name.text.empty()) writer.raw("CONSTRAINT ").identifier(name.text).raw(" ");
}

}  // namespace whimbrel::dialect::ansi
