/** Imports on a machine made of texts: what is merged, in which order, and what is said about what cannot be. */
import { expect, test } from 'vitest';
import type { Diagnostic } from '../../grammar/diagnostic.ts';
import { SourceText } from '../../grammar/source.ts';
import { compile } from '../../src/build.ts';
import { renderDiagnostic } from '../../src/cli/render-diagnostic.ts';
import { loadScript } from '../../src/compiler/load-imports.ts';
import { emptyHostFiles, type HostFiles } from '../../src/world/host-files.ts';
import { fixtureWorld } from '../support/fixture-world.ts';

interface Tree {
  /** Absolute paths -> texts; undefined: there, and cannot be read. */
  readonly texts: Readonly<Record<string, string | undefined>>;
  readonly modes?: Readonly<Record<string, number>>;
}

function filesOf({ texts, modes = {} }: Tree): HostFiles {
  const paths = Object.keys(texts);
  const isFolder = (path: string): boolean => paths.some((file) => file.startsWith(`${path}/`));
  return {
    read: (path) => {
      const text = texts[path];
      return text === undefined ? undefined : Buffer.from(text, 'latin1');
    },
    list: (path) => {
      const below = paths.filter((file) => file.startsWith(`${path}/`)).map((file) => file.slice(path.length + 1));
      return isFolder(path) ? [...new Set(below.map((file) => file.replace(/\/.*/, '')))].reverse() : undefined;
    },
    stat: (path) => {
      const kind = paths.includes(path) ? 'file' : isFolder(path) ? 'directory' : undefined;
      return kind && { kind, inode: 1n, device: 1n, size: 1n, mode: modes[path] ?? 0o644 };
    },
  };
}

function load(text: string, tree: Tree): ReturnType<typeof loadScript> {
  return loadScript(SourceText.fromUnicode('stdin', text), { files: filesOf(tree), scriptFolder: '/s' });
}

/** `file:line:column severity[code]: message`, then related places and the hint. */
function told(diagnostics: readonly Diagnostic[], source: SourceText): readonly string[] {
  return diagnostics.flatMap(({ severity, code, message, span, hint, related = [] }) => {
    const place = (at: number): string => {
      const { file, line, column } = source.locate(at);
      return `${file}:${line}:${column}`;
    };
    return [
      `${span === undefined ? '' : `${place(span.start)} `}${severity}[${code}]: ${message}`,
      ...related.map((note) => `  ${place(note.span.start)} ${note.message}`),
      ...(hint === undefined ? [] : [`  hint: ${hint}`]),
    ];
  });
}

test('imported scripts stand before the importing one, each once, whatever the path looks like', () => {
  const tree: Tree = {
    texts: {
      '/s/a.bt': 'import "sub/b.bt";\nimport "./a.bt";\nbegin { print("a"); }',
      '/s/sub/b.bt': '#!/usr/bin/ebtrace\nimport "a.bt";\nimport "../s/c.bt";\n// nothing else\nbegin { print("b"); }',
      '/s/c.bt': '',
      '/s/folder/two.bt': 'macro two() { 2 }',
      '/s/folder/one.bt': 'let @m = hash(5);',
      '/s/folder/notes.txt': 'not for us',
      '/s/folder/types.h': '',
      '/s/folder/f.bpf.o': '',
      '/s/folder/deep/three.bt': 'begin { }',
      '/abs/d.bpf.c': '',
    },
  };
  const main =
    'import "a.bt"; import "folder"; import "/abs/d.bpf.c"; import "stdlib"; import "folder/one.bt";\nbegin { }';
  const { loaded, report } = load(main, tree);
  expect(told(report.diagnostics, report.source)).toEqual([]);
  expect(report.source).toBe(loaded.source);
  expect(loaded.source.files.map((file) => file.name)).toEqual([
    'stdin',
    'a.bt',
    'sub/b.bt',
    '../s/c.bt',
    'folder/one.bt',
    'folder/two.bt',
  ]);
  expect(loaded.script.items.map((item) => loaded.source.slice(item.span))).toEqual([
    'begin { print("b"); }',
    'begin { print("a"); }',
    'let @m = hash(5)',
    'macro two() { 2 }',
    'begin { }',
  ]);
  expect(loaded.headers.map((header) => header.path)).toEqual(['/s/folder/types.h']);
  expect(loaded.objects.map((object) => object.path)).toEqual(['/s/folder/f.bpf.o', '/abs/d.bpf.c']);
});

test('C of imported scripts stands before that of the main script', () => {
  const { loaded } = load('struct b { struct a inner; };\nimport "a.bt";\nbegin { }', {
    texts: { '/s/a.bt': '#define N 3\nstruct a { int x; };' },
  });
  expect(loaded.script.preamble.map((definition) => definition.text)).toEqual([
    '#define N 3',
    'struct a { int x; };',
    'struct b { struct a inner; };',
  ]);
});

test('a main script that is imported by its import is not read again', () => {
  const { loaded, report } = loadScript(SourceText.fromUnicode('dir/main.bt', 'import "a.bt";\nbegin { }'), {
    files: filesOf({ texts: { '/s/main.bt': 'import "a.bt";\nbegin { }', '/s/a.bt': 'import "main.bt";' } }),
    scriptFolder: '/s',
  });
  expect(report.diagnostics).toEqual([]);
  expect(loaded.script.items.length).toBe(1);
});

