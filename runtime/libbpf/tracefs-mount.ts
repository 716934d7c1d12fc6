/**
 * tracefs for this process alone, where the kernel has it and nobody mounted it: a detached mount (fsopen(2) family,
 * 5.2) that is reached through its descriptor. No other process sees it and it is gone when we are.
 */
import { RuntimeFailure } from '../bpf.ts';
import { native } from './native.ts';

const FSOPEN_CLOEXEC = 1;
const FSCONFIG_CMD_CREATE = 6;
const FSMOUNT_CLOEXEC = 1;

const byHand = 'mount it by hand: mount -t tracefs tracefs /sys/kernel/tracing';

/** Path of a freshly mounted tracefs. Throws RuntimeFailure. The mount lives until the process ends. */
export function mountTracefs(): string {
  const c = native();
  const type = c.allocateText('tracefs');
  const context = c.call('fsopen', type.address, FSOPEN_CLOEXEC);
  type.free();
  if (context < 0) throw failure('open', -context);
  const created = c.call('fsconfig', context, FSCONFIG_CMD_CREATE, 0, 0, 0);
  const mount = created < 0 ? created : c.call('fsmount', context, FSMOUNT_CLOEXEC, 0);
  c.close(context);
  if (mount < 0) throw failure('mount', -mount);
  return `/proc/self/fd/${mount}`;
}

/** ENODEV: the kernel has no tracefs; EPERM: we may not mount; ENOSYS: before 5.2. */
function failure(verb: string, errno: number): RuntimeFailure {
  const hint =
    errno === 19
      ? 'this kernel was built without tracefs (CONFIG_FTRACE), so it has no tracepoints to list'
      : errno === 1
        ? `mounting needs root (CAP_SYS_ADMIN); or ${byHand}`
        : byHand;
  return new RuntimeFailure(`cannot ${verb} tracefs: ${native().errorText(errno)}`, { errno, hint });
}
