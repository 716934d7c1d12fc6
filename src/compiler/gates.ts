/** Features of the language that may still change: each has a config option that opens, warns or refuses (section 11). */
import type { Span } from '../../grammar/source.ts';
import type { OptionName } from '../config/options.ts';
import type { CheckContext } from './check-context.ts';

type Gate = Extract<OptionName, `unstable_${string}`>;

/** False (and reported) when the option says that the feature is not to be used; `warn` is said once a script. */
export function isGateOpen(cx: Pick<CheckContext, 'config' | 'report'>, gate: Gate, span: Span): boolean {
  const feature = gate.slice('unstable_'.length);
  switch (cx.config[gate]) {
    case 'enable':
      return true;
    case 'warn':
      cx.report.warning('unstable-feature', undefined, `the script uses ${feature}, which may still change`, {
        hint: `config = { ${gate} = enable } says that this is known`,
      });
      return true;
    default:
      cx.report.error('feature-disabled', span, `${feature} may still change, and using it is not allowed here`, {
        hint: `allow it with config = { ${gate} = enable }`,
      });
      return false;
  }
}
