/**
 * The manual and the examples say what is true: LANGUAGE.md is what the registries make of it, and every script that
 * stands anywhere in the documentation compiles for the recorded machine, without a warning.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { anchor, manual } from '../docs/manual.ts';
import { Report } from '../grammar/diagnostic.ts';
import { parse } from '../grammar/index.ts';
import { SourceText } from '../grammar/source.ts';
import { build } from '../src/build.ts';
import { aggregations } from '../src/builtins/aggregations/index.ts';
import { builtins, unavailable } from '../src/builtins/index.ts';
import { createClang } from '../src/clang/clang.ts';
import { optionFlags, optionNames, optionRow } from '../src/cli/options.ts';
import { options } from '../src/config/options.ts';
import { findProvider, probeKinds } from '../src/probes/index.ts';
import { currentKernelFeatures } from '../src/world/features.ts';
import type { HostFiles } from '../src/world/host-files.ts';
import { hostWorld } from '../src/world/host-world.ts';
import { fixtureFiles } from './support/fixture-world.ts';

const root = join(import.meta.dirname, '..');
const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');
const language = textOf('LANGUAGE.md');

/** The recorded machine with two things more that documentation speaks of: an event like sched_wakeup, and cgroups. */
const files: HostFiles = (() => {
  const recorded = fixtureFiles();
  const tracing = '/sys/kernel/tracing';
  const place = (path: string): string => {
    if (path === '/sys/fs/cgroup') return tracing;
    return path.replace('/sched_wakeup_new/', '/sched_wakeup/');
  };
  return {
    list: (path) => recorded.list(place(path)),
    stat: (path) => recorded.stat(place(path)),
    read(path) {
      const bytes = recorded.read(place(path));
      if (path !== `${tracing}/available_events` || bytes === undefined) return bytes;
      return Buffer.concat([bytes, Buffer.from('sched:sched_wakeup_new\n')]);
    },
  };
})();
const world = hostWorld(files, { arch: 'x86_64', features: currentKernelFeatures });

const clang = createClang({ env: { ...process.env, EBTRACE_CACHE: '0' } });

/** What the compiler says about a script, down to the object; an empty list is what documentation wants. */
async function remarks(script: string): Promise<readonly string[]> {
  const source = SourceText.fromUnicode('docs', script);
  const result = await build(source, { world, environment: {}, positionals: ['1', '2'], unsafe: true }, clang);
  return result.diagnostics.map((diagnostic) => `${diagnostic.severity}: ${diagnostic.message}`);
}

