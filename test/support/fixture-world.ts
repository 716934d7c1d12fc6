/**
 * The recorded machine x86-6.18 as a World: real parsers over real tracefs files of Linux 6.18, with the BTF of
 * test/fixtures/hosts/kernel.c in place of the kernel's own.
 */
import { join } from 'node:path';
import { currentKernelFeatures } from '../../src/world/features.ts';
import { type HostFiles, hostFilesUnder } from '../../src/world/host-files.ts';
import { hostWorld } from '../../src/world/host-world.ts';
import type { TypeTable, World } from '../../src/world/world.ts';

export const fixtureRoot = join(import.meta.dirname, '../fixtures/hosts/x86-6.18');

export function fixtureFiles(): HostFiles {
  return hostFilesUnder(fixtureRoot);
}

export function fixtureWorld(): World {
  return hostWorld(fixtureFiles(), { arch: 'x86_64', features: currentKernelFeatures });
}

/** The same machine with a kernel that answers no to every question, as Linux 5.10 does to most. */
export function oldKernelWorld(): World {
  const questions = Object.keys(currentKernelFeatures).filter((name) => name !== 'initPidNamespace');
  const none = Object.fromEntries(questions.map((name) => [name, false]));
  return hostWorld(fixtureFiles(), { arch: 'x86_64', features: { ...currentKernelFeatures, ...none } });
}

/** The kernel types of the fixture; a failure here means that the fixture is not there. */
export function fixtureTypes(): TypeTable {
  const types = fixtureWorld().kernelTypes();
  if (types === undefined) throw new Error(`no BTF below ${fixtureRoot}`);
  return types;
}
