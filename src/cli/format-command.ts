/**
 * --fmt: prints a script in canonical form, or writes it to a file. Reads and parses only, so it needs neither privileges
 * nor a kernel. A file is replaced as a whole, so that nobody ever sees half of it and a failure leaves the old one.
 */
import {
  closeSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  lstatSync,
  openSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  type Stats,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { Report } from '../../grammar/diagnostic.ts';
import { formatScript } from '../../grammar/format.ts';
import type { SourceText } from '../../grammar/source.ts';
import { systemError } from '../world/system-error.ts';
import type { Screen } from './screen.ts';

/** Returns the exit status. Without `output`, or with `-`, the text goes to stdout; nothing is written after errors. */
export function formatCommand(source: SourceText, output: string | undefined, screen: Screen): number {
  const report = new Report(source);
  const text = formatScript(source, report);
  screen.report(report.diagnostics, source);
  if (text === undefined) return 1;
  if (output === undefined || output === '-') {
    screen.out.write(text);
    screen.out.flush();
    return 0;
  }
  try {
    replaceFile(output, Buffer.from(text, 'latin1'));
    return 0;
  } catch (failure) {
    const reason = systemError(failure);
    if (reason === undefined) throw failure;
    const message = `Cannot write '${output}': ${reason}`;
    screen.report([{ severity: 'error', code: 'formatted-not-written', message }]);
    return 1;
  }
}

/** By a new file that takes the name of the old one, with its mode and owner; a symbolic link stays one. */
function replaceFile(path: string, content: Uint8Array): void {
  const target = targetOf(path);
  const old = statSync(target, { throwIfNoEntry: false });
  if (old !== undefined && !old.isFile()) {
    writeFileSync(target, content); // a device or a pipe
    return;
  }
  if (old !== undefined && readFileSync(target).equals(content)) return;
  const temporary = join(dirname(target), `.${basename(target)}.${process.pid}.tmp`);
  const fd = openSync(temporary, 'wx', 0o666);
  try {
    try {
      writeFileSync(fd, content);
      if (old !== undefined) keepOwner(fd, old);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(temporary, target);
  } catch (failure) {
    unlinkSync(temporary);
    throw failure;
  }
}

/** The file that a path leads to, even when it does not exist yet. */
function targetOf(path: string): string {
  const entry = lstatSync(path, { throwIfNoEntry: false });
  if (entry === undefined) return path;
  if (!entry.isSymbolicLink() || statSync(path, { throwIfNoEntry: false }) !== undefined) return realpathSync(path);
  return resolve(dirname(path), readlinkSync(path));
}

function keepOwner(fd: number, old: Stats): void {
  if (process.geteuid?.() === 0) fchownSync(fd, old.uid, old.gid);
  fchmodSync(fd, old.mode & 0o7777);
}
