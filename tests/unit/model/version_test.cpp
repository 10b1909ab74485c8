#include "model/version.h"

#include <doctest/doctest.h>

using whimbrel::model::read_version;
using whimbrel::model::version_text;

TEST_CASE("a version is written as people do, without the zeros at its end") {
  CHECK(version_text(34001) == "3.40.1");
  CHECK(version_text(33700) == "3.37");
  CHECK(version_text(150200) == "15.2");
  CHECK(version_text(150000) == "15");
  CHECK(version_text(100001) == "10.0.1");
}

TEST_CASE("a version is read as it is written, and what is none is refused") {
  CHECK(read_version("3.40.1") == 34001);
  CHECK(read_version("15") == 150000);
  CHECK(read_version("15.2") == 150200);
  for (const char* text : {"", "x", "15.", ".5", "15 ", "3.40.1.2", "3.100", "-1", "1e2"}) {
    CAPTURE(text);
    CHECK_FALSE(read_version(text).has_value());
  }
}
