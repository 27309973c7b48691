/* Manifests: a file, and all that is read from it, one item a line. */
#include "ir/manifest/manifest.h"
#include "tests/in_arena.h"
#include "tests/lowered.h"
#include "tests/memory_context.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* key=value, key?value when computed, `name version [group]`, and `..` for what may be more. */
static struct str shown(struct arena *a, const struct manifest *m)
{
    struct buf b = {.arena = a};
    for (size_t i = 0; i < m->values.n; i++) {
        const struct manifest_value *v = &m->values.at[i];
        buf_printf(&b, "%.*s%c%.*s\n", STR(v->key), v->computed ? '?' : '=', STR(v->value));
    }
    if (m->more_values)
        buf_add(&b, LIT("..=\n"));
    for (size_t i = 0; i < m->needs.n; i++) {
        const struct manifest_need *n = &m->needs.at[i];
        buf_printf(&b, "%.*s %.*s [%.*s]\n", STR(n->name), STR(n->version), STR(n->group));
    }
    if (m->more_needs)
        buf_add(&b, LIT("..\n"));
    return buf_str(&b);
}

static const struct {
    const char *files[8];
    const char *want; /* of the first file; NULL: no manifest */
} rows[] = {
    {{"package.json",
      "{\n\t\"name\": \"@a/web\", \"version\":\"1.0.0\", \"main\": \"dist/a.js\", \"bin\": "
      "\"cli.js\",\n"
      "\t\"scripts\": {\"start\": \"node dist/a.js\"}, \"workspaces\": [\"x/*\", \"y\"],\n"
      "\t\"engines\": {\"node\": \">=18\"}, \"private\": true,\n"
      "\t\"dependencies\": {\"sharp\": \"^0.33\"}, \"devDependencies\": {\"vite\": \"5\"}\n}\n"},
     "name=@a/web\nversion=1.0.0\nmain=dist/a.js\nbin.web=cli.js\nscripts.start=node dist/a.js\n"
     "engines.node=>=18\nworkspaces=x/*\nworkspaces=y\nsharp ^0.33 []\nvite 5 [dev]\n"},
    {{"package.json", "[]"}, NULL},
    {{"package.json", "{\"name\": "}, NULL},
    {{"composer.json", "{\"require\": {\"php\": \"^8.2\", \"ext-gd\": \"*\"}, "
                       "\"require-dev\": {\"x/y\": \"1\"}, \"bin\": [\"bin/a\"]}"},
     "bin=bin/a\nphp ^8.2 []\next-gd * []\nx/y 1 [dev]\n"},

    {{"svc/go.mod",
      "module example.com/svc // x\n\ngo 1.22\ntoolchain go1.22.3\nrequire a.org/b v1.0.0\n"
      "require (\n\tc.org/d v2.0.0 // indirect\n\t// none\n\te.org/f v0.1.0\n)\nreplace x => "
      "../x\n"},
     "module=example.com/svc\ngo=1.22\ntoolchain=go1.22.3\nreplace=../x\na.org/b v1.0.0 []\n"
     "c.org/d v2.0.0 [indirect]\ne.org/f v0.1.0 []\n"},
    {{"go.mod", "go 1.22\n"}, NULL},

    {{"Cargo.toml",
      "[package]\nname = \"app\"\nversion.workspace = true\n[dependencies]\ntokio = { version = "
      "\"1\", features = [\"full\",\n \"rt\"] }\nserde = \"1\" # x\n[[bin]]\nname = \"tool\"\npath "
      "= 'src/tool.rs'\n[dev-dependencies]\nx = \"2\"\n[target.'cfg(unix)'.dependencies]\nlibc = "
      "\"0.2\"\n",
      "src/main.rs", "", "src/bin/extra.rs", "", NULL},
     "package.name=app\npackage.version?workspace\nbin=tool\nbin.tool=src/tool.rs\nbin=app\n"
     "bin.app=src/main.rs\nbin=extra\nbin.extra=src/bin/extra.rs\ntokio 1 []\nserde 1 []\nx 2 "
     "[dev]\nlibc 0.2 []\n"},
    {{"Cargo.toml", "[workspace]\nmembers = [\"a\", \"b/*\"]\n"},
     "workspace=.\nworkspace.member=a\nworkspace.member=b/*\n..\n"},
    {{"Cargo.toml", "[package]\nname = \"app\"\nautobins = false\n", "src/main.rs", "",
      "src/lib.rs", "", NULL},
     "package.name=app\npackage.autobins=false\nlib=app\n"},
    {{"Cargo.toml", "[package\n"}, NULL},

    {{"pom.xml",
      "<?xml version='1.0'?>\n<!-- x -->\n<project xmlns=\"u\"><modelVersion>4.0.0</modelVersion>\n"
      "<artifactId>api</artifactId><version>${revision}</version><packaging>war</packaging>\n"
      "<properties><revision>1.2</revision></properties>\n<build><finalName>${project.artifactId}-"
      "${project.version}</finalName><plugins><plugin><artifactId>shade</artifactId><configuration>"
      "<mainClass>a.B</mainClass></configuration></plugin></plugins></build>\n<dependencies>"
      "<dependency><groupId>g</groupId><artifactId>a</artifactId><scope>test</scope></dependency>"
      "</dependencies></project>"},
     "artifactId=api\nversion=1.2\npackaging=war\nfinalName=api-1.2\nmainClass=a.B\nplugin=shade\n"
     "property.revision=1.2\ng:a  [test]\n"},
    {{"pom.xml",
      "<project><parent><groupId>p</groupId><artifactId>q</artifactId><version>3</version></parent>"
      "<artifactId>m</artifactId><build><finalName>${x.y}</finalName></build></project>"},
     "groupId=p\nartifactId=m\nversion=3\npackaging=jar\nparent.artifactId=q\nparent.version=3\n"
     "finalName?${x.y}\n..\n"},
    {{"pom.xml", "<project><a>${a}</a><version>${v}</version><properties><v>${v}</v></properties>"
                 "</project>"},
     "version?${v}\npackaging=jar\nproperty.v?${v}\n"},
    {{"pom.xml", "<project><artifactId>m</project>"}, NULL},
    {{"pom.xml", "<!DOCTYPE x [<!ENTITY a 'b'>]><project/>"}, NULL},

    {{"build.gradle",
      "plugins {\n  id 'java' // x\n  id 'org.boot' version '3.1'\n}\nversion = '0.9'\ngroup 'g'\n"
      "bootJar { archiveFileName = \"${x}.jar\" }\ndependencies {\n  implementation 'a:b:1'\n  "
      "testImplementation(\"c:d:2\")\n}\n"},
     "plugin=java\nplugin=org.boot\nversion=0.9\ngroup=g\nfileName?${x}.jar\n..=\na:b 1 []\nc:d 2 "
     "[test]\n..\n"},
    {{"settings.gradle.kts", "rootProject.name = \"shop\"\ninclude(\"a\", \":b\")\n"},
     "name=shop\ninclude=a\ninclude=:b\n..=\n..\n"},

    {{"pyproject.toml",
      "[project]\nname = \"svc\"\ndependencies = [\n  \"Flask>=2\", # web\n  \"uvloop ; "
      "sys_platform == 'linux'\",\n]\n[project.scripts]\nsvc = \"svc.main:run\"\n"
      "[build-system]\nrequires = [\"hatchling\"]\nbuild-backend = \"hatchling.build\"\n"
      "[dependency-groups]\ndev = [\"pytest\"]\n"},
     "project.name=svc\nbuild-backend=hatchling.build\nscript.svc=svc.main:run\nflask >=2 []\n"
     "uvloop  [optional]\npytest  [dev]\nhatchling  [build]\n"},
    {{"pyproject.toml",
      "[tool.poetry]\nname='p'\n[tool.poetry.dependencies]\npython='^3.9'\n"
      "Py_YAML = {version='6', optional=true}\n[tool.poetry.group.dev.dependencies]"
      "\nblack='*'\n"},
     "project.name=p\npy-yaml 6 [optional]\nblack * [dev]\n"},
    {{"pyproject.toml", "[project]\nname='p'\ndynamic=['dependencies']\n"}, "project.name=p\n..\n"},
    {{"requirements.txt",
      "# x\nDjango==4.2 \\\n  --hash=sha256:00\nzope.interface[test] >= 5 ; python_version<'3'\n"
      "-r more.txt\n--index-url https://p\npsycopg2-binary # db\n",
      "more.txt", "lxml\n", NULL},
     "include=more.txt\nindex-url=https://p\ndjango ==4.2 []\nzope-interface >= 5 [optional]\nlxml "
     " "
     "[]\npsycopg2-binary  []\n"},
    {{"dev-requirements.txt", "-e .\ngit+https://x/y.git\na @ https://x/a.whl\n./b\n"},
     "a @ https://x/a.whl []\n..\n"},
    {{"requirements.txt", "-r requirements.txt\n"}, "include=requirements.txt\n"},
    {{"Pipfile", "[packages]\nrequests = \"*\"\n[dev-packages]\npytest = {version = \"7\"}\n"
                 "[requires]\npython_version = \"3.11\"\n"},
     "python_version=3.11\nrequests * []\npytest 7 [dev]\n"},
    {{"setup.cfg", "[metadata]\nname = tool\n[options]\ninstall_requires =\n    a>1\n    b\n"
                   "[options.entry_points]\nconsole_scripts =\n    tool = tool.cli:main\n"},
     "name=tool\nscript.tool=tool.cli:main\na >1 []\nb  []\n"},
    {{"setup.py", "from setuptools import setup\nsetup(name='t', install_requires=['a>1', "
                  "\"b\"], version=v)\n"},
     "name=t\n..=\na >1 []\nb  []\n"},
    {{"setup.py", "import setuptools\nsetuptools.setup(name='t', install_requires=[\n  'a[x]>1', "
                  "'b',\n])\n"},
     "name=t\n..=\na >1 []\nb  []\n"},
    {{"setup.py", "setup(name='t', packages=['t'])\n"}, "name=t\n..=\n"},
    {{"setup.py", "setup(name='t', install_requires=read('r.txt'))\n"}, "name=t\n..=\n..\n"},
    {{"setup.py", "setup(name='t', **more)\n"}, "name=t\n..=\n..\n"},
    {{"setup.py", "setup(name='t', ext_modules=[Extension('t.c', ['c.c'])])\n"},
     "name=t\n..=\n..\n"},

    {{"Gemfile", "source 'https://rubygems.org'\nruby '3.2.2'\ngem 'rails', '~> 7'\ngroup "
                 ":development, :test do\n  gem \"rspec\"\nend\ngem 'pg', group: :production\n"
                 "gem 'x', :group => :test\n"},
     "source=https://rubygems.org\nruby=3.2.2\nrails ~> 7 []\nrspec  [dev]\npg  []\nx  [test]\n"},
    {{"Gemfile.lock",
      "GEM\n  remote: https://x/\n  specs:\n    nokogiri (1.15)\n      racc (~> 1)\n"
      "    racc (1.7)\n\nPLATFORMS\n  ruby\n"},
     "nokogiri (1.15) []\nracc (1.7) []\n"},

    {{"src/Api/Api.csproj",
      "<Project Sdk=\"Microsoft.NET.Sdk.Web\">\n<PropertyGroup><TargetFramework>net8.0"
      "</TargetFramework><AssemblyName Condition=\"'$(X)'==''\">A</AssemblyName></PropertyGroup>\n"
      "<ItemGroup><PackageReference Include=\"P\" Version=\"1\" /><ProjectReference "
      "Include=\"..\\L\\L.csproj\"/></ItemGroup></Project>"},
     "Sdk=Microsoft.NET.Sdk.Web\nTargetFramework=net8.0\nAssemblyName?A\nProjectReference=..\\L\\L."
     "csproj\nP 1 []\n"},
    {{"A.csproj", "<Project/>", "Directory.Build.props", "", NULL}, "..=\n"},

    {{"CMakeLists.txt",
      "# c\nproject(Tool VERSION 1 LANGUAGES CXX)\nset(SRC a.cc)\nadd_executable(${PROJECT_NAME} "
      "${SRC})\nADD_LIBRARY(core STATIC b.cc)\nfind_package(OpenSSL REQUIRED)\n"
      "pkg_check_modules(PQ REQUIRED libpq)\ninstall(TARGETS tool DESTINATION bin)\n"
      "add_executable(${X}-y z.cc)\nset_target_properties(core PROPERTIES OUTPUT_NAME c)\n"},
     "project=Tool\nexecutable=Tool\nlibrary=core\nfind_package=OpenSSL\npkg_check=libpq\n"
     "install=TARGETS tool DESTINATION bin\nexecutable?${X}-y\noutput-name.core=c\n"},
    {{"src/CMakeLists.txt",
      "add_library(a SHARED a.c)\nadd_library(b b.c)\nset(CMAKE_RUNTIME_OUTPUT_DIRECTORY out)\n"
      "configure_file(c.h.in c.h)\nconfigure_file(d.in d.txt)\nfile(GLOB S *.c)\n"
      "file(COPY x DESTINATION y)\nadd_custom_command(TARGET b POST_BUILD COMMAND z)\n"
      "set(N bell)\nset_target_properties(${N} PROPERTIES OUTPUT_NAME ring)\n"},
     "unsettled=add_library\nlibrary=a\nlibrary=b\nunsettled=set\nunsettled=configure_file\n"
     "unsettled=file\nunsettled=add_custom_command\noutput-name.bell=ring\n"},
    {{"Makefile",
      "PREFIX ?= /usr/local\nCC=gcc\nOBJ = $(SRC:.c=.o)\nall: tool lib\n\ntool: a.o\n\t$(CC) -o x "
      "= "
      "y\n%.o: %.c\n.PHONY: all \\\n  clean\nifdef D\nCC = clang\nendif\ninclude rules.mk\n"},
     "variable.PREFIX=/usr/local\nvariable.CC=gcc\nvariable.OBJ?$(SRC:.c=.o)\ntarget=all\ntarget="
     "tool\ntarget?%.o\nphony=all\nphony=clean\nvariable.CC?clang\ninclude=rules.mk\n..=\n"},
    {{"configure.ac", "dnl x\nAC_INIT([hello], m4_esyscmd([x]), [b@c])\n"},
     "package=hello\nversion?m4_esyscmd([x]\n"},
    {{"notes.txt", "x"}, NULL},
};

