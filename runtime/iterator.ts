/**
 * Iterators of a session: they advance between two looks at the event ring, a few objects at a time, so that the ring never
 * overflows. When they have come to their end the run is over; one that is pinned only has to be told about.
 */
import type { ProbePlan } from '../src/program/program.ts';
import type { LinkStack } from './attach.ts';

export class Iteration {
  /** The script has an iterator: the run does not wait for anything else. */
  readonly isAll: boolean;
  /** Where pinned iterators are. */
  readonly paths: readonly string[];
  #steps: readonly (() => boolean)[];

  constructor(links: Pick<LinkStack, 'steps'>, probes: readonly ProbePlan[]) {
    this.#steps = links.steps();
    this.isAll = probes.some(({ attach }) => attach.kind === 'iterator');
    this.paths = probes.flatMap(({ attach }) =>
      attach.kind === 'iterator' && attach.pin !== undefined ? [attach.pin] : [],
    );
  }

  /** Runs the programs for the next few objects; false when there are none. Throws RuntimeFailure. */
  advance(): boolean {
    this.#steps = this.#steps.filter((step) => step());
    return this.#steps.length > 0;
  }
}
