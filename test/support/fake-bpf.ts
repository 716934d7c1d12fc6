/**
 * A kernel made of arrays, behind the interface Bpf. It keeps a journal of what was asked of it; tests push ring
 * records, fill maps, and give programs bodies.
 */
import {
  type AttachOptions,
  type Bpf,
  type BpfLink,
  type BpfMap,
  type BpfProgram,
  type EventRing,
  type LoadedObject,
  type LoadOptions,
  type MapEntries,
  type ProgramCounts,
  type RepeatedRun,
  RuntimeFailure,
} from '../../runtime/bpf.ts';
import type { ProbePlan, Program } from '../../src/program/program.ts';

export class FakeMap implements BpfMap {
  readonly keySize: number;
  readonly valueSize: number;
  readonly copies: number;
  readonly maxEntries = 4096;
  readonly #entries = new Map<string, Uint8Array>();

  constructor(keySize: number, valueSize: number, copies = 1) {
    this.keySize = keySize;
    this.valueSize = valueSize;
    this.copies = copies;
  }

  lookup(key: Uint8Array): Uint8Array | undefined {
    return this.#entries.get(Buffer.from(key).toString('hex'))?.slice();
  }

  update(key: Uint8Array, value: Uint8Array): void {
    if (key.length !== this.keySize || value.length !== this.valueSize * this.copies) {
      throw new Error(
        `map of ${this.keySize}/${this.valueSize * this.copies} given ${key.length}/${value.length} bytes`,
      );
    }
    this.#entries.set(Buffer.from(key).toString('hex'), value.slice());
  }

  delete(key: Uint8Array): boolean {
    return this.#entries.delete(Buffer.from(key).toString('hex'));
  }

  entries(): MapEntries {
    const keys = [...this.#entries.keys()].map((key) => Buffer.from(key, 'hex'));
    return {
      count: keys.length,
      keys: new Uint8Array(Buffer.concat(keys)),
      values: new Uint8Array(Buffer.concat([...this.#entries.values()])),
    };
  }
}

export class FakeRing implements EventRing {
  readonly #records: Uint8Array[] = [];
  #resolve: () => void = () => undefined;

  push(record: Uint8Array): void {
    this.#records.push(record);
    this.#resolve();
  }

  wait(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.#resolve = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  wake(): void {
    this.#resolve();
  }

  drain(handler: (view: DataView, offset: number, length: number) => boolean): number {
    let count = 0;
    for (let record = this.#records.shift(); record !== undefined; record = this.#records.shift()) {
      count++;
      const view = new DataView(record.buffer, record.byteOffset, record.byteLength);
      if (!handler(view, 0, record.length)) break;
    }
    return count;
  }

  close(): void {
    this.#resolve();
  }
}

export interface FakeBehaviour {
  /** Body of a program that is run (begin, end, signal). */
  readonly run?: (program: string, object: FakeObject) => void;
  /** Result of a test or a benchmark. */
  readonly repeat?: (program: string, times: number, object: FakeObject) => RepeatedRun;
  /** Objects that an iterator goes through in one step each: the body is `run`. */
  readonly objects?: number;
  /** Called before each attach; may throw RuntimeFailure. */
  readonly attach?: (plan: ProbePlan, object: FakeObject) => void;
  /** Thrown by load(). */
  readonly rejection?: RuntimeFailure;
  /** What the kernel has counted about a program, and about its links. */
  readonly counts?: (program: string) => ProgramCounts;
  readonly missed?: (program: string) => bigint;
  readonly maps?: Readonly<Record<string, FakeMap>>;
}

export class FakeObject implements LoadedObject {
  readonly verifierLogs = new Map<string, string>();
  readonly events = new FakeRing();
  /** stop, exit requested, exit code, busy */
  readonly control = new Uint32Array(6);
  readonly journal: string[];
  readonly #behaviour: FakeBehaviour;
  readonly #maps: Map<string, FakeMap>;
  attached = 0;

  constructor(behaviour: FakeBehaviour, journal: string[]) {
    this.#behaviour = behaviour;
    this.journal = journal;
    this.#maps = new Map(Object.entries({ eb_sites: new FakeMap(4, 16, 2), ...behaviour.maps }));
  }

  map(symbol: string): FakeMap {
    const map = this.#maps.get(symbol);
    if (map === undefined) throw new Error(`no map ${symbol}`);
    return map;
  }

  sharedWords(section: string): Uint32Array {
    if (section !== '.data.eb_control') throw new Error(`no section ${section}`);
    return this.control;
  }

  program(name: string): BpfProgram {
    return {
      name,
      run: () => {
        this.journal.push(`run ${name}`);
        this.#behaviour.run?.(name, this);
        return 0;
      },
      repeat: (times: number): RepeatedRun => {
        this.journal.push(`repeat ${name} ${times}`);
        return this.#behaviour.repeat?.(name, times, this) ?? { result: 0, averageNs: 100 };
      },
      counts: () => this.#behaviour.counts?.(name) ?? { runs: 0n, runTime: 0n, recursionMisses: 0n },
      attach: (plan: ProbePlan, _options: AttachOptions): BpfLink => {
        this.#behaviour.attach?.(plan, this);
        const targets = 'targets' in plan.attach ? plan.attach.targets.map((target) => target.name).join() : '';
        const label = `${name}${targets === '' ? '' : ` ${targets}`}`;
        this.journal.push(`attach ${label}`);
        this.attached++;
        let open = true;
        let left = this.#behaviour.objects ?? 0;
        const step = (): boolean => {
          if (left-- <= 0) return false;
          this.#behaviour.run?.(name, this);
          return true;
        };
        return {
          ...(plan.attach.kind === 'iterator' && plan.attach.pin === undefined ? { step } : {}),
          count: 1,
          descriptors: [this.attached],
          missed: () => this.#behaviour.missed?.(name),
          close: () => {
            if (!open) return;
            open = false;
            this.attached--;
            this.journal.push(`detach ${label}`);
          },
        };
      },
    };
  }

  ring(): FakeRing {
    return this.events;
  }

  close(): void {
    this.journal.push('close');
  }

  /** What exit() leaves in the control section. */
  requestExit(code: number): void {
    this.control.set([1, code], 1);
  }
}

export class FakeBpf implements Bpf {
  readonly journal: string[] = [];
  readonly #behaviour: FakeBehaviour;
  object: FakeObject | undefined;
  params: Uint8Array | undefined;

  constructor(behaviour: FakeBehaviour = {}) {
    this.#behaviour = behaviour;
  }

  countRuns(): { close(): void } {
    this.journal.push('count runs');
    return { close: () => void this.journal.push('count no more') };
  }

  load(_program: Program, options: LoadOptions): LoadedObject {
    this.journal.push('load');
    this.params = options.params;
    if (this.#behaviour.rejection !== undefined) throw this.#behaviour.rejection;
    this.object = new FakeObject(this.#behaviour, this.journal);
    return this.object;
  }
}

export function attachFailure(what: string, errno: number): RuntimeFailure {
  return new RuntimeFailure(what, { errno });
}
