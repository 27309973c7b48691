/* What the readers of manifests share. */
#ifndef IR_MANIFEST_READING_H
#define IR_MANIFEST_READING_H

#include "ir/catalog/yaml.h"
#include "ir/manifest/manifest.h"

/* How many files one manifest may include, directly or not. */
enum { MANIFEST_MOST_INCLUDED = 16 };

struct manifest_reading {
    struct compile *c;
    struct arena *arena;
    struct str path;       /* of the file that is being read */
    struct str text;       /* the whole of it */
    struct manifest *out;  /* what has been read */
    struct strs *included; /* paths that have been read with it */
};

/* The readers. Each takes r->text apart as far as it understands it; false when it is not of its
 * format. */
#define X(name, files) bool manifest_read_##name(struct manifest_reading *r);
MANIFEST_KINDS(X)
#undef X

/* Adds a value; `key` may be put together from two. Empty values are left out. */
void reading_value(struct manifest_reading *r, struct str key, struct str value);
void reading_value_of(struct manifest_reading *r, struct str prefix, struct str key,
                      struct str value);
void reading_computed(struct manifest_reading *r, struct str key, struct str value);

void reading_need(struct manifest_reading *r, struct str name, struct str version,
                  struct str group);

/* A requirement of Python packages (PEP 508): name[extras] version ; marker. What has no name adds
 * to more_needs. */
void reading_python_need(struct manifest_reading *r, struct str requirement, struct str group);

/* `name` beside the file that is being read. */
struct str reading_beside(const struct manifest_reading *r, struct str name);

/* Takes the first line off `text`, without its line end. False at the end. */
bool reading_line(struct str *text, struct str *line);

/* The same with the lines that it is continued on by a backslash. */
bool reading_continued(struct manifest_reading *r, struct str *text, struct str *line);

/* Takes the first word off `text`: up to white space, what is quoted whole and without its quotes.
 * False when there is none. */
bool reading_word(struct str *text, struct str *word);

/* The scalar under `key`, or empty. */
struct str reading_scalar(const struct yaml_node *map, struct str key);

/* The node at a path of keys with dots between; NULL when there is none. */
const struct yaml_node *reading_at(const struct yaml_node *map, struct str path);

#endif
