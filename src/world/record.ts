/**
 * Records a machine: HostFiles that hands everything it reads to a sink as well, so that the same questions can be asked
 * again elsewhere (`hostFilesUnder(DIR)`), in a test or by whoever investigates a report.
 */
import type { HostFiles } from './host-files.ts';

/** Receives absolute paths of the recorded machine. The command line writes them below a directory. */
export interface RecordSink {
  file(path: string, bytes: Uint8Array): void;
  directory(path: string): void;
}

export interface RecordOptions {
  /**
   * Recorded in place of kernel BTF, which is megabytes for the few types a script uses (fixtures take BTF compiled from
   * test/fixtures/hosts/kernel.c). Without it the real one is recorded.
   */
  readonly kernelBtf?: Uint8Array;
}

/**
 * Behaves as `files` does. A listed directory is recorded with its subdirectories, empty until something in them is read;
 * of files only those that were read are recorded. Inode numbers are not kept, so cgroup ids differ in a recording.
 */
export function recordHostFiles(files: HostFiles, sink: RecordSink, options: RecordOptions = {}): HostFiles {
  const recorded = new Set<string>();
  const first = (path: string): boolean => {
    const isNew = !recorded.has(path);
    recorded.add(path);
    return isNew;
  };
  const recordDirectory = (path: string): void => {
    if (first(path)) sink.directory(path);
  };
  return {
    read: (path) => {
      const bytes = files.read(path);
      if (bytes !== undefined && first(path)) {
        // Modules' BTF means nothing over another vmlinux than theirs.
        const isKernel = path === '/sys/kernel/btf/vmlinux';
        const isModule = path.startsWith('/sys/kernel/btf/') && !isKernel;
        if (options.kernelBtf === undefined || !isModule) sink.file(path, (isKernel && options.kernelBtf) || bytes);
      }
      return bytes;
    },
    list: (path) => {
      const names = files.list(path);
      if (names === undefined) return undefined;
      recordDirectory(path);
      for (const name of names) {
        const child = `${path.replace(/\/$/, '')}/${name}`;
        if (files.stat(child)?.kind === 'directory') recordDirectory(child);
      }
      return names;
    },
    stat: (path) => {
      const stat = files.stat(path);
      if (stat?.kind === 'directory') recordDirectory(path);
      return stat;
    },
  };
}
