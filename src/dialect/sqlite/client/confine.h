#pragma once

struct sqlite3;

namespace whimbrel::dialect::sqlite {

/// Keeps statements on a scratch database from reaching anything else: another file, an extension, a setting of the
/// whole process. They fail with SQLITE_AUTH.
void confine(sqlite3* database);

}  // namespace whimbrel::dialect::sqlite
