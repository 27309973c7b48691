/* XML, as far as manifests use it: elements, attributes, text, the five named entities.
 * Declarations of types are refused. A tree as of YAML: an element with nothing but text is a
 * scalar; another one a map of its attributes (`@name`) and its elements. Prefixes of names are
 * left out. */
#ifndef IR_MANIFEST_XML_H
#define IR_MANIFEST_XML_H

#include "ir/catalog/yaml.h"

/* The map that holds the root element. NULL when it is not XML, or too deep. */
struct yaml_node *xml_read(struct arena *a, struct str text);

#endif
