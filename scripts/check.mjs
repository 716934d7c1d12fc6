/**
 * `npm run check`: types, lint and format, architecture rules, side by side; prints the output of what failed and one
 * line each. Takes the time of the slowest, a few seconds.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { installPackages, root } from './setup.mjs';

const checks = [
  { name: 'types', command: 'node_modules/.bin/tsc', args: ['--noEmit', '-p', '.'] },
  { name: 'lint and format', command: 'node_modules/.bin/biome', args: ['check', '--error-on-warnings', '.'] },
  {
    name: 'architecture',
    command: 'node_modules/.bin/vitest',
    args: ['run', '--project', 'unit', 'test/architecture.test.ts'],
  },
];

installPackages();
const results = await Promise.all(checks.map(run));
for (const { name, ok, output, seconds } of results) {
  if (!ok) process.stdout.write(output.endsWith('\n') ? output : `${output}\n`);
  console.log(`check: ${name}: ${ok ? 'ok' : 'FAILED'} (${seconds.toFixed(1)} s)`);
}
process.exitCode = results.every(({ ok }) => ok) ? 0 : 1;

function run({ name, command, args }) {
  return new Promise((resolve) => {
    const started = performance.now();
    const child = spawn(join(root, command), args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NO_COLOR: '1' },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
    }
    const end = (ok) => resolve({ name, ok, output, seconds: (performance.now() - started) / 1000 });
    child.on('error', (error) => {
      output += `${error.message}\n`;
      end(false);
    });
    child.on('close', (code) => end(code === 0));
  });
}
