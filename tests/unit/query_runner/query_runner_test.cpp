#include "whimbrel/query_runner.h"

#include <doctest/doctest.h>

#include <limits>

#include "whimbrel/error.h"

using namespace whimbrel;

namespace {

/// Remembers what it is asked, and answers with fixed rows.
struct FakeTarget : QueryRunner::Backend {
  std::string calls;

  Rows run(std::string_view sql, const std::vector<Value>* parameters) override {
    calls += std::string(sql) + '/' + (parameters == nullptr ? "none" : std::to_string(parameters->size())) + ' ';
    return Rows({{"id", "name"}, {{1, "a"}, {2, nullptr}}});
  }
  void start_transaction() override { calls += "start "; }
  void commit_transaction() override { calls += "commit "; }
  void rollback_transaction() override { calls += "rollback "; }
  bool is_transaction_active() const override { return true; }
};

bool mentions(const Error& error, const std::string& text) {
  return (error.what() + (' ' + error.remedy())).find(text) != std::string::npos;
}

template <class Function>
Error error_of(Function function) {
  try {
    function();
  } catch (const Error& error) {
    return error;
  }
  FAIL("no error was thrown");
  return {ErrorKind::internal, ""};
}

}  // namespace

TEST_CASE("a value is converted where that loses nothing") {
  CHECK(Value(7).text() == "7");
  CHECK(Value("7").integer() == 7);
  CHECK(Value(7.0).integer() == 7);
  CHECK(Value(7).real() == 7.0);
  CHECK(Value("0.5").real() == 0.5);
  CHECK(Value(0.5).text() == "0.5");
  CHECK(Value(true).integer() == 1);
  CHECK(Value("ab").bytes() == Bytes{std::byte{'a'}, std::byte{'b'}});
  CHECK(Value(std::optional<int>(3)) == Value(3));
  CHECK(Value(std::numeric_limits<std::int64_t>::min()).real() == -9223372036854775808.0);
}

TEST_CASE("an integer that needs all 64 bits without a sign is not taken for a negative one") {
  CHECK(Value(std::uint64_t{9223372036854775807U}).integer() == 9223372036854775807);
  CHECK_THROWS_WITH_AS(Value(std::uint64_t{9223372036854775808U}),
                       "The integer 9223372036854775808 is too large for a value.", Error);
}

TEST_CASE("a conversion that would lose something is an error that says what the value is") {
  CHECK_THROWS_AS(static_cast<void>(Value(0.5).integer()), Error);
  CHECK_THROWS_AS(static_cast<void>(Value(9223372036854775808.0).integer()), Error);
  CHECK_THROWS_AS(static_cast<void>(Value(std::numeric_limits<double>::quiet_NaN()).integer()), Error);
  CHECK_THROWS_AS(static_cast<void>(Value(std::numeric_limits<std::int64_t>::max()).real()), Error);
  CHECK_THROWS_AS(static_cast<void>(Value("7 apples").integer()), Error);
  CHECK_THROWS_AS(static_cast<void>(Value("").integer()), Error);
  CHECK_THROWS_AS(static_cast<void>(Value(Bytes{}).text()), Error);
  CHECK_THROWS_AS(static_cast<void>(Value(1).bytes()), Error);
  const Error error = error_of([] { static_cast<void>(Value(nullptr).text()); });
  CHECK(mentions(error, "NULL"));
  CHECK(mentions(error, "is_null()"));
  CHECK(mentions(error_of([] { static_cast<void>(Value("x").integer()); }), "the text 'x'"));
}

TEST_CASE("rows are read by number and by name") {
  const Rows rows({{"id", "name"}, {{1, "a"}, {2, nullptr}}});
  CHECK(rows.size() == 2);
  CHECK(rows[0]["name"].text() == "a");
  CHECK(rows[1][1].is_null());
  std::int64_t sum = 0;
  for (const Row row : rows) sum += row["id"].integer();
  CHECK(sum == 3);
}

TEST_CASE("asking for a row or a column that is not there is an error that says what is") {
  const Rows rows({{"id", "name"}, {{1, "a"}}});
  CHECK(mentions(error_of([&] { static_cast<void>(rows[1]); }), "returned 1 rows, but row 1"));
  CHECK(mentions(error_of([&] { static_cast<void>(rows[0][2]); }), "2 columns, but column 2"));
  CHECK(mentions(error_of([&] { static_cast<void>(rows[0][-1]); }), "2 columns"));
  CHECK(mentions(error_of([&] { static_cast<void>(rows[0]["nam"]); }), "id, name"));
}

TEST_CASE("rows can be moved and be none") {
  Rows rows;
  CHECK(rows.empty());
  CHECK(!(rows.begin() != rows.end()));
  rows = Rows({{"id"}, {{1}}});
  Rows other = std::move(rows);
  CHECK(other.size() == 1);
  rows = std::move(other);
  CHECK(rows.size() == 1);
}

TEST_CASE("a query runner passes everything on to its target") {
  FakeTarget target;
  QueryRunner runner(target);
  CHECK(runner.query("a").size() == 2);
  runner.query(std::string("b"), {1, "x"});
  runner.start_transaction();
  runner.commit_transaction();
  runner.rollback_transaction();
  CHECK(target.calls == "a/none b/2 start commit rollback ");
  CHECK(runner.is_transaction_active());
}
