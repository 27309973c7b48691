/* The fields of every kind of row: one table a type, in the order of catalog.h, images.h and
 * packages.h. Long because there are many, and each is a line. */
#include "ir/catalog/schema.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

#define TEXT(type, k, m, ...)                                                                      \
    {                                                                                              \
        .key = k, .member = #m, .kind = FIELD_TEXT, .at = offsetof(struct type, m),                \
        .refers_to = -1, __VA_ARGS__                                                               \
    }
#define LIST(type, k, m, n, list_kind, ...)                                                        \
    {                                                                                              \
        .key = k, .member = #m, .kind = list_kind, .at = offsetof(struct type, m),                 \
        .count_at = offsetof(struct type, n), .count_member = #n, .refers_to = -1, __VA_ARGS__     \
    }
#define VALUE(type, k, m, value_kind, ...)                                                         \
    {                                                                                              \
        .key = k, .member = #m, .kind = value_kind, .at = offsetof(struct type, m),                \
        .refers_to = -1, __VA_ARGS__                                                               \
    }

#define REQUIRED .required = true

/* `source` and `date` may also stand at the top of the file; the reader sees to it that each row
 * has both. */
#define PROVENANCE(type) TEXT(type, "source", source, ), TEXT(type, "date", date, )

static const struct word_value mess_kinds[] = {
    {"LISTS", MESS_LISTS}, {"CACHE", MESS_CACHE}, {NULL, 0}};

static const struct word_value deeds[] = {
#define X(name) {#name, DEED_##name},
    CATALOG_DEEDS(X)
#undef X
        {NULL, 0}};

static const struct word_value uses[] = {{"NOTHING", USE_NOTHING},
                                         {"FORCE", USE_FORCE},
                                         {"IGNORED", USE_IGNORED},
                                         {"OPTIONAL", USE_OPTIONAL},
                                         {"READS", USE_READS},
                                         {"ARCHIVE", USE_ARCHIVE},
                                         {"WRITES", USE_WRITES},
                                         {"DELETES", USE_DELETES},
                                         {"DIRECTORY", USE_DIRECTORY},
                                         {"TARGET", USE_TARGET},
                                         {"COPY", USE_COPY},
                                         {"MOVE", USE_MOVE},
                                         {"LINK", USE_LINK},
                                         {"MODE", USE_MODE},
                                         {"OWNER", USE_OWNER},
                                         {"SETTING", USE_SETTING},
                                         {"FIRST", USE_FIRST},
                                         {"MAKES", USE_MAKES},
                                         {"PROGRAM", USE_PROGRAM},
                                         {"PROGRAM_TEXT", USE_PROGRAM_TEXT},
                                         {"PROGRAM_FILE", USE_PROGRAM_FILE},
                                         {"INSTALLS", USE_INSTALLS},
                                         {"PACKAGE_FILE", USE_PACKAGE_FILE},
                                         {"REMOVES", USE_REMOVES},
                                         {"COMMAND", USE_COMMAND},
                                         {"COMMAND_MORE", USE_COMMAND_MORE},
                                         {"COMMAND_TO_SEMICOLON", USE_COMMAND_TO_SEMICOLON},
                                         {"PLACEHOLDER", USE_PLACEHOLDER},
                                         {"SCRIPT", USE_SCRIPT},
                                         {"SCRIPT_FILE", USE_SCRIPT_FILE},
                                         {"KEYED", USE_KEYED},
                                         {"TRAP", USE_TRAP},
                                         {"DOWNLOAD", USE_DOWNLOAD},
                                         {"CLONE", USE_CLONE},
                                         {"UNKNOWN", USE_UNKNOWN},
                                         {NULL, 0}};

static const struct word_value styles[] = {
    {"GNU", STYLE_GNU},       {"POSIX", STYLE_POSIX},
    {"DASH", STYLE_DASH},     {"EXPRESSION", STYLE_EXPRESSION},
    {"BUNDLE", STYLE_BUNDLE}, {"SET", STYLE_SET},
    {"PLAIN", STYLE_PLAIN},   {NULL, 0}};

static const struct field mess_fields[] = {
    VALUE(mess, "kind", kind, FIELD_CHOICE, REQUIRED, .words = mess_kinds),
    TEXT(mess, "cleanup", cleanup, ),
    TEXT(mess, "fetch", fetch, ),
    LIST(mess, "sources", sources, n_sources, FIELD_TEXTS, ),
    TEXT(mess, "avoid", avoid, ),
    LIST(mess, "paths", paths, n_paths, FIELD_TEXTS, REQUIRED),
    LIST(mess, "bases", bases, n_bases, FIELD_TEXTS, ),
    VALUE(mess, "purge-needs-it", purge_needs_it, FIELD_BOOL, ),
    VALUE(mess, "kib", kib, FIELD_NUMBER, ),
    VALUE(mess, "flat", flat, FIELD_BOOL, ),
    TEXT(mess, "removed-by-base", removed_by_base, ),
};

static const struct schema mess_schema = {"struct mess", sizeof(struct mess), mess_fields,
                                          COUNT(mess_fields)};

static const struct field cache_mount_fields[] = {
    TEXT(cache_mount, "target", target, REQUIRED),
    TEXT(cache_mount, "sharing", sharing, ),
    LIST(cache_mount, "bases", bases, n_bases, FIELD_TEXTS, ),
    VALUE(cache_mount, "source", source, FIELD_BOOL, ),
};

