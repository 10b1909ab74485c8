#include "session/schema_access.h"

namespace whimbrel::session {

void ShadowSchema::ran(std::string_view statement) {
  if (copy_ == nullptr) {
    earlier_.emplace_back(statement);
  } else {
    try_out(std::string(statement));
  }
}

const SchemaAccess& ShadowSchema::source() {
  if (copy_ != nullptr) return source_;
  std::vector<std::string> left_out;
  copy_ = dialect_.copy_schema(connection_, {}, dialect::CopyUse::any_statements, left_out);
  source_.dialect = &dialect_;
  source_.connection = copy_.get();
  source_.naming = &naming_;
  for (const std::string& statement : earlier_) try_out(statement);
  earlier_.clear();
  return source_;
}

// Statements that fail without rows, or because of objects that could not be copied, do not affect the schema.
void ShadowSchema::try_out(const std::string& statement) {
  try {
    const std::unique_ptr<dialect::SafetyGuard> guard = dialect_.guard(*copy_);
    guard->run(statement, nullptr);
    guard->finish();
  } catch (const Error&) {
  }
}

}  // namespace whimbrel::session
