import { HISTORY_RANGES, type HistoryRange } from '@modelpier/backstage-plugin-modelpier-common';
import { useSearchParams } from 'react-router-dom';

const PARAMETER = 'range';
const DEFAULT: HistoryRange = 'week';

/** How far back the reader looks; it stands in the address. */
export function useHistoryRange(): readonly [HistoryRange, (range: HistoryRange) => void] {
  const [parameters, setParameters] = useSearchParams();
  const range = HISTORY_RANGES.find(each => each === parameters.get(PARAMETER)) ?? DEFAULT;
  const choose = (chosen: HistoryRange) =>
    setParameters(
      previous => {
        const next = new URLSearchParams(previous);
        next.set(PARAMETER, chosen);
        return next;
      },
      { replace: true },
    );
  return [range, choose];
}
