#include "model/name_limit.h"

#include <doctest/doctest.h>

using namespace whimbrel;

TEST_CASE("a name that is too long is cut short, and still told from others") {
  const std::string name(80, 'a');
  const std::string other = name + 'b';
  const model::NameLimit bytes{63, model::NameLimit::Unit::bytes};
  CHECK(model::NameLimit().shortened(name) == name);
  CHECK(bytes.shortened("short") == "short");
  CHECK(bytes.shortened(name).size() == 63);
  CHECK(bytes.shortened(name) != bytes.shortened(other));
  const std::string of_two_bytes = std::string(52, 'a') + "ääääääää";
  CHECK(bytes.shortened(of_two_bytes).size() == 63);
  CHECK(bytes.shortened(of_two_bytes + 'a').starts_with(std::string(52, 'a') + "ä_"));
  const model::NameLimit characters{60, model::NameLimit::Unit::characters};
  CHECK(characters.shortened(of_two_bytes) == of_two_bytes);
  CHECK(characters.length_of(characters.shortened(of_two_bytes + 'a')) == 60);
}
