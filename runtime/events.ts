/**
 * Ring record -> handler of its call site -> Action. Handlers come from the builtin registry and are built once per
 * call site, so this is the whole per-event work beside theirs.
 */
import type { Action } from '../src/program/action.ts';
import type { EventPlan } from '../src/program/program.ts';

/**
 * User space's side of one call site. `offset` is the start of the record's header {u32 id; u32 length of the tail}.
 * A returned string is finished output of type `printf`; undefined means nothing to do.
 */
export type EventHandler = (view: DataView, offset: number, length: number) => Action | string | undefined;

/** What the session does with results. */
export interface ActionSink {
  print(text: string): void;
  /** False ends the run: later events are dropped. */
  perform(action: Action, event: EventPlan): boolean;
}

/** For EventRing.drain(). `handlers[id]` belongs to `events[id]`. */
export function dispatcher(
  events: readonly EventPlan[],
  handlers: readonly EventHandler[],
  sink: ActionSink,
): (view: DataView, offset: number, length: number) => boolean {
  return (view, offset, length) => {
    const id = view.getUint32(offset, true);
    const handler = handlers[id];
    const event = events[id];
    if (handler === undefined || event === undefined) throw new Error(`event record with unknown id ${id}`);
    const result = handler(view, offset, length);
    if (result === undefined) return true;
    if (typeof result === 'string') {
      sink.print(result);
      return true;
    }
    return sink.perform(result, event);
  };
}
