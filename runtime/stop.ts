/**
 * Why a session ends, first come first served, and the signals that make it end. Whoever waits is woken by `onStop`.
 */
export type StopReason = 'exit' | 'signal' | 'process-ended' | 'nothing-left';

export type SessionSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'SIGUSR1';

/** `process` is one. */
export interface SignalSource {
  on(signal: SessionSignal, listener: () => void): unknown;
  off(signal: SessionSignal, listener: () => void): unknown;
}

export class Stop {
  #reason: StopReason | undefined;
  #isHurried = false;
  #triggered = false;
  #wake: () => void = () => undefined;
  readonly #removers: (() => void)[] = [];

  constructor(signals: SignalSource) {
    const listen = (signal: SessionSignal, listener: () => void): void => {
      signals.on(signal, listener);
      this.#removers.push(() => signals.off(signal, listener));
    };
    const interrupt = (): void => {
      if (this.requested) this.#isHurried = true;
      this.request('signal');
    };
    listen('SIGINT', interrupt);
    listen('SIGTERM', interrupt);
    // The terminal is gone, the results need not be: they may go to a file.
    listen('SIGHUP', interrupt);
    listen('SIGUSR1', () => {
      this.#triggered = true;
      this.#wake();
    });
  }

  get reason(): StopReason | undefined {
    return this.#reason;
  }

  get requested(): boolean {
    return this.#reason !== undefined;
  }

  /** A signal came while the session was ending already: its user does not want to wait. */
  get isHurried(): boolean {
    return this.#isHurried;
  }

  request(reason: StopReason): void {
    this.#reason ??= reason;
    this.#wake();
  }

  /** True once after each SIGUSR1 (several that come together count as one). */
  takeTrigger(): boolean {
    const triggered = this.#triggered;
    this.#triggered = false;
    return triggered;
  }

  /** `wake` ends whatever the session waits for. */
  onStop(wake: () => void): void {
    this.#wake = wake;
  }

  close(): void {
    this.#wake = () => undefined;
    for (const remove of this.#removers.splice(0)) remove();
  }
}
