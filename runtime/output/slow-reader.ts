/**
 * Writing to a descriptor whose reader may not read, without being kept: what a sink needs to know about pipes, sockets
 * and terminals. They are not made non-blocking, because that would hold for every process that shares them, such as the
 * shell. Instead poll(2) is asked first, and no more is written at once than is certain to find room then. Nothing is
 * certain with terminals, which are writable with a single byte free; they are opened anew, which makes a descriptor of
 * our own that need not block.
 */
import { constants, fstatSync, openSync } from 'node:fs';
import { isatty } from 'node:tty';
import { systemError } from '../../src/world/system-error.ts';

export interface SlowReader {
  /** Where to write to. */
  readonly fd: number;
  /** So many bytes can be written without being kept when `waitWritable` said so. */
  readonly pieceBytes: number;
  /** True when there is room, or nobody who reads any more, at the latest after `timeoutMs`. */
  waitWritable(timeoutMs: number): boolean;
}

/** pipe(7), PIPE_BUF: a pipe that is writable has a page free. Writable sockets have more room than that. */
const PIPE_BYTES = 4096;
/** n_tty.c, WAKEUP_CHARS: a terminal that is writable has fewer than so many bytes queued. */
const TERMINAL_BYTES = 256;

/** Undefined for files and devices, which take all that is written. `poll` is `Kernel.waitWritable`. */
export function slowReader(fd: number, poll: (fd: number, timeoutMs: number) => boolean): SlowReader | undefined {
  if (isatty(fd)) {
    const own = ownTerminal(fd);
    const pieceBytes = own === undefined ? TERMINAL_BYTES : PIPE_BYTES;
    return { fd: own ?? fd, pieceBytes, waitWritable: (timeoutMs) => poll(own ?? fd, timeoutMs) };
  }
  return isPipe(fd) ? { fd, pieceBytes: PIPE_BYTES, waitWritable: (timeoutMs) => poll(fd, timeoutMs) } : undefined;
}

/** Terminals that were opened anew, by the descriptor they were found at; kept until the process ends. */
const terminals = new Map<number, number | undefined>();

/** Undefined when we may not, as after su(1): the terminal belongs to somebody else then. */
function ownTerminal(fd: number): number | undefined {
  if (terminals.has(fd)) return terminals.get(fd);
  let own: number | undefined;
  try {
    own = openSync(`/proc/self/fd/${fd}`, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch (failure) {
    if (systemError(failure) === undefined) throw failure;
  }
  terminals.set(fd, own);
  return own;
}

function isPipe(fd: number): boolean {
  try {
    const stat = fstatSync(fd);
    return stat.isFIFO() || stat.isSocket();
  } catch (failure) {
    // Not open: the first write will tell.
    if (systemError(failure) === undefined) throw failure;
    return false;
  }
}