describe('LANGUAGE.md', () => {
  it('is what `npm run docs` makes', async () => {
    const folder = join(root, 'docs/language');
    const fragments = readdirSync(folder).map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));
    const made = await manual(fragments);
    expect(made === language, 'LANGUAGE.md is out of date: run `npm run docs`').toBe(true);
  });

  it('has a place for everything in the registries', () => {
    const named = [...builtins, ...aggregations].map((entry) => `\`${entry.signature}\``);
    const probes = probeKinds.flatMap((kind) => kind.syntax.map((form) => `\`${form}\``));
    const missing = [...named, ...probes, ...Object.keys(options).map((name) => `\`${name}\``)].filter(
      (text) => !language.includes(text),
    );
    expect(missing).toEqual([]);
  });

  it('shows every option of the command line that there is, and no other', () => {
    const rows = optionNames.map(optionRow);
    const absent = rows.filter((row) => !row.unavailable && !language.includes(`| \`${optionFlags(row)}`));
    expect(absent.map(optionFlags)).toEqual([]);
    const known = new Set([
      ...rows.flatMap(({ long }) => (long === undefined ? [] : `--${long}`)),
      '--help',
      '--version',
      // Options of the scripts that stand in the manual.
      ...[...language.matchAll(/\bgetopt\("(\w+)"/g)].map(([, name]) => `--${name}`),
    ]);
    const withoutLater = language.slice(0, language.indexOf('\n## Not available yet'));
    const mentioned = [...withoutLater.matchAll(/(?<=[`\s])--[a-z][\w-]+/g)].map(([text]) => text);
    expect(mentioned.length).toBeGreaterThan(10);
    expect(mentioned.filter((text) => !known.has(text))).toEqual([]);
  });

  it('says "not available" of what is refused', () => {
    const words = (bullet: string): readonly string[] => {
      const text = new RegExp(`^\\* ${bullet}: ([\\s\\S]*?)\\.$`, 'm').exec(language)?.[1] ?? '';
      return [...text.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '');
    };
    const kinds = words('Probe kinds');
    const names = [...words('Variables'), ...words('Functions')];
    expect([kinds.length > 0, names.length > 5]).toEqual([true, true]);
    expect(kinds.filter((kind) => findProvider(kind).found !== 'unavailable')).toEqual([]);
    expect(names.filter((name) => unavailable(name) === undefined)).toEqual([]);
  });

  it('has links that lead somewhere', () => {
    const places = new Set([...language.matchAll(/^#+ (.+)$/gm)].map((match) => anchor(match[1] ?? '')));
    const links = [...language.matchAll(/\]\(#([^)]+)\)/g)].map((match) => match[1] ?? '');
    expect(links.length).toBeGreaterThan(10);
    expect(links.filter((link) => !places.has(link))).toEqual([]);
  });
});

describe('scripts of LANGUAGE.md compile', () => {
  const blocks = [...language.matchAll(/```bt\n([\s\S]*?)```/g)].map((match) => match[1] ?? '');
  expect(blocks.length).toBeGreaterThan(builtins.filter((entry) => !entry.variable).length);
  test.each(blocks.map((script) => [script.split('\n')[0], script] as const))('%s', async (_title, script) => {
    expect(await remarks(script)).toEqual([]);
  });
});

describe('one-liners of the documents compile', () => {
  const documents = ['README.md', 'LANGUAGE.md'];
  const scripts = documents.flatMap((path) =>
    [...textOf(path).matchAll(/ -e '([^']+)'/g)].map((match) => match[1] ?? ''),
  );
  expect(scripts.length).toBeGreaterThan(4);
  test.each([...new Set(scripts)])('%s', async (script) => {
    expect(await remarks(script)).toEqual([]);
  });
});

describe('entries of the registries', () => {
  const entries = [...probeKinds, ...builtins, ...aggregations];

  test.each(entries.map((entry) => [entry.name, entry.doc] as const))('%s: its example compiles', async (name, doc) => {
    expect(await remarks(doc.example)).toEqual([]);
    expect(doc.example).toMatch(new RegExp(`\\b${name}\\b`, 'i'));
  });

  it('have a summary in one or two sentences', () => {
    const summaries = [
      ...entries.map((entry) => ({ name: entry.name, text: entry.doc.summary })),
      ...Object.entries(options).map(([name, row]) => ({ name, text: row.doc })),
    ];
    const odd = summaries.filter(({ text }) => !/^[A-Z0-9].{5,}\.$/.test(text));
    expect(odd.map(({ name }) => name)).toEqual([]);
  });
});

describe('examples', () => {
  const names = readdirSync(join(root, 'examples')).filter((name) => name.endsWith('.bt'));
  const index = [...textOf('examples/README.md').matchAll(/^\| \[(.+?)\]\((.+?)\) \| (.+?) \| (.+?) \|$/gm)].map(
    ([, label = '', file = '', question = '', probes = '']) => ({ label, file, question, probes }),
  );

  it('are all in the index', () => {
    expect(index.map(({ file }) => file).sort()).toEqual(names.sort());
    expect(index.filter(({ label, file }) => label !== file)).toEqual([]);
  });

  describe.each(names)('%s', (name) => {
    const text = textOf(`examples/${name}`);
    const row = index.find(({ file }) => file === name);

    it('compiles', async () => {
      expect(await remarks(text)).toEqual([]);
    });

    it('begins with the question that it answers, as the index has it, and how to run it', () => {
      const [shebang, question = ''] = text.split('\n');
      expect(shebang).toBe('#!/usr/bin/env ebtrace');
      expect(question.slice('// '.length)).toBe(row?.question);
      expect(text).toContain(`\n//   sudo ebtrace ${name}`);
      expect(statSync(join(root, 'examples', name)).mode & 0o111).not.toBe(0);
    });

    it('uses the probes that the index names', () => {
      const script = parse(SourceText.fromUnicode(name, text), new Report(SourceText.fromUnicode(name, text)));
      const used = script.items.flatMap((item) =>
        item.kind === 'probe' ? item.attachPoints.map(({ text }) => text) : [],
      );
      const traced = used.filter((point) => point !== 'begin' && point !== 'end');
      expect(row?.probes).toBe(traced.map((point) => `\`${point}\``).join(', '));
    });
  });

  it('that other documents name exist', () => {
    const documents = ['README.md', 'LANGUAGE.md', 'ARCHITECTURE.md', 'CHANGELOG.md'].map(textOf).join('\n');
    const named = [...documents.matchAll(/examples\/[\w-]+\.\w+/g)].map(([path]) => path);
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });
});
