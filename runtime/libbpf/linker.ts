/**
 * The script's object and the BPF objects it imports -> one object, by libbpf's static linker. That works on files only,
 * in a private folder. Functions of imported objects are declared hidden by the C that calls them, which makes them
 * static in the result: the verifier follows each call, and pointers keep what it knows about them.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Program } from '../../src/program/program.ts';
import type { HostFiles } from '../../src/world/host-files.ts';
import { RuntimeFailure } from '../bpf.ts';
import { type Libbpf, openLibbpf } from './library.ts';
import { native } from './native.ts';

/** The object that is loaded: `program.object` with all its imports. Throws RuntimeFailure. */
export function linkProgram(program: Program, files: HostFiles): Uint8Array {
  if (program.imports.length === 0) return program.object;
  const libbpf = openLibbpf(files);
  const messages: string[] = [];
  return libbpf.listening(
    (level, text) => {
      if (level === 'warn') messages.push(text.replace(/^libbpf: /, ''));
    },
    () => link(libbpf, program, messages),
  );
}

function link(libbpf: Libbpf, { object, imports }: Program, messages: readonly string[]): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'ebtrace-link-'));
  const linked = join(folder, 'linked.o');
  let linker: bigint | undefined;
  try {
    linker = libbpf.pointer('bpf_linker__new', linked, null);
    if (linker === undefined) throw failure(`link in ${folder}`, libbpf.errno(), messages);
    const inputs = [{ name: 'the script', object }, ...imports];
    for (const [i, input] of inputs.entries()) {
      const path = join(folder, `${i}.o`);
      writeFileSync(path, input.object);
      const status = libbpf.number('bpf_linker__add_file', linker, path, null);
      if (status < 0) throw failure(`link ${input.name}`, -status, messages);
    }
    const status = libbpf.number('bpf_linker__finalize', linker);
    if (status < 0) throw failure(`link with ${imports.map((entry) => entry.name).join(', ')}`, -status, messages);
    return readFileSync(linked);
  } finally {
    if (linker !== undefined) libbpf.number('bpf_linker__free', linker);
    rmSync(folder, { recursive: true, force: true });
  }
}

function failure(what: string, errno: number, messages: readonly string[]): RuntimeFailure {
  const last = messages.slice(-3);
  return new RuntimeFailure(`cannot ${what}: ${native().errorText(errno)}`, {
    errno,
    hint: last.length === 0 ? undefined : `libbpf says: ${last.join('; ')}`,
  });
}
