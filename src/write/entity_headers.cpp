#include "write/entity_headers.h"

#include <algorithm>
#include <set>

#include "write/comment.h"
#include "write/entity_plan.h"
#include "write/entity_source.h"

namespace whimbrel::write {

namespace {

std::string guard() { return "#pragma once\n\n#include <whimbrel/entity.h>\n"; }

std::string opened(const std::string& name_space) {
  return name_space.empty() ? "\n" : "\nnamespace " + name_space + " {\n\n";
}

std::string closed(const std::string& name_space) {
  return name_space.empty() ? "" : "\n}  // namespace " + name_space + '\n';
}

std::string included(const std::set<std::string>& headers, char open, char close) {
  std::string text = headers.empty() ? "" : "\n";
  for (const std::string& header : headers) text += "#include " + (open + header) + close + '\n';
  return text;
}

std::string render(const EntityPlan& plan, std::size_t index, const model::TypeMapping& mapping,
                   const std::string& name_space) {
  const PlannedEntity& entity = plan.entities[index];
  const EntitySource source = entity_source(plan, index, mapping);
  std::set<std::string> others;
  for (const PlannedReference& reference : entity.references) {
    if (reference.entity != index) others.insert(plan.entities[reference.entity].file);
  }
  const std::string others_included = included(others, '"', '"');

  std::string text;
  append_comment(text, "Written by `whimbrel entities`.");
  for (const std::string& remark : entity.not_expressed) append_comment(text, "Not expressed: " + remark);
  text += guard() + included(source.headers, '<', '>');
  if (!entity.is_in_cycle) {
    return text + others_included + opened(name_space) + source.declaration + source.description + source.end +
           closed(name_space);
  }
  text += opened(name_space) + source.declaration + source.end + closed(name_space);
  // The others refer to this one, which has to be there first.
  return text + others_included + opened(name_space) + source.description + closed(name_space);
}

std::string render(const PlannedView& view, const std::string& name_space) {
  std::string text;
  append_comment(text, "Written by `whimbrel entities`.");
  return text + guard() + opened(name_space) + view_source(view) + closed(name_space);
}

EntityHeader render_all(const EntityPlan& plan, const std::vector<std::string>& not_expressed,
                        const std::string& name_space) {
  std::string text;
  append_comment(text, "Written by `whimbrel entities`.");
  for (const std::string& remark : not_expressed) append_comment(text, "Not expressed: " + remark);
  std::set<std::string> files;
  std::vector<std::string> classes;
  const auto add = [&](const auto& planned) {
    files.insert(planned.file);
    classes.push_back(planned.class_name);
  };
  std::for_each(plan.entities.begin(), plan.entities.end(), add);
  std::for_each(plan.views.begin(), plan.views.end(), add);
  text += guard() + included(files, '"', '"') + opened(name_space);
  text += "[[nodiscard]] inline whimbrel::Entities all_entities() {\n  return whimbrel::entities<";
  bool first = true;
  for (const std::string& class_name : classes) {
    text += (first ? "" : ",\n                            ") + class_name;
    first = false;
  }
  text += ">();\n}\n" + closed(name_space);
  return {"entities.h", {}, std::move(text)};
}

}  // namespace

EntityHeaders entity_headers(const model::Schema& schema, const model::TypeMapping& mapping,
                             const std::string& name_space) {
  const EntityPlan plan = plan_entities(schema, mapping);
  EntityHeaders result;
  for (std::size_t i = 0; i < plan.entities.size(); ++i) {
    const PlannedEntity& entity = plan.entities[i];
    result.files.push_back({entity.file, entity.class_name, render(plan, i, mapping, name_space)});
    for (const std::string& remark : entity.not_expressed) {
      result.not_expressed.push_back("table \"" + to_string(entity.table->name) + "\": " + remark);
    }
  }
  for (const PlannedView& view : plan.views) {
    result.files.push_back({view.file, view.class_name, render(view, name_space)});
  }
  result.not_expressed.insert(result.not_expressed.end(), plan.left_out.begin(), plan.left_out.end());
  result.files.push_back(render_all(plan, plan.left_out, name_space));
  return result;
}

}  // namespace whimbrel::write