static void test_rows(void **state)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct memory memory = {rows[i].files};
        struct context_ops ops = memory_context(&memory);
        struct compile c = lowered(*state, LIT("FROM scratch\n"), &ops);
        const struct manifest *m = manifest_at(&c, str_from_c(rows[i].files[0]));
        if ((m == NULL) != (rows[i].want == NULL))
            fail_msg("%s, row %zu: %s", rows[i].files[0], i, m ? "read" : "not read");
        struct str got = m ? shown(*state, m) : (struct str){0};
        if (m && !str_eq(got, str_from_c(rows[i].want)))
            fail_msg("%s, row %zu:\n%.*s", rows[i].files[0], i, STR(got));
    }
}

static void test_questions(void **state)
{
    static const char *const files[] = {"requirements.txt", "a\n", "setup.py", "setup(name='x')",
                                        NULL};
    struct memory memory = {files};
    struct context_ops ops = memory_context(&memory);
    struct compile c = lowered(*state, LIT("FROM scratch\n"), &ops);
    const struct manifest *m = manifest_at(&c, LIT("./requirements.txt"));
    struct str value;
    assert_ptr_equal(m, manifest_at(&c, LIT("requirements.txt")));
    m = manifest_at(&c, LIT("setup.py"));
    assert_true(manifest_value(m, LIT("name"), &value));
    assert_false(manifest_value(m, LIT("version"), &value));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_rows, new_arena, free_arena),
        cmocka_unit_test_setup_teardown(test_questions, new_arena, free_arena),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
