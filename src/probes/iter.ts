/**
 * `iter:KIND` and `iter:KIND:PATH`: runs once for each object of a kind that the kernel holds (tasks, open files, maps ...).
 * Kinds are what the kernel's BTF has a `struct bpf_iter__KIND` of, which is the context. Without a path the runtime reads the
 * iterator to its end (runtime/iterator.ts); with one it is left in the BPF file system, and every reader of that file runs
 * it: its printf() is formatted by the kernel then.
 */
import { closest } from '../../grammar/suggest.ts';
import type { AttachSpec } from '../program/attach-spec.ts';
import { glob } from '../world/glob.ts';
import type { World } from '../world/world.ts';
import { hasPartCount } from './parts.ts';
import type { Explanation, ListedProbe, ProbeKind } from './probe-kind.ts';

const prefix = 'bpf_iter__';
/** Names of the verifier's own, no kinds. */
const suffix = '__safe_trusted';
/** Member of every context: the file that is read, and the number of the object. */
const meta = 'meta';

/** They go through the elements of one map, which an attach point cannot name. */
const wantMap: readonly string[] = ['bpf_map_elem', 'bpf_sk_storage_map', 'sockmap'];

const bpfFileSystem = '/sys/fs/bpf';
const syntax = ['iter:KIND', 'iter:KIND:PATH'];

export const iter: ProbeKind = {
  name: 'iter',
  aliases: ['it'],
  doc: {
    summary:
      'Runs once for each object of a kind that the kernel has: task, task_file, bpf_map ...; ctx is the object.',
    example: 'iter:task { printf("%d %s\\n", ctx.task.pid, ctx.task.comm); }',
  },
  probeType: 'iter',
  syntax,
  listed: true,
  space: 'kernel',
  standsAlone: true,
  parse(args, report) {
    if (!hasPartCount(args, [1, 2], syntax, report)) return undefined;
    const [kind, path] = args.parts;
    if (kind === undefined) return undefined;
    if (glob(kind.text).hasWildcard) {
      report.error('iter-wildcard', kind.span, 'An iterator goes through objects of one kind: no wildcards here', {
        hint: "-l 'iter:*' lists the kinds.",
      });
      return undefined;
    }
    if (wantMap.includes(kind.text)) {
      report.error('iter-needs-map', kind.span, `${kind.text} goes through one map, which cannot be named here`, {
        hint: 'for ($kv : @map) { } goes through a map of the script.',
      });
      return undefined;
    }
    if (path !== undefined && path.text === '') {
      report.error('iter-path', path.span, 'The path that the iterator is pinned to is missing');
      return undefined;
    }
    return { parts: [kind.text, ...(path === undefined ? [] : [path.text])], hasWildcard: false };
  },
  match(pattern, world) {
    const [kind = ''] = pattern.parts;
    if (world.kernelTypes()?.find('struct', prefix + kind) === undefined) return [];
    return [{ name: ['iter', ...pattern.parts].join(':'), parts: pattern.parts }];
  },
  explainMissing(pattern, world) {
    const [kind = ''] = pattern.parts;
    const none = whyNone(world);
    if (none !== undefined) return none;
    const kinds = kindsOf(world);
    const near = closest(kind, kinds);
    return {
      message: `This kernel has no iterator over '${kind}'`,
      hint: near === undefined ? `It has ${kinds.join(', ')}.` : `Did you mean iter:${near}?`,
    };
  },
  whyNone,
  shape: (targets, _usage, world) =>
    targets.map((target) => {
      const [kind = '', path] = target.parts;
      const fields = world.kernelTypes()?.fields(prefix + kind) ?? [];
      const objects = fields.filter((field) => field.name !== meta && field.type.kind === 'pointer');
      return {
        type: 'tracing',
        section: `iter/${kind}`,
        context: { by: 'iterator', struct: prefix + kind, objectWords: objects.map((field) => field.offset / 8) },
        attach: {
          kind: 'iterator',
          over: kind === 'cgroup' ? 'cgroups' : fields.some((field) => field.name === 'task') ? 'tasks' : 'other',
          ...(path === undefined ? {} : { pin: path.startsWith('/') ? path : `${bpfFileSystem}/${path}` }),
        },
        targets: [target],
        args: undefined,
        select: { by: 'none' },
        filtersPid: false,
      };
    }),
  list(parts, world): readonly ListedProbe[] {
    const wanted = glob(parts[0] ?? '*');
    return kindsOf(world)
      .filter((kind) => wanted.matches(kind))
      .map((kind) => ({ line: `iter:${kind}`, details: () => membersOf(kind, world) }));
  },
};

function kindsOf(world: World): readonly string[] {
  const names = [...(world.kernelTypes()?.namesStartingWith(prefix) ?? [])];
  const kinds = names.filter((name) => !name.endsWith(suffix)).map((name) => name.slice(prefix.length));
  return kinds.filter((kind) => kind !== '').sort();
}

function whyNone(world: World): Explanation | undefined {
  if (kindsOf(world).length > 0) return undefined;
  return {
    message: 'This kernel tells of no iterators',
    hint: 'Iterators came with Linux 5.8 and need the types of the kernel (CONFIG_DEBUG_INFO_BTF).',
  };
}

/** As C declares them, without the number of the object. */
function membersOf(kind: string, world: World): readonly string[] {
  const all = world.kernelTypes()?.declarations(prefix + kind) ?? [];
  return all.filter((declaration) => !declaration.endsWith(` ${meta}`));
}

/** A pinned program goes on working when the tool has ended: nobody reads its events then. */
export function outlivesRun(spec: AttachSpec): boolean {
  return spec.kind === 'iterator' && spec.pin !== undefined;
}