static const struct schema cache_mount_schema = {"struct cache_mount", sizeof(struct cache_mount),
                                                 cache_mount_fields, COUNT(cache_mount_fields)};

static const struct field manager_fields[] = {
    TEXT(manager, "name", name, REQUIRED),
    LIST(manager, "leaves", messes, n_messes, FIELD_ROWS, .rows = &mess_schema),
    LIST(manager, "no-cache-env", no_cache_env, n_no_cache_env, FIELD_TEXTS, ),
    LIST(manager, "cache-places", cache_places, n_cache_places, FIELD_TEXTS, ),
    LIST(manager, "avoid-known", avoid_known, n_avoid_known, FIELD_TEXTS, ),
    LIST(manager, "avoid-lacking", avoid_lacking, n_avoid_lacking, FIELD_TEXTS, ),
    TEXT(manager, "version-marks", version_marks, ),
    LIST(manager, "mounts", mounts, n_mounts, FIELD_ROWS, .rows = &cache_mount_schema),
    TEXT(manager, "purge", purge, ),
    TEXT(manager, "lean", lean, ),
    LIST(manager, "lean-files", lean_files, n_lean_files, FIELD_TEXTS, ),
    LIST(manager, "lean-words", lean_words, n_lean_words, FIELD_TEXTS, ),
    LIST(manager, "prune-words", prune_words, n_prune_words, FIELD_TEXTS, ),
    LIST(manager, "demotes", demotes, n_demotes, FIELD_TEXTS, ),
    VALUE(manager, "records", records, FIELD_NUMBER, ),
    TEXT(manager, "install", install, ),
    PROVENANCE(manager),
};

static const struct schema manager_schema = {"struct manager", sizeof(struct manager),
                                             manager_fields, COUNT(manager_fields)};

static const struct field option_fields[] = {
    LIST(command_option, "names", names, n_names, FIELD_TEXTS, REQUIRED),
    VALUE(command_option, "value", value, FIELD_CHOICE, .words = uses),
    VALUE(command_option, "does", does, FIELD_FLAGS, .words = deeds),
};

static const struct schema option_schema = {"struct command_option", sizeof(struct command_option),
                                            option_fields, COUNT(option_fields)};

#define USAGE(type)                                                                                \
    LIST(type, "options", usage.options, usage.n_options, FIELD_ROWS, .rows = &option_schema),     \
        VALUE(type, "operands", usage.operands, FIELD_CHOICE, .words = uses),                      \
        VALUE(type, "skip", usage.skip, FIELD_NUMBER, ),                                           \
        VALUE(type, "does", usage.does, FIELD_FLAGS, .words = deeds),                              \
        LIST(type, "reads", usage.reads, usage.n_reads, FIELD_PATHS, ),                            \
        LIST(type, "writes", usage.writes, usage.n_writes, FIELD_PATHS, ),                         \
        LIST(type, "deletes", usage.deletes, usage.n_deletes, FIELD_PATHS, ),                      \
        LIST(type, "hazards", usage.hazards, usage.n_hazards, FIELD_TEXTS, )

static const struct field verb_fields[] = {
    LIST(verb, "names", names, n_names, FIELD_TEXTS, REQUIRED),
    USAGE(verb),
    VALUE(verb, "takes-lean", takes_lean, FIELD_BOOL, ),
    VALUE(verb, "takes-avoid", takes_avoid, FIELD_BOOL, ),
};

static const struct schema verb_schema = {"struct verb", sizeof(struct verb), verb_fields,
                                          COUNT(verb_fields)};

static const struct field command_fields[] = {
    LIST(command, "names", names, n_names, FIELD_TEXTS, REQUIRED),
    VALUE(command, "style", style, FIELD_CHOICE, .words = styles),
    {.key = "manager",
     .member = "manager",
     .kind = FIELD_TEXT,
     .at = offsetof(struct command, manager),
     .refers_to = TABLE_MANAGERS},
    USAGE(command),
    LIST(command, "verbs", verbs, n_verbs, FIELD_ROWS, .rows = &verb_schema),
    PROVENANCE(command),
};

static const struct schema command_schema = {"struct command", sizeof(struct command),
                                             command_fields, COUNT(command_fields)};

static const struct field tree_list_fields[] = {
    TEXT(tree_list, "name", name, REQUIRED),
    LIST(tree_list, "paths", paths, n_paths, FIELD_TEXTS, REQUIRED),
    PROVENANCE(tree_list),
};

static const struct schema tree_list_schema = {"struct tree_list", sizeof(struct tree_list),
                                               tree_list_fields, COUNT(tree_list_fields)};

