/** What `--help` says beside the options: how the program is called, the environment, examples. */
import { environmentRows } from './environment.ts';
import { optionFlags, optionNames, optionRow } from './options.ts';

export const usageLines = [
  '[options] FILE [ARGUMENT...]',
  'ebtrace [options] -e PROGRAM [ARGUMENT...]',
  'ebtrace [options] FILE [ARGUMENT...] -- --NAME=VALUE ... [ARGUMENT...]',
  'ebtrace -l [PATTERN | FILE]',
].join('\n       ');

/** `columns`: width of the text. */
export function helpEnd(columns: number): string {
  return `
FILE is a script; - reads it from stdin. Words behind it are its parameters $1, $2 ...; behind -- stand those that begin
with a dash, and the script's own options (getopt). On a terminal, ebtrace alone starts a prompt.

${refusedOptions(columns)}

Environment:
${environmentLines(columns)}
Options of the language (config = { ... }) are variables too: EBTRACE_MAX_MAP_KEYS=100000 ebtrace ...
${bpftraceNames(columns)}

Examples:
  ebtrace -e 'tracepoint:sched:sched_switch { @[args.prev_pid] = count(); }'
  ebtrace -l 'tracepoint:syscalls:*open*'
  ebtrace -lv 'struct path'
  ebtrace -c 'ls -l' -e 'tracepoint:syscalls:sys_enter_openat /pid == cpid/ { printf("%s\\n", str(args.filename)); }'
  ebtrace -f json -o counts.json -p 1234 counts.bt
  ebtrace slow.bt -- --threshold=10 --verbose`;
}

function refusedOptions(columns: number): string {
  const names = optionNames.map(optionRow).filter((row) => row.unavailable !== undefined);
  return wrapped(
    `Known from bpftrace and refused, each with the reason: ${names.map(optionFlags).join(', ')}.`,
    columns,
    0,
  );
}

function bpftraceNames(columns: number): string {
  const names = environmentRows.filter((row) => row.internal !== true).flatMap((row) => row.names.slice(1));
  const known = names.filter((name) => name.startsWith('BPFTRACE_'));
  return wrapped(
    `The names of bpftrace work as well: ${known.join(', ')}, and BPFTRACE_MAX_MAP_KEYS and so on.`,
    columns,
    0,
  );
}

/** Names in a column of their own; what they mean is wrapped beside them. */
function environmentLines(columns: number): string {
  const rows = environmentRows
    .filter((row) => row.internal !== true)
    .map(({ names, value, doc }): [string, string] => [names[0] ?? '', `${doc} (${value})`]);
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, text]) => `  ${name.padEnd(width)}  ${wrapped(text, columns, width + 4)}\n`).join('');
}

function wrapped(text: string, columns: number, indent: number): string {
  const room = Math.max(30, columns - indent);
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > room) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines.join(`\n${' '.repeat(indent)}`);
}
