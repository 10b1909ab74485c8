#pragma once

#include <string_view>

#include "whimbrel/model.h"

/// Comments and settings as objects of the model, for everything whose type there has none.
namespace whimbrel::dialect::postgres {

inline constexpr const char* comment_kind = "comment";
inline constexpr const char* view_default_kind = "default of view";
inline constexpr const char* persistence_kind = "persistence of sequence";
inline constexpr const char* own_default_kind = "own default of column";
inline constexpr const char* own_not_null_kind = "own NOT NULL of column";

/// Returns whether the object is a property of another item, which is set and removed in place and is lost with it: a
/// comment, a setting of a column or an index, or the default of a column of a view.
[[nodiscard]] bool is_property(const model::Object& object);

/// Returns whether it says that a column that a table inherits differs from the parent's.
[[nodiscard]] bool is_own_part(const model::Object& object);

/// Returns the column that such an object is about.
[[nodiscard]] const model::Reference& column_of(const model::Object& own_part);

/// Returns whether objects of this kind are properties that say nothing of any other item than what has them: all but
/// the default of a column of a view.
[[nodiscard]] bool follows_owner(std::string_view kind);

/// Returns whether the server removes the property of a column when the type of the column changes.
[[nodiscard]] bool goes_with_type(const model::Object& property);

/// Returns a property that is set by one statement and removed by the other.
[[nodiscard]] model::Object property_object(std::string kind, model::Name name, std::string definition,
                                            std::string removal, std::vector<model::Reference> uses);

/// The name of the comment on an object itself, not on a part of it.
[[nodiscard]] model::Name name_of_comment(const std::string& kind, const model::Name& object);

/// The comment on a view.
[[nodiscard]] model::Object comment_object(const model::View& view);

}  // namespace whimbrel::dialect::postgres