static const struct field source_language_fields[] = {
    TEXT(source_language, "name", name, REQUIRED),
    LIST(source_language, "files", files, n_files, FIELD_TEXTS, REQUIRED),
    LIST(source_language, "except", except, n_except, FIELD_TEXTS, ),
    LIST(source_language, "build-files", build_files, n_build_files, FIELD_TEXTS, ),
    LIST(source_language, "name-ends", name_ends, n_name_ends, FIELD_TEXTS, ),
    LIST(source_language, "shares", shares, n_shares, FIELD_TEXTS, ),
    TEXT(source_language, "include", include, ),
    LIST(source_language, "commands", commands, n_commands, FIELD_TEXTS, ),
    LIST(source_language, "zones", zones, n_zones, FIELD_TEXTS, ),
    LIST(source_language, "certificates", certificates, n_certificates, FIELD_TEXTS, ),
    LIST(source_language, "accounts", accounts, n_accounts, FIELD_TEXTS, ),
    LIST(source_language, "native", native, n_native, FIELD_TEXTS, ),
    LIST(source_language, "libraries", libraries, n_libraries, FIELD_TEXTS, ),
    LIST(source_language, "opens", opens, n_opens, FIELD_TEXTS, ),
    LIST(source_language, "locales", locales, n_locales, FIELD_TEXTS, ),
    LIST(source_language, "symbols", symbols, n_symbols, FIELD_TEXTS, ),
    LIST(source_language, "system", system, n_system, FIELD_TEXTS, ),
    LIST(source_language, "types", types, n_types, FIELD_TEXTS, ),
    LIST(source_language, "unwinding", unwinding, n_unwinding, FIELD_TEXTS, ),
    LIST(source_language, "services", services, n_services, FIELD_TEXTS, ),
    PROVENANCE(source_language),
};

static const struct schema source_language_schema = {
    "struct source_language", sizeof(struct source_language), source_language_fields,
    COUNT(source_language_fields)};

static const struct field development_fields[] = {
    LIST(development, "names", names, n_names, FIELD_TEXTS, REQUIRED),
    LIST(development, "words", words, n_words, FIELD_TEXTS, ),
    LIST(development, "unless", unless, n_unless, FIELD_TEXTS, ),
    LIST(development, "runs", runs, n_runs, FIELD_TEXTS, ),
    LIST(development, "scripts", scripts, n_scripts, FIELD_TEXTS, ),
    TEXT(development, "manifest", manifest, ),
    VALUE(development, "alone", alone, FIELD_BOOL, ),
    VALUE(development, "packaged", packaged, FIELD_BOOL, ),
    PROVENANCE(development),
};

static const struct schema development_schema = {"struct development", sizeof(struct development),
                                                 development_fields, COUNT(development_fields)};

static const struct field build_command_fields[] = {
    LIST(build_command, "runs", runs, n_runs, FIELD_TEXTS, REQUIRED),
    LIST(build_command, "options", options, n_options, FIELD_TEXTS, ),
    LIST(build_command, "manifest", manifest, n_manifest, FIELD_TEXTS, ),
    VALUE(build_command, "alone", alone, FIELD_BOOL, ),
    VALUE(build_command, "environment", environment, FIELD_BOOL, ),
    LIST(build_command, "artifacts", artifacts, n_artifacts, FIELD_TEXTS, ),
    VALUE(build_command, "whole", whole, FIELD_BOOL, ),
    VALUE(build_command, "closed", closed, FIELD_BOOL, ),
    VALUE(build_command, "again", again, FIELD_BOOL, ),
    LIST(build_command, "prunes", prunes, n_prunes, FIELD_TEXTS, ),
    LIST(build_command, "links", links, n_links, FIELD_TEXTS, ),
    TEXT(build_command, "stripped", stripped, ),
    LIST(build_command, "stripped-on", stripped_on, n_stripped_on, FIELD_PATHS, ),
    LIST(build_command, "prunes-on", prunes_on, n_prunes_on, FIELD_TEXTS, ),
    LIST(build_command, "prefix", prefix, n_prefix, FIELD_TEXTS, ),
    TEXT(build_command, "prefix-default", prefix_default, ),
    LIST(build_command, "outputs", outputs, n_outputs, FIELD_TEXTS, ),
    LIST(build_command, "places", places, n_places, FIELD_TEXTS, ),
    LIST(build_command, "defaults", defaults, n_defaults, FIELD_TEXTS, ),
    LIST(build_command, "after", after, n_after, FIELD_TEXTS, ),
};

static const struct schema build_command_schema = {
    "struct build_command", sizeof(struct build_command), build_command_fields,
    COUNT(build_command_fields)};

static const struct field toolchain_fields[] = {
    TEXT(toolchain, "name", name, REQUIRED),
    TEXT(toolchain, "language", language, REQUIRED),
    TEXT(toolchain, "registry", registry, ),
    VALUE(toolchain, "compiled", compiled, FIELD_BOOL, ),
    LIST(toolchain, "source-files", source_files, n_source_files, FIELD_TEXTS, ),
    LIST(toolchain, "builds", builds, n_builds, FIELD_ROWS, .rows = &build_command_schema),
    LIST(toolchain, "libraries", libraries, n_libraries, FIELD_TEXTS, ),
    TEXT(toolchain, "minimal", minimal, ),
    TEXT(toolchain, "minimal-static", minimal_static, ),
    TEXT(toolchain, "static-when", static_when, ),
    LIST(toolchain, "dynamic-with", dynamic_with, n_dynamic_with, FIELD_TEXTS, ),
    LIST(toolchain, "dynamic-env", dynamic_env, n_dynamic_env, FIELD_TEXTS, ),
    TEXT(toolchain, "minimal-release", minimal_release, ),
    LIST(toolchain, "minimal-has", minimal_has, n_minimal_has, FIELD_TEXTS, ),
    TEXT(toolchain, "minimal-plain", minimal_plain, ),
    TEXT(toolchain, "minimal-nothing", minimal_nothing, ),
    TEXT(toolchain, "interpreter", interpreter, ),
    VALUE(toolchain, "interpreter-mb", interpreter_mb, FIELD_NUMBER, ),
    LIST(toolchain, "interpreter-on", interpreter_on, n_interpreter_on, FIELD_TEXTS, ),
    LIST(toolchain, "interpreter-platforms", interpreter_platforms, n_interpreter_platforms,
         FIELD_TEXTS, ),
    LIST(toolchain, "interpreter-env", interpreter_env, n_interpreter_env, FIELD_TEXTS, ),
    LIST(toolchain, "pure", pure, n_pure, FIELD_TEXTS, ),
    LIST(toolchain, "traces", traces, n_traces, FIELD_TEXTS, ),
    LIST(toolchain, "links", links, n_links, FIELD_TEXTS, ),
    LIST(toolchain, "plain-links", plain_links, n_plain_links, FIELD_TEXTS, ),
    PROVENANCE(toolchain),
};

