#include "session/stored_rows.h"

#include <doctest/doctest.h>

#include <limits>

using namespace whimbrel;
using session::read_rows;
using session::to_stored;

namespace {

void comes_back(const Rows::Data& rows) {
  const std::optional<Rows::Data> read = read_rows(to_stored(rows));
  REQUIRE(read);
  CHECK(read->columns == rows.columns);
  CHECK(read->values == rows.values);
}

}  // namespace

TEST_CASE("stored rows are read as they were") {
  comes_back({});
  comes_back({{"a"}, {}});
  comes_back({{"a", "b"}, {{1, "one"}, {nullptr, ""}}});
  comes_back({{"", "t4:text", "a\0b"}, {{std::string("\0:5", 3), "rows:", "hash:"}}});
  comes_back({{"n"},
              {{std::numeric_limits<std::int64_t>::min()},
               {0.1},
               {-0.0},
               {std::numeric_limits<double>::max()},
               {std::numeric_limits<double>::denorm_min()},
               {Bytes{std::byte{0}, std::byte{255}}},
               {Bytes{}},
               {true}}});
}

TEST_CASE("of many rows only a hash is stored, which tells them apart") {
  const auto rows = [](std::size_t count, const std::string& last) {
    Rows::Data many{{"text"}, {}};
    for (std::size_t i = 0; i < count; ++i) many.values.push_back({std::string(1000, 'x')});
    many.values.push_back({last});
    return many;
  };
  CHECK(read_rows(to_stored(rows(900, "a"))));
  const std::string stored = to_stored(rows(5000, "a"));
  CHECK(stored.size() < 100);
  CHECK(!read_rows(stored));
  CHECK(stored == to_stored(rows(5000, "a")));
  CHECK(stored != to_stored(rows(5000, "b")));
  CHECK(stored != to_stored(rows(5001, "a")));
}

TEST_CASE("stored rows that were edited are an error") {
  const std::string stored = to_stored({{"a", "b"}, {{1, "one"}, {nullptr, ""}}});
  for (std::size_t size = std::string("rows:").size() + 1; size < stored.size(); ++size) {
    CAPTURE(size);
    const std::string_view beginning = std::string_view(stored).substr(0, size);
    // A whole row may be missing.
    if (const std::string row = to_stored({{"a", "b"}, {{1, "one"}}}); beginning == row) continue;
    if (beginning == to_stored({{"a", "b"}, {}})) continue;
    CHECK_THROWS_AS(static_cast<void>(read_rows(beginning)), Error);
  }
  for (const char* const text : {"rows:i1:0x", "rows:i1:0n0:", "rows:i19:9223372036854775807t1:a", "rows:x",
                                 "rows:i99999999999999999999:1", "rows:i1:1t1:ai1:x", "rows:i2:-1n0:"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(static_cast<void>(read_rows(text)), Error);
  }
}
