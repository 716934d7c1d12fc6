/** What the table of messages in the manual is made of: for each code a script that leads to it. */
export interface Example {
  readonly script: string;
  /** How the script is shown where its text would be too long to read. */
  readonly shown?: string;
  /** What it means, where the message alone does not say. */
  readonly about?: string;
  /** The hint names what is on this machine, so the manual leaves it out. */
  readonly localHint?: true;
  /** `--NAME=VALUE` of the script. */
  readonly named?: Readonly<Record<string, string>>;
  /** Files that can be imported. */
  readonly files?: Readonly<Record<string, string>>;
}

/** By code. A script alone stands for `{ script }`. */
export type Examples = Readonly<Record<string, string | Example>>;