static const struct schema toolchain_schema = {"struct toolchain", sizeof(struct toolchain),
                                               toolchain_fields, COUNT(toolchain_fields)};

static const struct field runtime_fields[] = {
    TEXT(runtime_image, "name", name, REQUIRED),
    LIST(runtime_image, "image", image, n_image, FIELD_TEXTS, ),
    LIST(runtime_image, "smallest", smallest, n_smallest, FIELD_TEXTS, ),
    LIST(runtime_image, "versions", versions, n_versions, FIELD_TEXTS, ),
    LIST(runtime_image, "lacks", lacks, n_lacks, FIELD_PATHS, ),
    LIST(runtime_image, "has", has, n_has, FIELD_PATHS, ),
    LIST(runtime_image, "registries", registries, n_registries, FIELD_TEXTS, ),
    LIST(runtime_image, "tags", tags, n_tags, FIELD_TEXTS, ),
    LIST(runtime_image, "env", env, n_env, FIELD_TEXTS, ),
    LIST(runtime_image, "builds", builds, n_builds, FIELD_TEXTS, ),
    VALUE(runtime_image, "below", below, FIELD_BOOL, ),
    TEXT(runtime_image, "manager", manager, REQUIRED),
    TEXT(runtime_image, "certificates", certificates, ),
    TEXT(runtime_image, "zones", zones, ),
    TEXT(runtime_image, "types", types, ),
    TEXT(runtime_image, "workdir", workdir, ),
    LIST(runtime_image, "home", home, n_home, FIELD_TEXTS, ),
    VALUE(runtime_image, "itself", itself, FIELD_BOOL, ),
    VALUE(runtime_image, "same-libraries", same_libraries, FIELD_BOOL, ),
    VALUE(runtime_image, "same-commands", same_commands, FIELD_BOOL, ),
    LIST(runtime_image, "links", links, n_links, FIELD_TEXTS, ),
    PROVENANCE(runtime_image),
};

static const struct schema runtime_schema = {"struct runtime_image", sizeof(struct runtime_image),
                                             runtime_fields, COUNT(runtime_fields)};

static const struct field linker_fields[] = {
    TEXT(linker, "name", name, REQUIRED),
    LIST(linker, "images", images, n_images, FIELD_TEXTS, REQUIRED),
    TEXT(linker, "language", language, REQUIRED),
    LIST(linker, "on", on, n_on, FIELD_TEXTS, REQUIRED),
    TEXT(linker, "home", home, REQUIRED),
    LIST(linker, "env", env, n_env, FIELD_TEXTS, ),
    LIST(linker, "copies", copies, n_copies, FIELD_TEXTS, ),
    LIST(linker, "has", has, n_has, FIELD_PATHS, ),
    LIST(linker, "changed-by", changed_by, n_changed_by, FIELD_TEXTS, ),
    TEXT(linker, "program", program, ),
    LIST(linker, "plain", plain, n_plain, FIELD_TEXTS, ),
    LIST(linker, "libraries", libraries, n_libraries, FIELD_TEXTS, ),
    LIST(linker, "refuses", refuses, n_refuses, FIELD_TEXTS, ),
    PROVENANCE(linker),
};

static const struct schema linker_schema = {"struct linker", sizeof(struct linker), linker_fields,
                                            COUNT(linker_fields)};

static const struct field linkage_fields[] = {
    TEXT(linkage, "name", name, REQUIRED),
    LIST(linkage, "versions", versions, n_versions, FIELD_TEXTS, REQUIRED),
    LIST(linkage, "link", link, n_link, FIELD_TEXTS, REQUIRED),
    LIST(linkage, "exact", exact, n_exact, FIELD_TEXTS, ),
    TEXT(linkage, "output", output, REQUIRED),
    PROVENANCE(linkage),
};

static const struct schema linkage_schema = {"struct linkage", sizeof(struct linkage),
                                             linkage_fields, COUNT(linkage_fields)};

/* ---- packages ---- */

static const struct word_value keeps[] = {
#define X(name) {#name, KEEP_##name},
    PACKAGE_KEEPS(X)
#undef X
        {NULL, 0}};

