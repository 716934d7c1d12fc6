/**
 * The table of messages: each example is compiled here, on the recorded machine of the tests, and the table says what
 * came out. `codesInSources` is what there has to be a row for.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Diagnostic } from '../../grammar/diagnostic.ts';
import { SourceText } from '../../grammar/source.ts';
import { type BuildEnv, plan } from '../../src/build.ts';
import { createClang } from '../../src/clang/clang.ts';
import { currentKernelFeatures } from '../../src/world/features.ts';
import { type HostFiles, hostFilesUnder } from '../../src/world/host-files.ts';
import { hostWorld } from '../../src/world/host-world.ts';
import { elsewhere } from './elsewhere.ts';
import type { Example, Examples } from './example.ts';
import { libraryExamples } from './library.ts';
import { moduleExamples } from './modules.ts';
import { probeExamples } from './probes.ts';
import { statementExamples } from './statements.ts';
import { syntaxExamples } from './syntax.ts';
import { typeExamples } from './types.ts';

export interface DiagnosticRow {
  readonly code: string;
  readonly example: Example;
  /** What the compiler says under this code; undefined when it says nothing of the kind. */
  readonly said: Diagnostic | undefined;
  /** Other errors that the example leads to. */
  readonly besides: readonly string[];
}

const topics: readonly Examples[] = [
  ...[syntaxExamples, typeExamples, statementExamples, moduleExamples, libraryExamples, probeExamples],
];

export { elsewhere };

/** In the order of the codes. */
export async function diagnosticRows(): Promise<readonly DiagnosticRow[]> {
  const entries = topics.flatMap((topic) => Object.entries(topic));
  const rows: DiagnosticRow[] = [];
  for (const [code, entry] of entries) {
    const example = typeof entry === 'string' ? { script: entry } : entry;
    const diagnostics = await remarks(example);
    const others = diagnostics.filter((diagnostic) => diagnostic.severity === 'error' && diagnostic.code !== code);
    rows.push({
      code,
      example,
      said: diagnostics.find((diagnostic) => diagnostic.code === code),
      besides: others.map((diagnostic) => `${diagnostic.code}: ${diagnostic.message}`),
    });
  }
  return rows.sort((a, b) => (a.code < b.code ? -1 : 1));
}

/** Every code that is reported somewhere in the sources. */
export function codesInSources(): readonly string[] {
  const folders = ['grammar', 'src/compiler', 'src/builtins', 'src/probes', 'src/config', 'src/clang'];
  const codes = folders.flatMap(filesBelow).flatMap((file) => {
    const text = readFileSync(file, 'utf8');
    return [...text.matchAll(/(?:\b(?:error|warning)\(\s*|\bcode: )'([a-z][a-z0-9-]+)'/g)].map(([, code = '']) => code);
  });
  // The parser names three of one form by what comes too late.
  const late = ['c-definition-too-late', 'config-too-late', 'import-too-late'];
  return [...new Set([...codes, ...late])].sort();
}

async function remarks({ script, named = {}, files = {} }: Example): Promise<readonly Diagnostic[]> {
  const env: BuildEnv = {
    world: hostWorld(hostFilesUnder(join(root, 'test/fixtures/hosts/x86-6.18')), {
      arch: 'x86_64',
      features: currentKernelFeatures,
    }),
    environment: {},
    positionals: [],
    unsafe: false,
    namedParameters: new Map(Object.entries(named)),
    files: inMemory(files),
    scriptFolder: '/',
  };
  const source = SourceText.fromUnicode('script.bt', script);
  const { diagnostics } = await plan(source, env, clang);
  return diagnostics;
}

/** Files of the root folder, and nothing else. */
function inMemory(files: Readonly<Record<string, string>>): HostFiles {
  const textOf = (path: string): string | undefined => files[path.replace(/^\//, '')];
  return {
    read(path) {
      const text = textOf(path);
      return text === undefined ? undefined : Buffer.from(text);
    },
    list: (path) => (path === '/' ? Object.keys(files) : undefined),
    stat(path) {
      const text = textOf(path);
      if (text === undefined && path !== '/') return undefined;
      const kind = text === undefined ? 'directory' : 'file';
      return { kind, inode: 1n, device: 1n, size: BigInt(text?.length ?? 0), mode: 0o755 };
    },
  };
}

/** This module may be part of a bundle below node_modules. */
const root = (() => {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
})();

const clang = createClang({ env: { ...process.env, EBTRACE_CACHE: '0' } });

function filesBelow(folder: string): readonly string[] {
  const entries = readdirSync(join(root, folder), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
