/**
 * `npm run bench [-- --rows a,b --runs N --json FILE]`: ebtrace beside the peer (command in EBTRACE_BENCH_PEER, for
 * example `../shared/tools/peer bpftrace`), same work, alternating, in one run. Prints medians and the ratios ebtrace /
 * peer (median, min-max) and writes everything as JSON (default .cache/bench-results.json). Times wander from run to
 * run on a shared machine; ratios of neighbouring measurements hold. Rows that need kprobes are measured when they are named;
 * on a machine without kprobes that happens in a guest (test/vm/vm-run, `--kernel K`), both tools under one boot: its times
 * are those of an emulated processor, its ratios hold. Needs root. Exit status 1 when a measurement
 * failed; a target that was missed is shown, not a failure.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, release, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { buildWorkload, interruptAll, runTool } from '../test/bench/measure.mjs';
import { rows } from '../test/bench/rows.mjs';
import { root, setupOrExit } from './setup.mjs';

const { values: options } = parseArgs({
  options: {
    rows: {
      type: 'string',
      default: rows
        .filter((row) => !row.kprobes)
        .map((row) => row.id)
        .join(','),
    },
    runs: { type: 'string', default: '5' },
    kernel: { type: 'string', default: '6.12' },
    json: { type: 'string', default: join(root, '.cache/bench-results.json') },
  },
});
const runs = Number(options.runs);
const named = options.rows.split(',').map((id) => rows.find((row) => row.id === id) ?? fail(`there is no row '${id}'`));
/** The perf event source of kprobes. */
const hasKprobes = existsSync('/sys/bus/event_source/devices/kprobe');
const guestRows = named.filter((row) => row.kprobes && !hasKprobes);
const wanted = named.filter((row) => !guestRows.includes(row));
if (!Number.isInteger(runs) || runs < 1) fail(`--runs takes a number from 1, not '${options.runs}'`);
if (process.getuid?.() !== 0) fail('needs root: sudo npm run bench');