static const struct field package_fields[] = {
    TEXT(package, "name", name, REQUIRED),
    VALUE(package, "kib", kib, FIELD_NUMBER, REQUIRED),
    VALUE(package, "docs", docs, FIELD_NUMBER, ),
    VALUE(package, "made", made, FIELD_NUMBER, ),
    TEXT(package, "depends", depends, ),
    TEXT(package, "recommends", recommends, ),
    TEXT(package, "elsewhere", elsewhere, ),
    VALUE(package, "minimal", minimal, FIELD_BOOL, ),
    VALUE(package, "development", development, FIELD_BOOL, ),
    PROVENANCE(package),
};

static const struct schema package_schema = {"struct package", sizeof(struct package),
                                             package_fields, COUNT(package_fields)};

static const struct field package_release_fields[] = {
    TEXT(package_release, "name", name, REQUIRED),
    VALUE(package_release, "of-rows", of_rows, FIELD_BOOL, ),
    LIST(package_release, "lacks", lacks, n_lacks, FIELD_TEXTS, ),
    PROVENANCE(package_release),
};

static const struct schema package_release_schema = {
    "struct package_release", sizeof(struct package_release), package_release_fields,
    COUNT(package_release_fields)};

static const struct field virtual_package_fields[] = {
    TEXT(virtual_package, "name", name, REQUIRED),
    LIST(virtual_package, "providers", providers, n_providers, FIELD_TEXTS, REQUIRED),
    PROVENANCE(virtual_package),
};

static const struct schema virtual_package_schema = {
    "struct virtual_package", sizeof(struct virtual_package), virtual_package_fields,
    COUNT(virtual_package_fields)};

static const struct field header_release_fields[] = {
    TEXT(header_release, "release", release, REQUIRED),
    LIST(header_release, "runtime", runtime, n_runtime, FIELD_TEXTS, ),
};

static const struct schema header_release_schema = {
    "struct header_release", sizeof(struct header_release), header_release_fields,
    COUNT(header_release_fields)};

static const struct field header_package_fields[] = {
    TEXT(header_package, "name", name, REQUIRED),
    LIST(header_package, "runtime", runtime, n_runtime, FIELD_TEXTS, ),
    LIST(header_package, "in", in, n_in, FIELD_ROWS, .rows = &header_release_schema),
    LIST(header_package, "absent", absent, n_absent, FIELD_TEXTS, ),
    LIST(header_package, "alpine", alpine, n_alpine, FIELD_TEXTS, ),
    LIST(header_package, "alpine-runtime", alpine_runtime, n_alpine_runtime, FIELD_TEXTS, ),
    LIST(header_package, "links", links, n_links, FIELD_TEXTS, ),
    LIST(header_package, "includes", includes, n_includes, FIELD_TEXTS, ),
    LIST(header_package, "modules", modules, n_modules, FIELD_TEXTS, ),
    PROVENANCE(header_package),
};

static const struct schema header_package_schema = {
    "struct header_package", sizeof(struct header_package), header_package_fields,
    COUNT(header_package_fields)};

static const struct field package_role_fields[] = {
    TEXT(package_role, "name", name, REQUIRED),
    VALUE(package_role, "keep", keep, FIELD_CHOICE, REQUIRED, .words = keeps),
    TEXT(package_role, "language", language, ),
    LIST(package_role, "instead", instead, n_instead, FIELD_TEXTS, ),
    LIST(package_role, "opens", opens, n_opens, FIELD_TEXTS, ),
    PROVENANCE(package_role),
};

static const struct schema package_role_schema = {"struct package_role",
                                                  sizeof(struct package_role), package_role_fields,
                                                  COUNT(package_role_fields)};

static const struct field alpine_name_fields[] = {
    TEXT(alpine_name, "name", name, REQUIRED),
    LIST(alpine_name, "alpine", alpine, n_alpine, FIELD_TEXTS, ),
    LIST(alpine_name, "alternatives", alternatives, n_alternatives, FIELD_TEXTS, ),
    VALUE(alpine_name, "verified", verified, FIELD_BOOL, ),
    PROVENANCE(alpine_name),
};

static const struct schema alpine_name_schema = {"struct alpine_name", sizeof(struct alpine_name),
                                                 alpine_name_fields, COUNT(alpine_name_fields)};

static const struct field command_provider_fields[] = {
    TEXT(command_provider, "package", package, REQUIRED),
    LIST(command_provider, "commands", commands, n_commands, FIELD_TEXTS, REQUIRED),
    LIST(command_provider, "also", also, n_also, FIELD_TEXTS, ),
    PROVENANCE(command_provider),
};

static const struct schema command_provider_schema = {
    "struct command_provider", sizeof(struct command_provider), command_provider_fields,
    COUNT(command_provider_fields)};

static const struct field recommended_package_fields[] = {
    LIST(recommended_package, "names", names, n_names, FIELD_TEXTS, REQUIRED),
    LIST(recommended_package, "commands", commands, n_commands, FIELD_TEXTS, ),
    LIST(recommended_package, "packages", packages, n_packages, FIELD_TEXTS, ),
    VALUE(recommended_package, "always", always, FIELD_BOOL, ),
    VALUE(recommended_package, "hidden", hidden, FIELD_BOOL, ),
    VALUE(recommended_package, "builds", builds, FIELD_BOOL, ),
    PROVENANCE(recommended_package),
};

