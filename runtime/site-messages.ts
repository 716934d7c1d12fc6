/** What went wrong at a place of the script, in words: one row per kind of site. */
import type { SiteKind, SitePlan } from '../src/program/program.ts';

export interface SiteMessage {
  readonly type: 'helper_error' | 'runtime_error';
  readonly message: string;
  readonly hint?: string;
}

/** Positive errno -> words. */
type ErrorText = (errno: number) => string;

/** Undefined for `lost-event`, which is reported as a number of events and not at a place. */
export function siteMessage(site: SitePlan, returnCode: number, errorText: ErrorText): SiteMessage | undefined {
  return messages[site.kind]?.(returnCode, errorText);
}

const E2BIG = 7;
const EEXIST = 17;

const messages: { readonly [K in SiteKind]: ((returnCode: number, errorText: ErrorText) => SiteMessage) | undefined } =
  {
    'map-full': (returnCode, errorText) => ({
      type: 'helper_error',
      message:
        returnCode === -E2BIG || returnCode === 0
          ? 'Map full; this element is not stored.'
          : `Map element not stored: ${errorText(-returnCode)}`,
      hint: 'raise the config option max_map_keys, or give this map its own size: let @name = hash(10000);',
    }),
    'map-delete': () => ({
      type: 'helper_error',
      message: "Can't delete map element because it does not exist.",
    }),
    'map-lookup': () => ({
      type: 'helper_error',
      message: "Can't look up map element because it does not exist.",
    }),
    'probe-read': failedHelper,
    helper: failedHelper,
    'divide-by-zero': () => ({
      type: 'runtime_error',
      message: 'Division or modulo by 0; 1 is used as the result.',
    }),
    'array-bounds': () => ({
      type: 'runtime_error',
      message: 'Array index out of bounds; the result is 0.',
    }),
    'cpid-zero': () => ({
      type: 'runtime_error',
      message: 'cpid is 0: no command was started with -c.',
    }),
    'no-process': (pid) => ({
      type: 'runtime_error',
      message: `There is no process ${pid}; its name is N/A.`,
    }),
    stack: (returnCode, errorText) => ({
      type: 'helper_error',
      message: `Error reading kstack: ${errorText(-returnCode)}. The stack is left empty.`,
    }),
    'stack-table': (returnCode, errorText) => ({
      type: 'helper_error',
      ...(returnCode === -EEXIST
        ? { message: 'Two different stacks have the same hash; one of them is left empty.' }
        : {
            message:
              returnCode === -E2BIG
                ? 'Too many different stacks at a time; this one is left empty.'
                : `Stack not stored: ${errorText(-returnCode)}. It is left empty.`,
            hint: 'raise the config option max_map_keys, which counts stacks too',
          }),
    }),
    'loop-limit': (rounds) => ({
      type: 'runtime_error',
      ...(rounds === 0
        ? { message: 'The loop was ended after 8388608 rounds, the most that the kernel allows.' }
        : {
            message: `The loop was ended after ${rounds} rounds; this kernel has to check each of them in advance.`,
            hint: 'a shorter body allows more, as do literal ends of a range (for ($i : 0..500)), or less work in each run of the probe; bpf_loop (Linux 5.17) does 8388608',
          }),
    }),
    nested: () => ({
      type: 'runtime_error',
      message: 'The probe was hit while a body ran on the same CPU; it is left out.',
      hint: 'such a probe cannot see what its own script, or another probe of it, does with locks',
    }),
    'lost-event': undefined,
  };

function failedHelper(returnCode: number, errorText: ErrorText): SiteMessage {
  return { type: 'helper_error', message: errorText(Math.abs(returnCode)) };
}
