/**
 * Waiting for a descriptor without blocking JavaScript: epoll_wait(2) on a thread of the pool, with an event fd that
 * ends the wait. A process cannot exit while a pool thread waits (tried), so `close()` always ends a pending wait,
 * and the descriptors are closed when the thread is back.
 */
import { RuntimeFailure } from '../bpf.ts';
import { native } from './native.ts';

export class DescriptorWait {
  readonly #epoll: number;
  readonly #wakeup: number;
  readonly #descriptor: number;
  readonly #events = native().allocate(64);
  #pending: Promise<boolean> | undefined;
  #closed = false;

  /** `descriptor` stays the caller's and must outlive this object. */
  constructor(descriptor: number) {
    const c = native();
    this.#descriptor = descriptor;
    this.#epoll = check(c.epollCreate(), 'epoll_create1');
    this.#wakeup = check(c.eventFd(), 'eventfd');
    check(c.epollAdd(this.#epoll, descriptor), 'epoll_ctl');
    check(c.epollAdd(this.#epoll, this.#wakeup), 'epoll_ctl');
  }

  /** True when the descriptor is readable; false after `wake()` or `timeoutMs`. One wait at a time. */
  wait(timeoutMs: number): Promise<boolean> {
    if (this.#closed) return Promise.resolve(false);
    this.#pending ??= new Promise((resolve) => {
      native().epollWait(this.#epoll, this.#events, timeoutMs, (ready) => {
        this.#pending = undefined;
        const readable = ready.includes(this.#descriptor);
        if (this.#closed) this.#release();
        else native().clearEventFd(this.#wakeup);
        resolve(readable);
      });
    });
    return this.#pending;
  }

  /** Ends the pending wait; without one the next wait returns at once. */
  wake(): void {
    if (!this.#closed) native().signalEventFd(this.#wakeup);
  }

  close(): void {
    if (this.#closed) return;
    this.wake();
    this.#closed = true;
    if (this.#pending === undefined) this.#release();
  }

  #release(): void {
    native().close(this.#epoll);
    native().close(this.#wakeup);
    this.#events.free();
  }
}

function check(result: number, what: string): number {
  if (result < 0) throw new RuntimeFailure(`${what}: ${native().errorText(-result)}`, { errno: -result });
  return result;
}
