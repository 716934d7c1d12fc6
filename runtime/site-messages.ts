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
    'loop-limit': () => ({
      type: 'runtime_error',
      message: 'The loop was ended after 8388608 rounds, the most that the kernel allows.',
    }),
    'lost-event': undefined,
  };

function failedHelper(returnCode: number, errorText: ErrorText): SiteMessage {
  return { type: 'helper_error', message: errorText(Math.abs(returnCode)) };
}
