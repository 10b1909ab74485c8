#include "dialect/mysql/text/type_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "dialect/mysql/dialect.h"
#include "dialect/mysql/text/literal.h"
#include "dialect/mysql/text/syntax.h"
#include "sql/token_reader.h"

namespace whimbrel::dialect::mysql {

namespace {

/// Synonyms. https://dev.mysql.com/doc/refman/8.4/en/other-vendor-data-types.html
struct Alias {
  std::string_view name;
  std::string_view meant;
};
constexpr std::array aliases = {
    Alias{"integer", "int"},
    Alias{"int1", "tinyint"},
    Alias{"int2", "smallint"},
    Alias{"int3", "mediumint"},
    Alias{"middleint", "mediumint"},
    Alias{"int4", "int"},
    Alias{"int8", "bigint"},
    Alias{"dec", "decimal"},
    Alias{"numeric", "decimal"},
    Alias{"fixed", "decimal"},
    Alias{"double precision", "double"},
    Alias{"real", "double"},
    Alias{"float4", "float"},
    Alias{"float8", "double"},
    Alias{"character", "char"},
    Alias{"character varying", "varchar"},
    Alias{"char varying", "varchar"},
    Alias{"varcharacter", "varchar"},
    Alias{"char byte", "binary"},
    Alias{"long", "mediumtext"},
    Alias{"long varchar", "mediumtext"},
    Alias{"long char varying", "mediumtext"},
    Alias{"long varbinary", "mediumblob"},
    Alias{"geomcollection", "geometrycollection"},
};

/// The width of an integer type with zerofill, where none is given.
struct Integer {
  std::string_view name;
  std::uint32_t width;
};
constexpr std::array integers = {Integer{"tinyint", 3}, Integer{"smallint", 5}, Integer{"mediumint", 8},
                                 Integer{"int", 10}, Integer{"bigint", 20}};

const Integer* find_integer(std::string_view name) {
  const auto* const found =
      std::find_if(integers.begin(), integers.end(), [&](const Integer& integer) { return integer.name == name; });
  return found == integers.end() ? nullptr : found;
}

/// Types with an implied length, and those whose types are of their own for a length.
bool has_implied_one(std::string_view name) { return name == "char" || name == "binary" || name == "bit"; }
bool has_fraction(std::string_view name) { return name == "time" || name == "datetime" || name == "timestamp"; }

/// Parses the words and symbols of a type in turn.
class TypeReader : private sql::TokenReader {
 public:
  explicit TypeReader(std::string_view text) : TokenReader(text, mysql_syntax) {}

  std::optional<model::Type> read() {
    read_words();
    if (words_.empty()) return std::nullopt;
    if (is("(") && !(has_values() ? read_values() : read_arguments())) return std::nullopt;
    if (!read_suffix()) return std::nullopt;
    return meant();
  }

 private:
  [[nodiscard]] bool is_word() const { return left() > 0 && rest().front().kind == sql::TokenKind::word; }
  [[nodiscard]] bool has_values() const { return words_ == "enum" || words_ == "set"; }

  void read_words() {
    while (is_word() && !is_any({"unsigned", "signed", "zerofill", "compressed"})) {
      if (!words_.empty()) words_ += ' ';
      words_ += sql::to_lower(rest().front().text);
      skip();
    }
  }

  bool read_arguments() {
    skip();
    do {
      if (left() == 0 || rest().front().kind != sql::TokenKind::number) return false;
      const std::string_view text = rest().front().text;
      std::uint32_t number = 0;
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
      if (error != std::errc{} || end != text.data() + text.size()) return false;
      arguments_.push_back(number);
      skip();
    } while (accept(","));
    return accept(")");
  }

  bool read_values() {
    skip();
    do {
      if (left() == 0 || rest().front().kind != sql::TokenKind::string) return false;
      values_ += (values_.empty() ? "" : ",") + quote_text(rest().front().value());
      skip();
    } while (accept(","));
    return accept(")");
  }

  bool read_suffix() {
    while (left() > 0) {
      if (accept("unsigned")) {
        is_unsigned_ = true;
      } else if (accept("zerofill")) {
        is_filled_ = is_unsigned_ = true;
      } else if (accept("compressed")) {
        is_compressed_ = true;
      } else if (!accept("signed")) {
        return false;
      }
    }
    return true;
  }

