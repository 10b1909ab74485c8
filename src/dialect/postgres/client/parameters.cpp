#include "dialect/postgres/client/parameters.h"

#include "dialect/fields.h"
#include "dialect/postgres/client/value_text.h"
#include "whimbrel/error.h"

namespace whimbrel::dialect::postgres {

namespace {

/// Returns it as PostgreSQL reads it: a number may be infinite.
std::string parameter_text(const Value& value) {
  const auto* const number = std::get_if<double>(&value.variant());
  return number == nullptr ? text_of(value) : to_text(*number);
}

}  // namespace

BoundParameters::BoundParameters(const std::vector<Value>& parameters, std::string_view statement) {
  texts_.reserve(parameters.size());  // Keeps pointers valid.
  for (const Value& value : parameters) {
    const bool is_binary = std::holds_alternative<Bytes>(value.variant());
    const std::string& text = texts_.emplace_back(parameter_text(value));
    if (!is_binary && text.find('\0') != std::string::npos) {
      throw Error(ErrorKind::statement, "The parameter $" + std::to_string(texts_.size()) +
                                            " is text with a NUL character, which PostgreSQL cannot store.")
          .with_remedy("Remove the character, or store the value as bytes in a column of type bytea.")
          .with_statement(std::string(statement));
    }
    types_.push_back(is_binary ? static_cast<unsigned>(TypeNumber::bytea) : 0);
    values_.push_back(value.is_null() ? nullptr : text.c_str());
    lengths_.push_back(static_cast<int>(text.size()));
    formats_.push_back(is_binary ? 1 : 0);
  }
}

}  // namespace whimbrel::dialect::postgres
