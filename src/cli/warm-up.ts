/**
 * Everything that a run does before it knows the machine, done once and in advance: modules are loaded, lexer and parser
 * built (Chevrotain takes 35 ms for that), and a script is compiled up to C so that the functions on the way are compiled
 * as well. The state is saved as a start-up snapshot by scripts/snapshot.mjs.
 *
 * Nothing here may look at the process or the machine (environment, arguments, working directory, terminals, clocks):
 * the answer would be frozen. So koffi and what imports it stay out.
 */
import { SourceText } from '../../grammar/source.ts';
import { compile } from '../build.ts';
import { currentKernelFeatures } from '../world/features.ts';
import { emptyHostFiles } from '../world/host-files.ts';
import { hostWorld } from '../world/host-world.ts';
import { parseCommandLine } from './command-line.ts';

const script = `begin { @a[pid] = count(); @b = hist(nsecs); $x = 1; printf("%d %s\\n", $x + 1, comm); exit(); }
interval:s:1 /pid == 1/ { if ($1 > 2) { @c[tid, "a"] = 1; } print(@a, 5); clear(@b); }`;

export async function warmUp(): Promise<void> {
  const world = hostWorld(emptyHostFiles, { arch: 'x86_64', features: currentKernelFeatures });
  const env = { world, environment: {}, positionals: ['3'], unsafe: false };
  const compiled = compile(new SourceText('warm-up', script), env);
  if (!compiled.ok) throw new Error(`the warm-up script is wrong: ${compiled.diagnostics[0]?.message}`);
  const parsed = await parseCommandLine(['-q', '-e', 'begin { }'], { version: '', columns: 100, isFile: () => false });
  if (!parsed.ok) throw new Error(`the warm-up command line is wrong: ${parsed.diagnostic.message}`);
  await Promise.all([
    import('./read-script.ts'),
    import('./machine.ts'),
    import('./run.ts'),
    import('../../runtime/bpf.ts'),
    import('../../runtime/child.ts'),
    import('../../runtime/preflight.ts'),
    import('../../runtime/session.ts'),
    import('../../runtime/output/index.ts'),
    import('../../runtime/value-host.ts'),
  ]);
}
