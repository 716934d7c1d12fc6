/**
 * How the session waits between two looks at the event ring. Seldom events wake it. While events pour in, programs are
 * told not to wake it (`eb_control.busy`), which costs them more than the event itself, and it looks every millisecond
 * instead. A record that is finished without a wake-up just when the flood ends is found by the look that follows, or
 * after `AFTERMATH_MS`.
 */
import { setImmediate, setTimeout } from 'node:timers/promises';
import type { EventRing } from './bpf.ts';
import type { Control } from './params.ts';

/** So many records at one look are a flood. */
const FLOOD = 64;
/** So many that the next look comes at once: at ten million events a second the smallest ring has room for 800 us. */
const TORRENT = 1024;
const LOOK_MS = 1;
/** So many looks in a row that found nothing end a flood. */
const CALM = 4;
const AFTERMATH_MS = 10;

export class Pace {
  readonly #ring: Pick<EventRing, 'wait'>;
  readonly #control: Pick<Control, 'setBusy'>;
  #busy = false;
  #empty = 0;
  #aftermath = false;

  constructor(ring: Pick<EventRing, 'wait'>, control: Pick<Control, 'setBusy'>) {
    this.#ring = ring;
    this.#control = control;
  }

  /** Waits after a look that found `records` for at most `timeoutMs`. */
  async pause(records: number, timeoutMs: number): Promise<void> {
    if (records >= FLOOD) this.#setBusy(true);
    this.#empty = records > 0 ? 0 : this.#empty + 1;
    if (this.#busy) {
      if (records >= TORRENT) await setImmediate();
      else if (this.#empty < CALM) await setTimeout(LOOK_MS);
      else this.#setBusy(false);
      return;
    }
    if (records > 0) {
      await setImmediate();
      return;
    }
    const limit = this.#aftermath ? Math.min(AFTERMATH_MS, timeoutMs) : timeoutMs;
    this.#aftermath = false;
    await this.#ring.wait(limit);
  }

  #setBusy(busy: boolean): void {
    if (busy === this.#busy) return;
    this.#busy = busy;
    this.#empty = 0;
    this.#aftermath = !busy;
    this.#control.setBusy(busy);
  }
}
