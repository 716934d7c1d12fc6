/** What attachAll() does with links that have only some of their functions, and in which order it attaches. */
import { expect, test } from 'vitest';
import { attachAll, LinkStack } from '../../runtime/attach.ts';
import { type BpfLink, RuntimeFailure } from '../../runtime/bpf.ts';
import type { AttachSpec } from '../../src/program/attach-spec.ts';
import type { ProbePlan } from '../../src/program/program.ts';
import { probe } from '../support/small-program.ts';

function multi(at: 'entry' | 'return', newestFirst: boolean, names: readonly string[]): AttachSpec {
  return { kind: 'kprobe-multi', at, newestFirst, targets: names.map((name) => ({ name })) };
}

async function attach(probes: readonly ProbePlan[], missingProbes: string, leftOut?: BpfLink['leftOut']) {
  const order: string[] = [];
  const reported: string[] = [];
  const links = new LinkStack();
  const link: BpfLink = {
    count: 1,
    descriptors: [],
    missed: () => undefined,
    close: () => undefined,
    ...(leftOut === undefined ? {} : { leftOut }),
  };
  const result = await attachAll({
    links,
    object: {
      program: (name) => ({
        name,
        run: () => 0,
        repeat: () => ({ result: 0, averageNs: 0 }),
        counts: () => ({ runs: 0n, runTime: 0n, recursionMisses: undefined }),
        attach: () => {
          order.push(name);
          return link;
        },
      }),
    },
    probes,
    options: { pid: undefined, onlineCpus: [0], tracefs: undefined },
    missingProbes,
    report: ({ severity, code, message }) => reported.push(`${severity} ${code}: ${message}`),
    aborted: () => false,
  });
  return { result, order, reported, kept: links.size };
}

const gone = {
  failure: new RuntimeFailure('cannot attach kprobe:f_* to f_gone, f_went: the kernel has no such function', {
    errno: 3,
  }),
  targets: 2,
};
const three = [probe('p0', multi('entry', true, ['f_one', 'f_gone', 'f_went']))];

test('functions that a link could not have are counted out, and told as missing_probes says', async () => {
  const left = 'Cannot attach kprobe:f_* to f_gone, f_went: the kernel has no such function';
  expect(await attach(three, 'warn', gone)).toMatchObject({
    result: { ok: true, count: 1 },
    reported: [`warning probe-skipped: ${left}; they are left out.`],
  });
  expect(await attach(three, 'ignore', gone)).toMatchObject({ result: { ok: true, count: 1 }, reported: [] });
  // Whoever called closes the link.
  expect(await attach(three, 'error', gone)).toMatchObject({
    result: { ok: false },
    reported: [`error cannot-attach: ${left}`],
    kept: 1,
  });
});

test('what runs newest first is attached in reverse, after all else', async () => {
  const probes = [
    probe('entry1', multi('entry', true, ['f', 'g'])),
    probe('return1', multi('return', false, ['f', 'g'])),
    probe('entry2', multi('entry', true, ['f'])),
    probe('return2', multi('return', false, ['f'])),
  ];
  expect((await attach(probes, 'error')).order).toEqual(['return1', 'return2', 'entry2', 'entry1']);
});
