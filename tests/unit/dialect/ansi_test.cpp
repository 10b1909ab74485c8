#include "dialect/ansi.h"

#include <doctest/doctest.h>

#include "dialect/sqlite/text/syntax.h"

using namespace whimbrel;
using namespace whimbrel::dialect;

TEST_CASE("actions and deferrals are the words of the standard") {
  CHECK(ansi::action_sql(model::ReferentialAction::no_action) == "NO ACTION");
  CHECK(ansi::action_sql(model::ReferentialAction::restrict) == "RESTRICT");
  CHECK(ansi::action_sql(model::ReferentialAction::cascade) == "CASCADE");
  CHECK(ansi::action_sql(model::ReferentialAction::set_null) == "SET NULL");
  CHECK(ansi::action_sql(model::ReferentialAction::set_default) == "SET DEFAULT");
  CHECK(ansi::deferral_sql(model::Deferral::not_deferrable).empty());
  CHECK(ansi::deferral_sql(model::Deferral::initially_immediate) == " DEFERRABLE INITIALLY IMMEDIATE");
  CHECK(ansi::deferral_sql(model::Deferral::initially_deferred) == " DEFERRABLE INITIALLY DEFERRED");
}

TEST_CASE("a constraint without a name is written without one") {
  sql::Writer writer(dialect::sqlite::sqlite_syntax);
  ansi::write_name(writer, model::ConstraintName());
  CHECK(writer.text().empty());
  ansi::write_name(writer, model::ConstraintName("a \"b\""));
  CHECK(writer.text() == "CONSTRAINT \"a \"\"b\"\"\" ");
}
