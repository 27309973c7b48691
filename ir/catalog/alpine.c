#include "ir/catalog/alpine.h"

#include "ir/catalog/schema.h"

const struct alpine_image *catalog_alpine_image(const struct catalog *c, struct str family)
{
    return catalog_find(c, TABLE_ALPINE_IMAGES, family);
}

const struct busybox_command *catalog_busybox(const struct catalog *c, struct str command)
{
    return catalog_find(c, TABLE_BUSYBOX, command);
}

const struct ported_command *catalog_port(const struct catalog *c, struct str command)
{
    return catalog_find(c, TABLE_PORTS, command);
}

const struct interpreter *catalog_interpreter(const struct catalog *c, struct str path)
{
    return catalog_find(c, TABLE_INTERPRETERS, path);
}

const struct module *catalog_musl(const struct catalog *c, struct str manager_name)
{
    return catalog_find(c, TABLE_MUSL, manager_name);
}