static const struct schema recommended_package_schema = {
    "struct recommended_package", sizeof(struct recommended_package), recommended_package_fields,
    COUNT(recommended_package_fields)};

static const struct field module_fields[] = {
    LIST(module, "names", names, n_names, FIELD_TEXTS, REQUIRED),
    VALUE(module, "prebuilt", prebuilt, FIELD_BOOL, ),
    VALUE(module, "system", system, FIELD_BOOL, ),
    LIST(module, "since", since, n_since, FIELD_TEXTS, ),
    LIST(module, "build", build, n_build, FIELD_TEXTS, ),
    LIST(module, "run", run, n_run, FIELD_TEXTS, ),
    LIST(module, "finds", finds, n_finds, FIELD_TEXTS, ),
    PROVENANCE(module),
};

static const struct schema module_schema = {"struct module", sizeof(struct module), module_fields,
                                            COUNT(module_fields)};

/* ---- base images ---- */

static const struct field suite_fields[] = {
    TEXT(suite, "name", name, REQUIRED),
    TEXT(suite, "distribution", distribution, REQUIRED),
    TEXT(suite, "version", version, REQUIRED),
    TEXT(suite, "libc", libc, ),
    TEXT(suite, "eol", eol, ),
    TEXT(suite, "successor", successor, ),
    PROVENANCE(suite),
};

static const struct schema suite_schema = {"struct suite", sizeof(struct suite), suite_fields,
                                           COUNT(suite_fields)};

static const struct field image_variant_fields[] = {
    LIST(image_variant, "words", words, n_words, FIELD_TEXTS, ),
    TEXT(image_variant, "on", on, ),
    TEXT(image_variant, "libc", libc, ),
    TEXT(image_variant, "manager", manager, ),
    VALUE(image_variant, "no-docs", no_docs, FIELD_BOOL, ),
    VALUE(image_variant, "shell", shell, FIELD_BOOL, ),
    VALUE(image_variant, "bash", bash, FIELD_BOOL, ),
    TEXT(image_variant, "workdir", workdir, ),
    LIST(image_variant, "env", env, n_env, FIELD_TEXTS, ),
    LIST(image_variant, "packages", packages, n_packages, FIELD_TEXTS, ),
    LIST(image_variant, "entrypoint", entrypoint, n_entrypoint, FIELD_TEXTS, ),
    LIST(image_variant, "cmd", cmd, n_cmd, FIELD_TEXTS, ),
    VALUE(image_variant, "mb", mb, FIELD_NUMBER, ),
};

static const struct schema image_variant_schema = {
    "struct image_variant", sizeof(struct image_variant), image_variant_fields,
    COUNT(image_variant_fields)};

static const struct field image_end_fields[] = {
    LIST(image_end, "versions", versions, n_versions, FIELD_TEXTS, REQUIRED),
    TEXT(image_end, "since", since, ),
    TEXT(image_end, "successor", successor, REQUIRED),
    TEXT(image_end, "drop-in", drop_in, ),
};

static const struct schema image_end_schema = {"struct image_end", sizeof(struct image_end),
                                               image_end_fields, COUNT(image_end_fields)};

static const struct field image_family_fields[] = {
    TEXT(image_family, "name", name, REQUIRED),
    LIST(image_family, "variants", variants, n_variants, FIELD_ROWS, .rows = &image_variant_schema),
    LIST(image_family, "ends", ends, n_ends, FIELD_ROWS, .rows = &image_end_schema),
    PROVENANCE(image_family),
};

static const struct schema image_family_schema = {"struct image_family",
                                                  sizeof(struct image_family), image_family_fields,
                                                  COUNT(image_family_fields)};

static const struct field image_tags_fields[] = {
    TEXT(image_tags, "name", name, REQUIRED),
    TEXT(image_tags, "tags", tags, REQUIRED),
    PROVENANCE(image_tags),
};

static const struct schema image_tags_schema = {"struct image_tags", sizeof(struct image_tags),
                                                image_tags_fields, COUNT(image_tags_fields)};

static const struct field install_fields[] = {
    TEXT(dependency_install, "name", name, REQUIRED),
    LIST(dependency_install, "options", options, n_options, FIELD_TEXTS, ),
    TEXT(dependency_install, "listed-by", listed_by, ),
    TEXT(dependency_install, "manifest", manifest, ),
    LIST(dependency_install, "needs", needs, n_needs, FIELD_TEXTS, ),
    LIST(dependency_install, "also", also, n_also, FIELD_TEXTS, ),
    LIST(dependency_install, "hooks", hooks, n_hooks, FIELD_TEXTS, ),
    LIST(dependency_install, "against", against, n_against, FIELD_TEXTS, ),
    PROVENANCE(dependency_install),
};

static const struct schema install_schema = {"struct dependency_install",
                                             sizeof(struct dependency_install), install_fields,
                                             COUNT(install_fields)};

static const struct field leftover_fields[] = {
    LIST(leftover, "names", names, n_names, FIELD_TEXTS, REQUIRED),
    LIST(leftover, "made-by", made_by, n_made_by, FIELD_TEXTS, ),
    LIST(leftover, "used-by", used_by, n_used_by, FIELD_TEXTS, ),
    LIST(leftover, "marks", marks, n_marks, FIELD_TEXTS, ),
    LIST(leftover, "beside", beside, n_beside, FIELD_TEXTS, ),
    PROVENANCE(leftover),
};

