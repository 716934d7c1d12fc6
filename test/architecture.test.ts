/**
 * The rules of ARCHITECTURE.md that a program can check, as tests over the source text: who may import whom, where the
 * outside world may be touched, and the habits that erode first. A rule is changed here and in ARCHITECTURE.md together.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

/** An import may only point to a row above its own; parts of one row do not know each other. */
const order: readonly (readonly string[])[] = [
  ['grammar'],
  ['src/types'],
  ['src/config'],
  ['src/world', 'src/c', 'src/program'],
  ['src/probes'],
  ['src/builtins'],
  ['src/compiler'],
  ['src/clang'],
  ['src/build.ts'],
  ['runtime'],
  ['src/cli'],
];

/** The runtime acts on plain data and the registries; the compiler, its passes and clang are none of its business. */
const runtimeMayImport = ['grammar', 'src/types', 'src/world', 'src/program', 'src/config', 'src/builtins', 'runtime'];

/** Folders and files that may import a package or a module that reaches out of the program. */
const gates: Readonly<Record<string, readonly string[]>> = {
  chevrotain: ['grammar/'],
  koffi: ['runtime/libbpf/'],
  commander: ['src/cli/'],
  kleur: ['src/cli/'],
  'node:child_process': ['src/clang/', 'runtime/child.ts', 'runtime/close-later.ts'],
  'node:fs': [
    'src/world/host-files.ts',
    'src/clang/',
    'src/cli/',
    // Results and remarks are bytes for file descriptors.
    'runtime/output/sink.ts',
    'runtime/output/slow-reader.ts',
    // -c: started stopped, found in /proc.
    'runtime/child.ts',
    // cat() reads a file when the script asks for it.
    'runtime/perform-action.ts',
    // An iterator runs while its file is read.
    'runtime/libbpf/iterator-link.ts',
    // libbpf's linker works on files only.
    'runtime/libbpf/linker.ts',
  ],
};

/** Script in, C out: no clock, no chance, no environment; files only through HostFiles. */
const pure = [
  'grammar/',
  'src/types/',
  'src/config/',
  'src/world/',
  'src/c/',
  'src/program/',
  'src/probes/',
  'src/builtins/',
  'src/compiler/',
];

interface Import {
  readonly from: string;
  /** A path below the project for our own files, else the module name. */
  readonly to: string;
  readonly form: 'value' | 'type' | 'lazy';
}

interface SourceFile {
  readonly path: string;
  readonly text: string;
  /** Without comments, so that prose about a rule does not break it. */
  readonly code: string;
  readonly imports: readonly Import[];
}

const root = join(import.meta.dirname, '..');
const files: readonly SourceFile[] = ['grammar', 'src', 'runtime'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => readSource(relative(root, join(entry.parentPath, entry.name)))),
);
const imports = files.flatMap((file) => file.imports);

function readSource(path: string): SourceFile {
  const text = readFileSync(join(root, path), 'utf8');
  const code = withoutComments(text);
  return { path, text, code, imports: importsOf(path, code) };
}

/** Strings are skipped as a whole, so that `//` in them is not a comment. */
function withoutComments(text: string): string {
  const token = /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;
  return text.replace(token, (match) => (match.startsWith('/*') || match.startsWith('//') ? '' : match));
}

function importsOf(from: string, code: string): readonly Import[] {
  const resolve = (name: string): string => (name.startsWith('.') ? normalize(join(dirname(from), name)) : name);
  const found: Import[] = [];
  for (const match of code.matchAll(/^(import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?'([^']+)'/gm)) {
    found.push({ from, to: resolve(match[3] ?? ''), form: match[2] === undefined ? 'value' : 'type' });
  }
  for (const match of code.matchAll(/\bimport\(\s*'([^']+)'\s*\)/g)) {
    found.push({ from, to: resolve(match[1] ?? ''), form: 'lazy' });
  }
  return found;
}

const isOurs = (entry: Import): boolean => !/^node:|^@?[a-z]/.test(entry.to) || layerOf(entry.to) !== undefined;

function layerOf(path: string): string | undefined {
  return order.flat().find((part) => path === part || path.startsWith(`${part}/`));
}

const rowOf = (layer: string): number => order.findIndex((row) => row.includes(layer));
const shown = (entry: Import): string => `${entry.from} -> ${entry.to}`;
const within = (path: string, places: readonly string[]): boolean => places.some((place) => path.startsWith(place));