test('what cannot be imported', () => {
  const tree: Tree = {
    texts: {
      '/s/x.txt': '',
      '/s/x.c': '',
      '/s/open.bt': 'begin { }',
      '/s/all/a.bt': 'begin { }',
      '/s/some/a.bt': 'begin { }',
      '/s/some/b.bt': 'begin { }',
      '/s/gone.bt': undefined,
      '/s/conf.bt': '  config = { max_map_keys = 5 }\n  begin { }',
      '/s/empty-conf.bt': 'config = { }',
      '/s/binary.bt': 'a\0b',
    },
    modes: { '/s/open.bt': 0o646, '/s/all': 0o777, '/s/some/b.bt': 0o666 },
  };
  const { report } = load(
    `import "none.bt";
import "";
import "x.txt";
import "x.c";
import "open.bt";
import "all/a.bt";
import "all";
import "some";
import "gone.bt";
import "conf.bt";
import "empty-conf.bt";
import "binary.bt";
begin { }`,
    tree,
  );
  expect(told(report.diagnostics, report.source)).toEqual([
    'stdin:1:1 error[import-missing]: cannot import "none.bt"',
    '  hint: looked at /s/none.bt',
    'stdin:2:1 error[import-missing]: cannot import ""',
    '  hint: looked at /s',
    'stdin:3:1 error[import-type]: "x.txt" is nothing that can be imported',
    '  hint: imports are files *.bt, *.h, *.bpf.c, *.bpf.o and directories of them',
    'stdin:4:1 error[import-type]: "x.c" is nothing that can be imported',
    '  hint: imports are files *.bt, *.h, *.bpf.c, *.bpf.o and directories of them',
    'stdin:5:1 error[import-missing]: cannot import "open.bt"',
    '  hint: looked at /s/open.bt',
    'stdin:6:1 error[import-missing]: cannot import "all/a.bt"',
    '  hint: looked at /s/all/a.bt',
    'stdin:7:1 error[import-missing]: cannot import "all"',
    '  hint: looked at /s/all',
    'stdin:9:1 error[import-unreadable]: cannot read "gone.bt"',
    'conf.bt:1:3 error[config-in-import]: only the main script has a config block',
    '  stdin:10:1 the file is imported here',
    'binary.bt:1:2 error[not-text]: this is not a text file: byte 1 is \\x00',
    '  hint: give ebtrace a script, not a compiled program',
    'stdin:5:1 warning[import-unsafe]: /s/open.bt is not imported: everybody may write to /s/open.bt',
    '  hint: chmod o-w /s/open.bt',
    'stdin:6:1 warning[import-unsafe]: /s/all/a.bt is not imported: everybody may write to /s/all',
    '  hint: chmod o-w /s/all',
    'stdin:7:1 warning[import-unsafe]: /s/all is not imported: everybody may write to /s/all',
    '  hint: chmod o-w /s/all',
    'stdin:8:1 warning[import-unsafe]: /s/some/b.bt is not imported: everybody may write to /s/some/b.bt',
    '  hint: chmod o-w /s/some/b.bt',
  ]);
});

test('without files there is nothing to import', () => {
  const { report } = loadScript(SourceText.fromUnicode('stdin', 'import "a.bt";\nbegin { }'), {
    files: emptyHostFiles,
  });
  expect(report.diagnostics.map((entry) => entry.code)).toEqual(['import-missing']);
});

function rendered(main: string, lib: string): string {
  const { diagnostics, source } = compile(SourceText.fromUnicode('stdin', main), {
    world: fixtureWorld(),
    environment: {},
    positionals: [],
    unsafe: false,
    scriptFolder: '/s',
    files: filesOf({ texts: { '/s/lib.bt': lib } }),
  });
  return diagnostics.map((entry) => renderDiagnostic(entry, source, { colour: false })).join('');
}

test('places in imported scripts are those of their files', () => {
  expect(
    rendered(
      'import "lib.bt";\nbegin { half(1); }',
      'macro twice(x) { x + x }\nmacro half(x) {\n\tx / nosuch; }\nbegin {\n  twice(\n1); }',
    ),
  ).toBe(`lib.bt:3:6-12: ERROR: there is no builtin variable or constant 'nosuch'
    x / nosuch; }
        ~~~~~~
HINT: scratch variables start with $, maps with @
stdin:2:9-16: ERROR: expanded from half here
begin { half(1); }
        ~~~~~~~
lib.bt:5-6: WARNING: the value of this expression is not used
  twice(
1); }
HINT: write _ = ...; if that is meant
`);
});

test('syntax errors in imported scripts, each at its place, beside those of the main script', () => {
  const text = rendered('import "lib.bt";\nbegin { print("a" }', '\nbegin { print("\\q"); $ a }');
  expect(
    text
      .split('\n')
      .filter((line) => line.includes('ERROR'))
      .map((line) => line.slice(0, 24)),
  ).toEqual(['stdin:2:19-20: ERROR: ex', 'lib.bt:2:22-25: ERROR: a', "lib.bt:2:16-18: ERROR: '"]);
});
