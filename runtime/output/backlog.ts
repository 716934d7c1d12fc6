/**
 * What results and remarks together could not hand over yet, for the session: while there is some it takes no events
 * from the ring, which fills up, and the kernel counts what is lost.
 */
import type { HeldSink } from './output.ts';

export interface Backlog {
  readonly blocked: boolean;
  /** Bytes that wait; fewer after a retry() that got on. */
  readonly bytes: number;
  /** Tries again for a moment. Throws SinkClosed and SinkFailed. */
  retry(): void;
  /** Drops what waits, and all that is written later to where it waits. */
  discard(): void;
}

/** Results leave before remarks. */
export function backlogOf(results: HeldSink, remarks: HeldSink): Backlog {
  return {
    get blocked() {
      return results.blocked || remarks.blocked;
    },
    get bytes() {
      return results.heldBytes + remarks.heldBytes;
    },
    retry: () => {
      results.flush();
      if (!results.blocked) remarks.flush();
    },
    discard: () => {
      if (results.blocked) {
        results.discard();
        // Remarks may have waited for the results only.
        remarks.flush();
      }
      if (remarks.blocked) remarks.discard();
    },
  };
}