describe('imports', () => {
  it('are read at all', () => {
    expect(files.length).toBeGreaterThan(30);
    expect(imports.map(shown)).toContain('src/program/program.ts -> grammar/source.ts');
    expect(
      importsOf(
        'src/a.ts',
        "import {\n  type A,\n} from './b.ts';\nimport type { C } from 'c';\nawait import('../d.ts');",
      ),
    ).toEqual([
      { from: 'src/a.ts', to: 'src/b.ts', form: 'value' },
      { from: 'src/a.ts', to: 'c', form: 'type' },
      { from: 'src/a.ts', to: 'd.ts', form: 'lazy' },
    ]);
  });

  it('of every file belong to a layer', () => {
    expect(files.filter((file) => layerOf(file.path) === undefined).map((file) => file.path)).toEqual([]);
  });

  it('only point to layers further left', () => {
    const wrong = imports.filter((entry) => {
      const [from, to] = [layerOf(entry.from), layerOf(entry.to)];
      return from !== undefined && to !== undefined && from !== to && rowOf(to) >= rowOf(from);
    });
    expect(wrong.map(shown)).toEqual([]);
  });

  it('do not leave the three folders, but for package.json', () => {
    const outside = imports.filter((entry) => isOurs(entry) && layerOf(entry.to) === undefined);
    expect(outside.filter((entry) => entry.to !== 'package.json').map(shown)).toEqual([]);
  });

  it('of the runtime see data and registries, not the compiler', () => {
    const wrong = imports.filter((entry) => {
      const to = layerOf(entry.to);
      return layerOf(entry.from) === 'runtime' && to !== undefined && !runtimeMayImport.includes(to);
    });
    expect(wrong.map(shown)).toEqual([]);
  });

  it('of the runtime by the command line are lazy, so that the compiler starts without it', () => {
    const eager = imports.filter(
      (entry) => layerOf(entry.from) === 'src/cli' && layerOf(entry.to) === 'runtime' && entry.form === 'value',
    );
    expect(eager.map(shown)).toEqual([]);
  });

  it('of packages and of modules that reach out go through their gates', () => {
    const wrong = imports.filter((entry) => {
      const gate = gates[entry.to.replace('/promises', '')];
      return gate !== undefined && !within(entry.from, gate);
    });
    expect(wrong.map(shown)).toEqual([]);
  });

  it('name no package without a gate', () => {
    const packages = imports.filter((entry) => !isOurs(entry) && !/^node:|^package\.json$/.test(entry.to));
    expect(packages.filter((entry) => gates[entry.to] === undefined).map(shown)).toEqual([]);
  });

  it('have gates that exist and are used', () => {
    const unused = Object.entries(gates).flatMap(([module, places]) =>
      places
        .filter((place) => !imports.some((entry) => entry.to === module && entry.from.startsWith(place)))
        .map((place) => `${module} in ${place}`),
    );
    expect(unused).toEqual([]);
  });
});

/** `path:line: text` of every line of code that matches, in files for which `applies` holds. */
function linesMatching(pattern: RegExp, applies: (path: string) => boolean): readonly string[] {
  return files
    .filter((file) => applies(file.path))
    .flatMap((file) =>
      file.code
        .split('\n')
        .filter((line) => pattern.test(line))
        .map((line) => `${file.path}: ${line.trim()}`),
    );
}

describe('the compiler', () => {
  it('up to the C text knows no Node module but through HostFiles', () => {
    const allowed = ['node:path'];
    const wrong = imports.filter(
      (entry) =>
        within(entry.from, pure) &&
        entry.from !== 'src/world/host-files.ts' &&
        // Words for failures of the others' calls: nothing is asked of the machine.
        entry.from !== 'src/world/system-error.ts' &&
        entry.to.startsWith('node:') &&
        !allowed.includes(entry.to),
    );
    expect(wrong.map(shown)).toEqual([]);
  });

  it('up to the C text is deterministic: no clock, chance, environment or promise', () => {
    const impure =
      /\b(Date\.now|new Date\(\)|Math\.random|performance\.now|process\.(env|argv|cwd|pid)|setTimeout|await |async )/;
    // Entries of builtins have a run-time side too: time() asks the clock when its event is read.
    const applies = (path: string): boolean => within(path, pure) && !path.startsWith('src/builtins/');
    expect(linesMatching(impure, applies)).toEqual([]);
  });

  it('hands plain data to the runtime', () => {
    const contract = ['src/program/program.ts', 'src/program/attach-spec.ts', 'src/program/action.ts'];
    expect(linesMatching(/\bclass\b|=>|\bMap<|\bSet<|\bfunction\b/, (path) => contract.includes(path))).toEqual([]);
  });

  it('reports nothing after the checker', () => {
    expect(linesMatching(/\bReport\b|\breport\./, (path) => /^src\/compiler\/(emit-|plan)/.test(path))).toEqual([]);
  });

  it('reports each diagnostic code from one place', () => {
    const places = new Map<string, string[]>();
    for (const file of files) {
      for (const match of file.code.matchAll(/\b(?:error|warning)\(\s*'([a-z0-9-]+)'/g)) {
        const code = match[1] ?? '';
        places.set(code, [...(places.get(code) ?? []), file.path]);
      }
    }
    expect(places.size).toBeGreaterThan(0);
    expect([...places].filter(([, paths]) => paths.length > 1)).toEqual([]);
  });
});

describe('habits', () => {
  it('only the command line speaks to the console and ends the process', () => {
    expect(linesMatching(/\bconsole\.|\bprocess\.exit\b/, (path) => !path.startsWith('src/cli/'))).toEqual([]);
  });

  it('every file says on top what it is', () => {
    const silent = files.filter(
      (file) => !/^(#![^\n]*\n)?\/(\*\*|\/)/.test(file.text) && !file.path.endsWith('.generated.ts'),
    );
    expect(silent.map((file) => file.path)).toEqual([]);
  });

  it('a file above 400 lines says why in its header ("... lines ...")', () => {
    const long = files.filter((file) => file.text.split('\n').length > 400 && !file.path.endsWith('.generated.ts'));
    const unexplained = long.filter((file) => !/^\/\*\*(?:(?!\*\/)[\s\S])*\blines\b/.test(file.text));
    expect(unexplained.map((file) => `${file.path}: ${file.text.split('\n').length}`)).toEqual([]);
  });

  it('no file is a drawer for everything', () => {
    expect(
      files.filter((file) => /\/(utils?|helpers?|common|misc)\.ts$/.test(file.path)).map((file) => file.path),
    ).toEqual([]);
  });
});
