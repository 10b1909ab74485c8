#include "write/identifier.h"

#include <doctest/doctest.h>

using namespace whimbrel::write;

TEST_CASE("classes are called as their tables, in capital words") {
  CHECK(class_identifier("user") == "User");
  CHECK(class_identifier("order details") == "OrderDetails");
  CHECK(class_identifier("OrderDetails") == "OrderDetails");
  CHECK(class_identifier("__x__y") == "XY");
  CHECK(class_identifier("1st") == "Table1st");
  CHECK(class_identifier("") == "Table");
  CHECK(class_identifier("FILE") == "FILERow");
  CHECK(is_identifier(class_identifier("\xC3\xA9t\xC3\xA9")));
}

TEST_CASE("members keep their names where C++ takes them") {
  CHECK(member_identifier("AlbumId") == "AlbumId");
  CHECK(member_identifier("a b") == "a_b");
  CHECK(member_identifier("class") == "class_");
  CHECK(member_identifier("2nd") == "n2nd");
  CHECK(member_identifier("__a__b") == "n_a_b");
  CHECK(member_identifier("") == "column");
  for (const char* name : {"NULL", "errno", "describe", "_Upper", "_", "a-", "\xD0\xB8", "operator", "'"}) {
    CAPTURE(name);
    CHECK(is_identifier(member_identifier(name)));
  }
}

TEST_CASE("each name is given once, whatever the case of its letters") {
  UniqueNames names;
  CHECK(names.add("User") == "User");
  CHECK(names.add("user") == "user2");
  CHECK(names.add("USER") == "USER3");
}

TEST_CASE("files are named in small words, namespaces of identifiers") {
  CHECK(file_stem("OrderDetails") == "order_details");
  CHECK(file_stem("HTTPServer") == "httpserver");
  CHECK(is_namespace("shop"));
  CHECK(is_namespace("shop::model"));
  for (const char* name : {"", "::", "shop::", "1", "a b", "class", "a:b"}) CHECK_FALSE(is_namespace(name));
}
