/** Programs whose loads the verifier rejects are loaded with helper calls instead. */
import { expect, test } from 'vitest';
import { type LoadedObject, type LoadOptions, RuntimeFailure } from '../../runtime/bpf.ts';
import { loadWithTypedReads } from '../../runtime/libbpf/typed-reads.ts';

const options: LoadOptions = { params: new Uint8Array(40), logSize: 1, verifierLog: false, ringBytes: 4096 };
const unused = (): never => {
  throw new Error('not asked for');
};
const loaded: LoadedObject = {
  verifierLogs: new Map(),
  program: unused,
  map: unused,
  sharedWords: unused,
  ring: unused,
  close: () => undefined,
};

/** What `typed_reads` was at each attempt. */
function attempts(typedReads: boolean, failures: readonly (RuntimeFailure | undefined)[]): readonly number[] {
  const tried: number[] = [];
  const load = ({ params }: LoadOptions): LoadedObject => {
    const failure = failures[tried.length];
    tried.push(new DataView(params.buffer).getUint32(32, true));
    if (failure !== undefined) throw failure;
    return loaded;
  };
  try {
    loadWithTypedReads({ typedReads }, options, load);
  } catch (failure) {
    if (!(failure instanceof RuntimeFailure)) throw failure;
    tried.push(-1);
  }
  return tried;
}

const rejected = new RuntimeFailure('rejected', { errno: 13, log: 'access beyond struct file' });

test('loads are tried first, and only where there are some', () => {
  expect(attempts(true, [])).toEqual([1]);
  expect(attempts(false, [])).toEqual([0]);
});

test('helper calls are the answer to the verifier, and to nothing else', () => {
  expect(attempts(true, [rejected])).toEqual([1, 0]);
  expect(attempts(true, [rejected, rejected])).toEqual([1, 0, -1]);
  expect(attempts(true, [new RuntimeFailure('no memory', { errno: 12 })])).toEqual([1, -1]);
});
