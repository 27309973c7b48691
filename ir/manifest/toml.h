/* TOML, as far as manifests use it: tables, arrays of tables, dotted keys, strings of all four
 * kinds, arrays and inline tables. Numbers, booleans and dates are their texts. A tree as of YAML.
 */
#ifndef IR_MANIFEST_TOML_H
#define IR_MANIFEST_TOML_H

#include "ir/catalog/yaml.h"

/* NULL when it is not TOML, or too deep. */
struct yaml_node *toml_read(struct arena *a, struct str text);

#endif
