/**
 * Does what a script asked of user space: prints, maps, files, commands. Returns false after an action that no other event
 * may follow yet: exit(), and a command that has to be waited for. Files are read when the action is due, bounded, and never waited for.
 */
import { closeSync, constants, openSync, readSync } from 'node:fs';
import type { SourceText } from '../grammar/source.ts';
import type { Action } from '../src/program/action.ts';
import type { EventPlan, MapPlan, Program } from '../src/program/program.ts';
import { assertNever } from '../src/types/type.ts';
import { systemError } from '../src/world/system-error.ts';
import type { BpfMap, LoadedObject } from './bpf.ts';
import { clearMap, dumpMap, type MapReading, zeroMap } from './maps.ts';
import type { Output } from './output/output.ts';
import { placeOf, type Warnings } from './sites.ts';

export interface ActionContext {
  readonly program: Program;
  readonly source: SourceText;
  readonly object: Pick<LoadedObject, 'map'>;
  readonly reading: MapReading;
  readonly output: Output;
  readonly warnings: Warnings;
  /** exit(code) was reached. */
  readonly onExit: (code: number) => void;
  /** system(command) was reached. False when it will be run now, before any other event is looked at. */
  readonly onSystem: (command: string) => boolean;
}

export function performAction(context: ActionContext, action: Action, event: EventPlan): boolean {
  const { output } = context;
  switch (action.kind) {
    case 'text':
      output.text(action.type, action.text);
      return true;
    case 'value':
      output.value(action.value);
      return true;
    case 'print-map': {
      const { plan, map } = mapOf(context, action.map);
      const { top, divisor } = action;
      const dump = dumpMap(plan, map, context.reading, { top, divisor, unset: 'zero' });
      if (dump !== undefined) output.map(dump);
      return true;
    }
    case 'clear-map': {
      const { plan, map } = mapOf(context, action.map);
      clearMap(plan, map);
      return true;
    }
    case 'zero-map': {
      const { plan, map } = mapOf(context, action.map);
      zeroMap(plan, map);
      return true;
    }
    case 'cat':
      printFile(context, action.path, event);
      return true;
    case 'system':
      return context.onSystem(action.command);
    case 'message':
      if (action.severity === 'error' || context.warnings !== 'none') {
        output.message(action.severity, action.text, placeOf(context.source, event.span), event.expansions);
      }
      return true;
    case 'exit':
      context.onExit(action.code);
      return false;
    default:
      return assertNever(action);
  }
}

function mapOf(context: ActionContext, name: string): { readonly plan: MapPlan; readonly map: BpfMap } {
  const plan = context.program.maps.find((entry) => entry.name === name);
  if (plan === undefined) throw new Error(`event for unknown map ${name}`);
  return { plan, map: context.object.map(plan.symbol) };
}

function printFile(context: ActionContext, path: string, event: EventPlan): void {
  try {
    context.output.text('cat', readStart(path, context.program.config.max_cat_bytes));
  } catch (failure) {
    const reason = systemError(failure);
    if (reason === undefined) throw failure;
    const text = `cat() cannot read '${path}': ${reason}`;
    context.output.message('error', text, placeOf(context.source, event.span));
  }
}

/** At most `limit` bytes, as a byte string. Opened without waiting, so a pipe without a writer is empty. */
function readStart(path: string, limit: number): string {
  const fd = openSync(Buffer.from(path, 'latin1'), constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const bytes = Buffer.alloc(limit);
    let length = 0;
    while (length < limit) {
      const got = readSync(fd, bytes, length, limit - length, null);
      if (got === 0) break;
      length += got;
    }
    return bytes.toString('latin1', 0, length);
  } finally {
    closeSync(fd);
  }
}
