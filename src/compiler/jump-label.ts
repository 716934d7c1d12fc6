/** A label of the C text that is there only when something jumps to it. */
import type { CWriter } from '../c/writer.ts';

export class JumpLabel {
  readonly #c: CWriter;
  readonly #prefix: string;
  #name: string | undefined;

  constructor({ c }: { readonly c: CWriter }, prefix: string) {
    this.#c = c;
    this.#prefix = prefix;
  }

  /** The name, for a `goto`. */
  use(): string {
    this.#name ??= this.#c.name(this.#prefix);
    return this.#name;
  }

  write(): void {
    if (this.#name !== undefined) this.#c.line(`${this.#name}:;`);
  }
}
