/** The program of a session (fuse-sessions.ts): asks the kernel whether the function begins or returns, and calls that half. */
import type { CWriter } from '../c/writer.ts';
import { coreKernel } from '../world/traceable-functions.ts';
import type { World } from '../world/world.ts';
import type { TypedProgram } from './check.ts';

/** `programs[i]` is the function `p<i>`. */
export function emitSessions(c: CWriter, programs: readonly TypedProgram[], world: World): void {
  const sessions = programs.flatMap(({ matched }, i) => {
    if (matched.session?.half !== 'entry') return [];
    const { name } = matched.session;
    const partner = programs.findIndex(
      (other) => other.matched.session?.name === name && other.matched.session.half === 'return',
    );
    return [
      {
        name,
        section: matched.shape.section,
        entry: `p${i}`,
        return: `p${partner}`,
        at: matched.attachPoint.span.start,
      },
    ];
  });
  if (sessions.length === 0) return;
  c.line('');
  const argument = takesContext(world);
  c.line(`extern _Bool ${question}(${argument ? 'void *ctx' : 'void'}) SEC(".ksyms");`);
  for (const session of sessions) {
    c.line('');
    c.at(session.at);
    // The result of the entry tells the kernel whether the return is wanted: always.
    c.block(`SEC("${session.section}") int ${session.name}(u64 *ctx)`, () => {
      c.line(`if (${question}(${argument ? 'ctx' : ''}))`);
      c.line(`\t${session.return}(ctx);`);
      c.line('else');
      c.line(`\t${session.entry}(ctx);`);
      c.line('return 0;');
    });
  }
}

const question = 'bpf_session_is_return';

/** Newer kernels want to be told whose return. */
function takesContext(world: World): boolean {
  const prototype = world.functionTypes()?.prototype(coreKernel, question);
  return prototype !== undefined && prototype.parameters.length > 0;
}
