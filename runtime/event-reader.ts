/**
 * Takes events from the ring, and does what they ask for that takes time: commands of system(), and waiting for a
 * reader of the output that does not read. Meanwhile no event is looked at, the ring fills up and the kernel counts what
 * is lost; but signals are seen, so a run can always be stopped.
 */
import { setImmediate, setTimeout } from 'node:timers/promises';
import type { Diagnostic } from '../grammar/diagnostic.ts';
import type { EventRing } from './bpf.ts';
import { startSystem } from './child.ts';
import { uptimeMs } from './clock.ts';
import type { Backlog } from './output/backlog.ts';
import { type Output, SinkClosed } from './output/output.ts';
import { SinkFailed } from './output/sink.ts';
import type { Stop } from './stop.ts';

export interface EventReaderDeps {
  readonly ring: Pick<EventRing, 'drain'>;
  /** What becomes of a record; false when no other may follow yet. */
  readonly handle: Parameters<EventRing['drain']>[0];
  readonly output: Pick<Output, 'flush' | 'text'>;
  readonly backlog: Backlog;
  readonly report: (diagnostic: Diagnostic) => void;
  readonly stop: Pick<Stop, 'requested' | 'reason' | 'isHurried'>;
}

/** A look at the ring ends after so long when events ask for slow things, so that signals are seen. */
const LOOK_MS = 50;
/** After a signal, a reader who takes nothing for so long is not waited for. */
const READER_GRACE_MS = 200;
/** After a signal, a system() that runs has so long to end by itself. */
const COMMAND_GRACE_MS = 1000;

export class EventReader {
  readonly #deps: EventReaderDeps;
  readonly #handle: EventReaderDeps['handle'];
  /** The system() that is to be run before the next event. */
  #command: string | undefined;
  #dropsCommands = false;
  #droppedCommands = 0;
  #lookEnds = 0;

  constructor(deps: EventReaderDeps) {
    const { handle, backlog } = deps;
    this.#deps = deps;
    this.#handle = (view, offset, length) => handle(view, offset, length) && !backlog.blocked;
  }

  /** False when the look that is under way has taken long enough; asked after actions, which may be slow. */
  get hasTime(): boolean {
    return uptimeMs() < this.#lookEnds;
  }

  /** Handles records for a while, and does what they ask for. Returns their number. Throws what the output throws. */
  async look(): Promise<number> {
    this.#lookEnds = uptimeMs() + LOOK_MS;
    const records = this.#deps.ring.drain(this.#handle);
    if (this.#command !== undefined) await this.#runCommand(this.#command);
    await this.handOver();
    return records;
  }

  /** All that is left in the ring, when nothing is added any more. A further signal while it lasts drops the rest. */
  async drainLast({ dropCommands }: { readonly dropCommands: boolean }): Promise<void> {
    this.#dropsCommands = dropCommands;
    while ((await this.look()) > 0) {
      await setImmediate();
      if (this.#deps.stop.isHurried) this.dropAll();
    }
    this.#dropsCommands = false;
    this.#reportDroppedCommands();
  }

  dropAll(): void {
    while (this.#deps.ring.drain(() => true) > 0);
  }

  /** Returns when the output has no backlog: it was written, or given up after a signal. */
  async handOver(): Promise<void> {
    const { backlog, stop, report } = this.#deps;
    let left = backlog.bytes;
    let movedAt = uptimeMs();
    while (backlog.blocked) {
      await setImmediate();
      if (backlog.bytes < left) movedAt = uptimeMs();
      left = backlog.bytes;
      const isStuck = stop.reason === 'signal' && uptimeMs() - movedAt > READER_GRACE_MS;
      if (isStuck || stop.isHurried) {
        backlog.discard();
        report(outputDropped);
        return;
      }
      backlog.retry();
    }
  }

  /** The same for what was reported after the results had failed, or been finished. */
  async handOverRemarks(): Promise<void> {
    try {
      await this.handOver();
    } catch (failure) {
      // Told already, or nobody to tell.
      if (!(failure instanceof SinkClosed || failure instanceof SinkFailed)) throw failure;
    }
  }

  /** False: the command has to be run before the next event. */
  queueCommand(command: string): boolean {
    if (this.#dropsCommands || this.#deps.stop.isHurried) {
      this.#droppedCommands++;
      return true;
    }
    this.#command = command;
    return false;
  }

  /** Ctrl-C at a terminal reaches the command too. With other signals it gets a moment, and the second one ends it. */
  async #runCommand(command: string): Promise<void> {
    const { output, stop } = this.#deps;
    this.#command = undefined;
    // What was printed before is shown before, should the command write to the terminal itself.
    output.flush();
    await this.handOver();
    const startedBeforeStop = !stop.requested;
    const running = startSystem(command);
    let text: string | undefined;
    let stoppedAt: number | undefined;
    while (text === undefined) {
      text = await Promise.race([running.printed, setTimeout(LOOK_MS, undefined)]);
      if (startedBeforeStop && stop.reason === 'signal') stoppedAt ??= uptimeMs();
      const isOverdue = stoppedAt !== undefined && uptimeMs() - stoppedAt > COMMAND_GRACE_MS;
      if (text === undefined && (isOverdue || stop.isHurried)) running.end();
    }
    output.text('syscall', text);
  }

  #reportDroppedCommands(): void {
    const count = this.#droppedCommands;
    this.#droppedCommands = 0;
    if (count === 0) return;
    const calls = count === 1 ? 'one call of system() was' : `${count} calls of system() were`;
    const message = `The run was stopped: ${calls} waiting and not run`;
    this.#deps.report({ severity: 'warning', code: 'system-dropped', message });
  }
}

const outputDropped: Diagnostic = {
  severity: 'warning',
  code: 'output-dropped',
  message: 'The reader of the output does not read: what it had not taken when the run was stopped is lost',
};