await setupOrExit();
const folder = mkdtempSync(join(tmpdir(), 'ebtrace-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
process.on('SIGINT', () => {
  interruptAll();
  process.exit(130);
});

const tools = [{ name: 'ebtrace', command: [join(root, 'bin/ebtrace')], wrapperMs: 0 }];
const peerCommand = (process.env.EBTRACE_BENCH_PEER ?? '').split(' ').filter(Boolean);
if (peerCommand.length > 0) tools.push(await peerTool(peerCommand));
const context = { folder, workload: buildWorkload(root, folder), times: join(folder, 'times') };

const lines = [];
let failed = false;
for (const row of wanted) {
  try {
    const samples = await alternate(row, Math.min(runs, row.mostRuns ?? runs));
    for (const line of row.lines) lines.push(summary(row, line, samples));
  } catch (error) {
    failed = true;
    process.stderr.write(`bench: row ${row.id}: ${error.message}\n`);
  }
}
const guest = guestRows.length === 0 ? undefined : measureInGuest();
if (guest !== undefined) {
  lines.push(...guest.lines);
  failed ||= guest.failed;
}
printTable(lines);
writeJson(lines);
process.exitCode = failed ? 1 : 0;

/** This very script, with the rows that the running kernel cannot carry. */
function measureInGuest() {
  const results = join(folder, 'guest.json');
  const vmRun = join(root, 'test/vm/vm-run');
  const boot = [
    '--kernel',
    options.kernel,
    '--timeout',
    '3600',
    '--icount',
    '--share',
    folder,
    '--env',
    'EBTRACE_BENCH_PEER',
  ];
  const rows = guestRows.map((row) => row.id).join(',');
  const script = [process.argv[1], '--rows', rows, '--runs', options.runs, '--json', results];
  // Its table comes with ours.
  const child = spawnSync(vmRun, [...boot, '--', process.execPath, ...script], { stdio: ['ignore', 'ignore', 2] });
  if (!existsSync(results)) return { lines: [], failed: true };
  const { machine, lines } = JSON.parse(readFileSync(results, 'utf8'));
  return { machine, lines, failed: child.status !== 0 };
}

/** samples[i][tool name]: what round i measured; every other round starts with the other tool. */
async function alternate(row, rounds) {
  const samples = [];
  for (let round = 0; round < rounds; round++) {
    const sample = {};
    for (const tool of round % 2 === 0 ? tools : tools.toReversed()) {
      process.stderr.write(`bench: row ${row.id}, round ${round + 1} of ${rounds}, ${tool.name}\n`);
      sample[tool.name] = await row.measure(tool, context);
    }
    samples.push(sample);
  }
  return samples;
}

/** A wrapper such as tools/peer takes time of its own, which is not the peer's fault: measured and subtracted. */
async function peerTool(command) {
  const name = command.at(-1).split('/').at(-1);
  const wrapper = command.slice(0, -1);
  if (wrapper.length === 0) return { name, command, wrapperMs: 0 };
  const times = [];
  for (let run = 0; run < 9; run++) {
    const { started, ended } = await runTool(wrapper, ['true']);
    times.push(ended - started);
  }
  return { name, command, wrapperMs: median(times) };
}

function summary(row, line, samples) {
  const values = Object.fromEntries(tools.map(({ name }) => [name, samples.map((sample) => sample[name][line.key])]));
  const [ours, peer] = tools.map(({ name }) => values[name]);
  const ratios = peer === undefined || line.target === undefined ? [] : ours.map((value, index) => value / peer[index]);
  const ratio =
    ratios.length === 0 ? undefined : { median: median(ratios), min: Math.min(...ratios), max: Math.max(...ratios) };
  return {
    row: row.id,
    ...line,
    name: line.name.trim(),
    label: line.name,
    values,
    ratio,
    reached: isReached(line, ours, ratio),
  };
}

function isReached(line, ours, ratio) {
  if (line.limit !== undefined) return Math.max(...ours) <= line.limit;
  if (ratio === undefined) return undefined;
  return line.higher ? ratio.median >= line.target : ratio.median <= line.target;
}

function printTable(lines) {
  const header = ['row', 'what', ...tools.map(({ name }) => name), 'ratio (min-max)', 'target', ''];
  const body = lines.map((line) => [
    line.row,
    line.label,
    ...tools.map(({ name }) => `${number(median(line.values[name]))} ${line.unit}`.trim()),
    line.ratio === undefined
      ? ''
      : `${line.ratio.median.toFixed(2)} (${line.ratio.min.toFixed(2)}-${line.ratio.max.toFixed(2)})`,
    line.limit !== undefined ? `${line.limit}` : `${line.higher ? '>=' : '<='} ${line.target}`,
    line.reached === undefined ? '' : line.reached ? 'reached' : 'MISSED',
  ]);
  const table = [header, ...body];
  const widths = header.map((_, column) => Math.max(...table.map((cells) => cells[column].length)));
  for (const cells of table) {
    console.log(
      cells
        .map((cell, column) => (column < 2 ? cell.padEnd(widths[column]) : cell.padStart(widths[column])))
        .join('  ')
        .trimEnd(),
    );
  }
  const peer = tools[1];
  if (peer === undefined) console.log('no peer: set EBTRACE_BENCH_PEER to a bpftrace command for the ratios');
  else if (peer.wrapperMs > 0)
    console.log(`times of ${peer.name} are without the ${number(peer.wrapperMs)} ms that its wrapper takes`);
}

function writeJson(lines) {
  const machine = { kernel: release(), cpus: cpus().length, cpu: cpus()[0]?.model, node: process.version };
  const peer = tools[1] === undefined ? undefined : { command: peerCommand, wrapperMs: tools[1].wrapperMs };
  const path = resolve(process.env.INIT_CWD ?? process.cwd(), options.json);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(
    path,
    `${JSON.stringify({ date: new Date().toISOString(), machine, guest: guest?.machine, peer, runs, lines }, undefined, 2)}\n`,
  );
  if (guest?.machine !== undefined)
    console.log(`rows ${guestRows.map(({ id }) => id)} in a guest with ${guest.machine.kernel}`);
  console.log(`written to ${path}`);
}

function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function number(value) {
  return value >= 100_000 ? `${(value / 1e6).toFixed(2)}M` : value >= 100 ? value.toFixed(0) : value.toFixed(1);
}

function fail(message) {
  process.stderr.write(`bench: ${message}\n`);
  process.exit(1);
}
