#include "cli/exit_code.h"

namespace whimbrel::cli {

namespace {

struct Meaning {
  const char* name;
  ExitCode code;
};

Meaning meaning(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::usage:
      return {"usage", wrong_usage};
    case ErrorKind::entity:
      return {"entity", failed};
    case ErrorKind::connection:
      return {"connection", failed};
    case ErrorKind::busy:
      return {"busy", failed};
    case ErrorKind::statement:
      return {"statement", failed};
    case ErrorKind::migration:
      return {"migration", failed};
    case ErrorKind::unsafe:
      return {"unsafe", failed};
    case ErrorKind::undecided:
      return {"undecided", answer_needed};
    case ErrorKind::interrupted:
      return {"interrupted", failed};
    case ErrorKind::file:
      return {"file", failed};
    case ErrorKind::internal:
      return {"internal", failed};
  }
  return {"unknown", failed};
}

}  // namespace

ExitCode exit_code(ErrorKind kind) { return meaning(kind).code; }

const char* to_string(ErrorKind kind) { return meaning(kind).name; }

}  // namespace whimbrel::cli