static const struct schema leftover_schema = {"struct leftover", sizeof(struct leftover),
                                              leftover_fields, COUNT(leftover_fields)};
static const struct field dependency_command_fields[] = {
    LIST(dependency_command, "names", names, n_names, FIELD_TEXTS, REQUIRED),
    LIST(dependency_command, "verbs", verbs, n_verbs, FIELD_TEXTS, REQUIRED),
    TEXT(dependency_command, "registry", registry, REQUIRED),
    LIST(dependency_command, "manifests", manifests, n_manifests, FIELD_TEXTS, ),
    VALUE(dependency_command, "unlisted", unlisted, FIELD_BOOL, ),
    PROVENANCE(dependency_command),
};

static const struct schema dependency_command_schema = {
    "struct dependency_command", sizeof(struct dependency_command), dependency_command_fields,
    COUNT(dependency_command_fields)};

static const struct field language_program_fields[] = {
    LIST(language_program, "names", names, n_names, FIELD_TEXTS, REQUIRED),
    {.key = "language",
     .member = "language",
     .kind = FIELD_TEXT,
     .required = true,
     .at = offsetof(struct language_program, language),
     .refers_to = TABLE_SOURCES},
    PROVENANCE(language_program),
};

static const struct schema language_program_schema = {
    "struct language_program", sizeof(struct language_program), language_program_fields,
    COUNT(language_program_fields)};

static const struct field image_commands_fields[] = {
    TEXT(image_commands, "name", name, REQUIRED),
    LIST(image_commands, "commands", commands, n_commands, FIELD_TEXTS, REQUIRED),
    PROVENANCE(image_commands),
};

static const struct schema image_commands_schema = {
    "struct image_commands", sizeof(struct image_commands), image_commands_fields,
    COUNT(image_commands_fields)};

static const struct field helper_fields[] = {
    TEXT(helper, "name", name, REQUIRED),
    LIST(helper, "names", names, n_names, FIELD_TEXTS, REQUIRED),
    LIST(helper, "options", options, n_options, FIELD_TEXTS, ),
    LIST(helper, "words", words, n_words, FIELD_TEXTS, ),
    LIST(helper, "packages", packages, n_packages, FIELD_TEXTS, REQUIRED),
    PROVENANCE(helper),
};

static const struct field starter_fields[] = {
    LIST(starter, "names", names, n_names, FIELD_TEXTS, REQUIRED),
    LIST(starter, "files", files, n_files, FIELD_TEXTS, REQUIRED),
    TEXT(starter, "key", key, ),
    LIST(starter, "users", users, n_users, FIELD_TEXTS, ),
    VALUE(starter, "times", times, FIELD_BOOL, ),
    PROVENANCE(starter),
};

static const struct schema starter_schema = {"struct starter", sizeof(struct starter),
                                             starter_fields, COUNT(starter_fields)};

static const struct schema helper_schema = {"struct helper", sizeof(struct helper), helper_fields,
                                            COUNT(helper_fields)};

static const struct field alpine_image_fields[] = {
    TEXT(alpine_image, "name", name, REQUIRED),
    LIST(alpine_image, "users", users, n_users, FIELD_TEXTS, ),
    LIST(alpine_image, "packages", packages, n_packages, FIELD_TEXTS, ),
    LIST(alpine_image, "paths", paths, n_paths, FIELD_TEXTS, ),
    LIST(alpine_image, "served", served, n_served, FIELD_TEXTS, ),
    LIST(alpine_image, "configuration", configuration, n_configuration, FIELD_TEXTS, ),
    LIST(alpine_image, "marks", marks, n_marks, FIELD_TEXTS, ),
    VALUE(alpine_image, "runs", runs, FIELD_BOOL, ),
    PROVENANCE(alpine_image),
};

static const struct schema alpine_image_schema = {"struct alpine_image",
                                                  sizeof(struct alpine_image), alpine_image_fields,
                                                  COUNT(alpine_image_fields)};

static const struct field busybox_command_fields[] = {
    LIST(busybox_command, "names", names, n_names, FIELD_TEXTS, REQUIRED),
    LIST(busybox_command, "options", options, n_options, FIELD_TEXTS, ),
    LIST(busybox_command, "except", except, n_except, FIELD_TEXTS, ),
    VALUE(busybox_command, "told", told, FIELD_BOOL, ),
    VALUE(busybox_command, "builtin", builtin, FIELD_BOOL, ),
    PROVENANCE(busybox_command),
};

static const struct schema busybox_command_schema = {
    "struct busybox_command", sizeof(struct busybox_command), busybox_command_fields,
    COUNT(busybox_command_fields)};

static const struct field ported_option_fields[] = {
    LIST(ported_option, "names", names, n_names, FIELD_TEXTS, REQUIRED),
    TEXT(ported_option, "becomes", becomes, REQUIRED),
    LIST(ported_option, "with", with, n_with, FIELD_TEXTS, ),
    VALUE(ported_option, "named", named, FIELD_BOOL, ),
    VALUE(ported_option, "number", number, FIELD_BOOL, ),
    VALUE(ported_option, "shell", shell, FIELD_BOOL, ),
};