  [[nodiscard]] std::optional<model::Type> meant() const {
    model::Type type{words_, arguments_};
    for (const Alias& alias : aliases) {
      if (type.name == alias.name) type.name = alias.meant;
    }
    if (type.name == "bool" || type.name == "boolean") type = {"tinyint", {1}};
    // They are more than a type: they set a character set or constraints.
    if (type.name == "serial" || type.name.starts_with("national") || type.name.starts_with("n")) return std::nullopt;
    if (has_values()) {
      if (values_.empty()) return std::nullopt;
      if (words_ == "set") type.name = "set(" + values_ + ")";
    }
    set_integer(type);
    set_number(type);
    set_text(type);
    type.suffix = joined_words(
        {is_unsigned_ ? "unsigned" : "", is_filled_ ? "zerofill" : "", is_compressed_ ? "compressed" : ""});
    if (type.name == "varchar" && type.arguments.empty()) return std::nullopt;
    return type;
  }

  /// Widths only matter for zerofill, and clients take tinyint(1) for a boolean.
  void set_integer(model::Type& type) const {
    const Integer* const integer = find_integer(type.name);
    if (integer == nullptr) return;
    const bool is_boolean = type.name == "tinyint" && type.arguments == std::vector<std::uint32_t>{1} && !is_unsigned_;
    if (!is_filled_ && !is_boolean) type.arguments.clear();
    if (is_filled_ && type.arguments.empty()) type.arguments = {integer->width};
  }

  static void set_number(model::Type& type) {
    if (type.name == "decimal") {
      if (type.arguments.empty()) type.arguments = {10};
      if (type.arguments.size() == 1) type.arguments.push_back(0);
    }
    // float(p) chooses between the two types.
    if (type.name == "float" && type.arguments.size() == 1) {
      type = {type.arguments.front() <= 24 ? "float" : "double", {}};
    }
  }

  static void set_text(model::Type& type) {
    if (has_implied_one(type.name) && type.arguments.empty()) type.arguments = {1};
    if (has_fraction(type.name) && type.arguments == std::vector<std::uint32_t>{0}) type.arguments.clear();
    if (type.name == "year") type.arguments.clear();
    // A length chooses the smallest of these types that has room for as many characters of four bytes.
    const bool is_text = type.name == "text";
    if ((!is_text && type.name != "blob") || type.arguments.empty()) return;
    const std::uint64_t bytes = std::uint64_t{type.arguments.front()} * (is_text ? 4 : 1);
    const char* const size = bytes <= 0xFF ? "tiny" : bytes <= 0xFFFF ? "" : bytes <= 0xFFFFFF ? "medium" : "long";
    type = {size + type.name, {}};
  }

  std::string words_;
  std::vector<std::uint32_t> arguments_;
  std::string values_;  ///< `'a','b'`
  bool is_unsigned_ = false;
  bool is_filled_ = false;
  bool is_compressed_ = false;
};

}  // namespace

std::optional<model::Type> read_type(std::string_view text) { return TypeReader(text).read(); }

bool is_number_type(std::string_view name) {
  return find_integer(name) != nullptr || name == "decimal" || name == "float" || name == "double" || name == "year";
}

std::string joined_words(const std::vector<std::string>& words) {
  std::string result;
  for (const std::string& word : words) {
    if (!result.empty() && !word.empty()) result += ' ';
    result += word;
  }
  return result;
}

AttributedType split_attributes(const model::Type& type) {
  AttributedType result{type, {}};
  std::size_t end = 0;
  for (const sql::Token& token : sql::tokenize(type.suffix, mysql_syntax)) {
    if (!token.is("unsigned") && !token.is("zerofill") && !token.is("compressed")) {
      result.attributes = type.suffix.substr(token.offset);
      break;
    }
    end = token.end();
  }
  result.type.suffix = type.suffix.substr(0, end);
  return result;
}

std::vector<std::string> read_values(std::string_view type) {
  std::vector<std::string> values;
  for (const sql::Token& token : sql::tokenize(type, mysql_syntax)) {
    if (token.kind == sql::TokenKind::string) values.push_back(token.value());
  }
  return values;
}

}  // namespace whimbrel::dialect::mysql
