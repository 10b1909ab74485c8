#pragma once

struct sqlite3;

namespace whimbrel::dialect::sqlite {

/// Prevents statements on a scratch database from reaching anything outside it: another file, an extension, a
/// process-wide setting. They fail with SQLITE_AUTH.
void confine(sqlite3* database);

}  // namespace whimbrel::dialect::sqlite