static const struct schema ported_option_schema = {
    "struct ported_option", sizeof(struct ported_option), ported_option_fields,
    COUNT(ported_option_fields)};

static const struct field ported_default_fields[] = {
    LIST(ported_default, "without", without, n_without, FIELD_TEXTS, REQUIRED),
    TEXT(ported_default, "add", add, REQUIRED),
    TEXT(ported_default, "package", package, ),
};

static const struct schema ported_default_schema = {
    "struct ported_default", sizeof(struct ported_default), ported_default_fields,
    COUNT(ported_default_fields)};

static const struct field ported_command_fields[] = {
    TEXT(ported_command, "name", name, REQUIRED),
    TEXT(ported_command, "becomes", becomes, REQUIRED),
    LIST(ported_command, "asks", asks, n_asks, FIELD_TEXTS, ),
    LIST(ported_command, "options", options, n_options, FIELD_ROWS, .rows = &ported_option_schema),
    LIST(ported_command, "otherwise", otherwise, n_otherwise, FIELD_ROWS,
         .rows = &ported_default_schema),
    PROVENANCE(ported_command),
};

static const struct schema ported_command_schema = {
    "struct ported_command", sizeof(struct ported_command), ported_command_fields,
    COUNT(ported_command_fields)};

static const struct field interpreter_fields[] = {
    TEXT(interpreter, "name", name, REQUIRED),
    TEXT(interpreter, "alpine", alpine, ),
    TEXT(interpreter, "package", package, ),
    PROVENANCE(interpreter),
};

static const struct schema interpreter_schema = {"struct interpreter", sizeof(struct interpreter),
                                                 interpreter_fields, COUNT(interpreter_fields)};

const struct table_schema catalog_tables[TABLE_COUNT] = {
    [TABLE_MANAGERS] = {"managers", "name", &manager_schema},
    [TABLE_COMMANDS] = {"commands", "names", &command_schema},
    [TABLE_TREES] = {"trees", "name", &tree_list_schema},
    [TABLE_SOURCES] = {"sources", "name", &source_language_schema},
    [TABLE_INSTALLS] = {"installs", "name", &install_schema},
    [TABLE_LEFTOVERS] = {"leftovers", "names", &leftover_schema},
    [TABLE_DEVELOPMENT] = {"development", "names", &development_schema},
    [TABLE_TOOLCHAINS] = {"toolchains", "name", &toolchain_schema},
    [TABLE_RUNTIMES] = {"runtimes", "name", &runtime_schema},
    [TABLE_PACKAGES] = {"packages", "name", &package_schema},
    [TABLE_VIRTUALS] = {"virtuals", "name", &virtual_package_schema},
    [TABLE_HEADERS] = {"headers", "name", &header_package_schema},
    [TABLE_ROLES] = {"roles", "name", &package_role_schema},
    [TABLE_ALPINE] = {"alpine", "name", &alpine_name_schema},
    [TABLE_PROVIDERS] = {"providers", "commands", &command_provider_schema},
    [TABLE_RECOMMENDED] = {"recommended", "names", &recommended_package_schema},
    [TABLE_MODULES] = {"modules", "names", &module_schema},
    [TABLE_SUITES] = {"suites", "name", &suite_schema},
    [TABLE_IMAGES] = {"images", "name", &image_family_schema},
    [TABLE_TAGS] = {"tags", "name", &image_tags_schema},
    [TABLE_DEPENDENCIES] = {"dependencies", "names", &dependency_command_schema},
    [TABLE_PROGRAMS] = {"programs", "names", &language_program_schema},
    [TABLE_RELEASES] = {"releases", "name", &package_release_schema},
    [TABLE_IMAGE_COMMANDS] = {"image_commands", "name", &image_commands_schema},
    [TABLE_HELPERS] = {"helpers", "name", &helper_schema},
    [TABLE_STARTERS] = {"starters", "names", &starter_schema},
    [TABLE_ALPINE_IMAGES] = {"alpine_images", "name", &alpine_image_schema},
    [TABLE_BUSYBOX] = {"busybox", "names", &busybox_command_schema},
    [TABLE_PORTS] = {"ports", "name", &ported_command_schema},
    [TABLE_INTERPRETERS] = {"interpreters", "name", &interpreter_schema},
    [TABLE_MUSL] = {"musl", "names", &module_schema},
    [TABLE_LINKERS] = {"linkers", "name", &linker_schema},
    [TABLE_LINKAGES] = {"linkages", "name", &linkage_schema},
};

/* `leaves-cache` spells LEAVES_CACHE. */
static bool spells(const char *name, struct str text)
{
    struct str c_name = str_from_c(name);
    if (c_name.len != text.len)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        char c = c_name.at[i];
        char spelt = c == '_' ? '-' : (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
        if (text.at[i] != spelt)
            return false;
    }
    return true;
}

const struct word_value *schema_word(const struct word_value *words, struct str text)
{
    for (; words->name; words++)
        if (spells(words->name, text))
            return words;
    return NULL;
}

const struct field *schema_field(const struct schema *s, struct str key)
{
    for (size_t i = 0; i < s->n_fields; i++)
        if (str_eq(str_from_c(s->fields[i].key), key))
            return &s->fields[i];
    return NULL;
}
