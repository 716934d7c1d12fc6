/**
 * Failures that programs counted in `eb_sites`, one slot per place of the script and CPU. Each report tells what was
 * added since the last one, so nothing is lost silently and nothing is told twice.
 */
import type { Diagnostic } from '../grammar/diagnostic.ts';
import type { SourceText, Span } from '../grammar/source.ts';
import type { SitePlan } from '../src/program/program.ts';
import type { BpfMap } from './bpf.ts';
import type { Output, Place, RuntimeRemark } from './output/output.ts';
import { siteMessage } from './site-messages.ts';

/** `none`: --no-warnings; `all`: -k. Lost events are reported in any case. */
export type Warnings = 'none' | 'default' | 'all';

export interface SiteReporting {
  readonly sites: readonly SitePlan[];
  /** `eb_sites`; not asked for when the program has no sites. */
  readonly map: () => BpfMap;
  readonly source: SourceText;
  readonly warnings: Warnings;
  readonly errorText: (errno: number) => string;
  readonly output: Pick<Output, 'lostEvents' | 'totalLostEvents' | 'warning'>;
}

export interface SiteReporter {
  /** Reports what is new. */
  report(): void;
  /** The sum of lost events, at the end. */
  reportTotal(): void;
  /** All that was reported or passed over so far, by the index of the site. */
  totals(): readonly bigint[];
}

/** `struct eb_site` of bpf-helpers/ebtrace.h: {u64 count; s64 code}. */
const CODE_OFFSET = 8;

export function siteReporter(reporting: SiteReporting): SiteReporter {
  const { sites, output } = reporting;
  const told = sites.map(() => 0n);
  let lost = 0n;
  return {
    report: () => {
      if (sites.length === 0) return;
      let newlyLost = 0n;
      const map = reporting.map();
      const { count, keys, values } = map.entries();
      const keyView = new DataView(keys.buffer, keys.byteOffset, keys.byteLength);
      const valueView = new DataView(values.buffer, values.byteOffset, values.byteLength);
      for (let i = 0; i < count; i++) {
        const index = keyView.getUint32(i * map.keySize, true);
        const site = sites[index];
        if (site === undefined) continue;
        const { total, code } = sumOfCpus(valueView, i * map.valueSize * map.copies, map);
        const added = total - (told[index] ?? 0n);
        if (added <= 0n) continue;
        told[index] = total;
        if (site.kind === 'lost-event') newlyLost += added;
        else if (isWanted(site, reporting.warnings)) output.warning(remark(site, added, code, reporting));
      }
      lost += newlyLost;
      if (newlyLost > 0n) output.lostEvents(newlyLost, lost);
    },
    reportTotal: () => {
      if (lost > 0n) output.totalLostEvents(lost);
    },
    totals: () => [...told],
  };
}

function isWanted(site: SitePlan, warnings: Warnings): boolean {
  return warnings === 'all' || (warnings === 'default' && !site.onlyWithK);
}

function sumOfCpus(view: DataView, offset: number, map: BpfMap): { readonly total: bigint; readonly code: number } {
  let total = 0n;
  let code = 0;
  for (let copy = 0; copy < map.copies; copy++) {
    const at = offset + copy * map.valueSize;
    const count = view.getBigUint64(at, true);
    // An int: that of map operations is not widened before Linux 6.4.
    if (count > 0n) code = view.getInt32(at + CODE_OFFSET, true);
    total += count;
  }
  return { total, code };
}

function remark(site: SitePlan, count: bigint, returnCode: number, reporting: SiteReporting): RuntimeRemark {
  const found = siteMessage(site, returnCode, reporting.errorText);
  if (found === undefined) throw new Error(`no message for a site of kind ${site.kind}`);
  const helper = site.helper?.replace(/^bpf_/, '');
  const times = count > 1n ? ` (${count} times)` : '';
  const details = helper === undefined ? '' : `\nAdditional Info - helper: ${helper}, retcode: ${returnCode}`;
  const diagnostic: Diagnostic = {
    severity: 'warning',
    code: site.kind,
    message: `${found.message}${times}${details}`,
    span: site.span,
    ...(site.expansions === undefined ? {} : { expansions: site.expansions }),
    ...(found.hint === undefined ? {} : { hint: found.hint }),
  };
  return {
    type: found.type,
    message: found.message,
    helper,
    returnCode,
    count,
    place: placeOf(reporting.source, site.span),
    diagnostic,
  };
}

/** Line and columns of a span in its file; a span of several lines ends with its first. */
export function placeOf(source: SourceText, span: Span): Place {
  const start = source.position(span.start);
  const end = source.position(span.end);
  const endColumn = end.line === start.line ? end.column : source.line(start.line).length + 1;
  const { file, line, column } = source.locate(span.start);
  return { file, line, column, endColumn };
}
